"""A recorded block of Ethereum behind the interface of all chains."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Final

from ....signatures.block_signatures import BlockSignatures
from ...building.recording import Described, Recording
from ..columns import EthereumColumns, Granularity, access_columns
from ..model import EthereumBlock
from ..signed import SignedBy, block_signatures
from ..transaction_ids import transaction_ids

ETHEREUM: Final = "ethereum"


@dataclass(frozen=True, eq=False)
class EthereumRecording(Recording):
    """`read`: reads the block when it is first asked for, so that one case of a file that breaks a
    rule does not hide the others. `name`: the case's. `granularity`: what counts as one account.
    """

    chain: ClassVar[str] = ETHEREUM

    read: Callable[[], EthereumBlock]
    name: str | None = None
    granularity: Granularity = Granularity.SLOT

    @cached_property
    def block(self) -> EthereumBlock:
        """What is known of the block. Raises InputError for a malformed one."""
        return self.read()

    @property
    def case(self) -> str | None:
        return self.name

    @property
    def height(self) -> int | None:
        return self.block.number

    @property
    def ids(self) -> Sequence[str]:
        return transaction_ids(self.block)

    @property
    def names(self) -> Sequence[str]:
        return self._columns.names

    def signatures(self) -> BlockSignatures:
        block = self.block
        told = zip(self.ids, block.facts, strict=True)
        signed = [SignedBy(name, facts.sender, facts.signed) for name, facts in told]
        return block_signatures(signed, block.number)

    def describe(self, labels: Mapping[str, str]) -> Described:
        from .described import described

        return described(self.block, self._columns, labels)

    @cached_property
    def _columns(self) -> EthereumColumns:
        return access_columns(self.block, self.granularity)
