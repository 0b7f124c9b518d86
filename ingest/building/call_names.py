"""Names of instructions: "token.transfer" for programs that are known here, else "PROGRAM:hex".

The hex digits are the first bytes of the data: the tag by which programs tell their instructions
apart, or what contains it. Lazy, because few commands ask, and base58 takes microseconds each.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ...primitives import Pubkey
from ...primitives.lazy_sequence import LazySequence
from ...programs import builtin_programs
from ...programs.kit import Program
from ...programs.kit.program.program_set import ProgramSet
from ...runtime.block.block import InstructionColumns
from .call_data import CallData, Parsed

_TAG_LEN: Final = 8  # Anchor's discriminator
# Of native programs: a bincode enum, whose arguments follow at once. Of SPL's: a byte.
_TAG_LENS: Final = {
    "AddressLookupTab1e1111111111111111111111111": 4,
    "BPFLoaderUpgradeab1e11111111111111111111111": 4,
    "LoaderV411111111111111111111111111111111111": 4,
    "Stake11111111111111111111111111111111111111": 4,
    "Vote111111111111111111111111111111111111111": 4,
    "TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb": 1,
    "675kPX9MHTjS2zt1qfr1NYHuzeLXfQM9H24wFSUt1Mp8": 1,
}
# Types in `jsonParsed` that do not become our name in snake case. Source: Agave's parse_system.rs.
_OTHER_NAMES: Final = {
    "advance_nonce": "advance_nonce_account",
    "withdraw_from_nonce": "withdraw_nonce_account",
    "initialize_nonce": "initialize_nonce_account",
    "authorize_nonce": "authorize_nonce_account",
    "upgrade_nonce": "upgrade_nonce_account",
}
_UNKNOWN: Final = "?"


class CallNames(LazySequence[str]):
    """The name of each of k instructions.

    `programs` uint32[k] indexes `keys` and `names`: of the programs that are called. `known`: the
    programs whose instructions have names; by default the built-in ones, found when asked for.
    """

    def __init__(
        self,
        programs: NDArray[np.uint32],
        keys: Sequence[Pubkey],
        names: Sequence[str],
        data: Sequence[CallData],
        known: ProgramSet | None = None,
    ) -> None:
        self._programs = programs
        self._keys = keys
        self._names = names
        self._data = data
        self._known = known

    def __len__(self) -> int:
        return len(self._programs)

    def item(self, index: int) -> str:
        program = int(self._programs[index])
        return instruction_name(self._names[program], self._found[program], self._data[index])

    @cached_property
    def _found(self) -> list[Program | None]:
        known = ProgramSet(builtin_programs()) if self._known is None else self._known
        return list(map(known.get, self._keys))


class ColumnData(LazySequence[bytes]):
    """The data of each instruction of a block's columns."""

    def __init__(self, columns: InstructionColumns) -> None:
        self._offsets = columns.data_offsets
        self._data = columns.data

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def item(self, index: int) -> bytes:
        return self._data[self._offsets[index] : self._offsets[index + 1]].tobytes()


def instruction_name(program: str, known: Program | None, data: CallData) -> str:
    """The name of one instruction. `program`: the name or key of its program."""
    if isinstance(data, Parsed):
        return _of_type(program, known, data.type)
    if data is None:
        return f"{program}:{_UNKNOWN}"
    spec = None if known is None else known.find_instruction(data)
    if spec is not None:
        return spec.full_name
    return f"{program}:{data[: _TAG_LENS.get(program, _TAG_LEN)].hex()}"


def _of_type(program: str, known: Program | None, kind: str) -> str:
    """The name of an instruction that the node decoded, by its type in camel case."""
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", kind).lower()
    spec = None if known is None else known.instructions.get(_OTHER_NAMES.get(snake, snake))
    return f"{program}:{kind}" if spec is None else spec.full_name
