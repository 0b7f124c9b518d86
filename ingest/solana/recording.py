"""A recorded Solana block behind the interface of all chains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from ...signatures.block_signatures import BlockSignatures
from ..building.account_names import AccountNames
from ..building.recording import Described, Recording
from .recorded import RecordedBlock

SOLANA: Final = "solana"


@dataclass(frozen=True, eq=False)
class SolanaRecording(Recording):
    """`block`: what was recorded, as columns."""

    chain: ClassVar[str] = SOLANA

    block: RecordedBlock

    @property
    def slot(self) -> int | None:
        return self.block.header.slot

    @property
    def height(self) -> int | None:
        return self.block.header.block_height

    @property
    def ids(self) -> Sequence[str]:
        return self.block.ids

    @property
    def names(self) -> Sequence[str]:
        return AccountNames(self.block.keys, {})

    def signatures(self) -> BlockSignatures:
        from .signed_messages import block_signatures

        return block_signatures(self.block)

    def describe(self, labels: Mapping[str, str]) -> Described:
        from .described import described

        return described(self.block, labels)
