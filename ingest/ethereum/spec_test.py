"""Reads the execution-spec tests: a state before, blocks with their access lists, the state after.

A file has cases by name, and each case has blocks, one after another from one state. Each block of
each case stands by itself, with the state before it: that of the case, and what the lists of the
accepted blocks before it change. The state after the case is expected of its last block.
A block that the test expects to be refused changes nothing that a later one could see.
Guarantees: a block is read when it is asked for, so that a broken one does not hide the others.
Source: ethereum/execution-spec-tests, blockchain tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, cast

from ...primitives import InputError
from ..files.json_values import as_list, as_object
from .access_list.from_json import access_list_of_json
from .access_list.notes import notes_on_list
from .access_list.to_block import block_of_list
from .keys import StateKey, StateValue
from .model import BlockSource, EthereumBlock, KnownState
from .spec_state import read_state
from .spec_transactions import read_header, read_withdrawals

# Keys of the states before all blocks of a case, in sum: they are held together.
STATE_KEYS_MAX: Final = 2_000_000
_REFUSAL: Final = "expectException"
_LIST: Final = "blockAccessList"
_SHOWN_LEN_MAX: Final = 200


def is_spec_test(document: object) -> bool:
    """Whether a parsed document is a file of blockchain tests."""
    if not isinstance(document, dict) or not document:
        return False
    first: object = next(iter(document.values()))  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return isinstance(first, dict) and "pre" in first and "blocks" in first


class SpecTest:
    """One case of a file, with its blocks. `name`: the case's."""

    def __init__(self, name: str, fields: Mapping[str, object]) -> None:
        self.name = name
        self._fields = fields
        self._blocks = as_list(fields.get("blocks"), f"{name}: blocks")
        if not self._blocks:
            raise InputError(f"{name}: a test without blocks")
        self._read: list[EthereumBlock | InputError] = []
        self._state: dict[StateKey, StateValue] | None = None

    def __len__(self) -> int:
        """The number of blocks."""
        return len(self._blocks)

    def name_of(self, number: int) -> str:
        """The name of a block: the case's, and behind `#` its number from 1 if there are more."""
        return self.name if len(self) == 1 else f"{self.name}#{number + 1}"

    def block(self, number: int) -> EthereumBlock:
        """A block, by its number from 0. Raises InputError, naming the case, if it is malformed or
        breaks a rule. If the test expects it to be accepted, the state after it is unknown."""
        while len(self._read) <= number:
            self._read.append(self._outcome(len(self._read)))
        found = self._read[number]
        if isinstance(found, InputError):
            raise found
        return found

    def _outcome(self, number: int) -> EthereumBlock | InputError:
        try:
            return self._next(number)
        except InputError as error:
            refusal = self._refusal(number)
            because = "" if refusal is None else f" (the test expects it to be refused: {refusal})"
            return InputError(f"{self.name_of(number)}: {error.message}{because}")

    def _next(self, number: int) -> EthereumBlock:
        place = f"blocks[{number}]"
        fields = as_object(self._blocks[number], place)
        refusal = self._refusal(number)
        state = self._state_before()
        if refusal is None:
            self._state = None  # unknown, if this block cannot be read
        pre = None if state is None else KnownState(state, is_whole=True)
        block = _read_block(as_object(fields.get("rlp_decoded", fields), place), place, pre)
        if refusal is None and state is not None:
            self._state = _after(state, block)
        is_last = number == len(self) - 1
        return replace(
            block,
            case=self.name_of(number),
            refusal=refusal,
            post=self._expected() if is_last else None,
        )

    def _state_before(self) -> dict[StateKey, StateValue] | None:
        """The state before the next block; None if a block before it could not be read."""
        number = len(self._read)
        if number == 0:
            self._state = read_state(self._fields.get("pre"), "pre")
        keys = 0 if self._state is None else len(self._state)
        if keys * (number + 1) > STATE_KEYS_MAX:
            raise InputError(
                f"{keys:,} keys before {number + 1:,} blocks; {STATE_KEYS_MAX:,} in sum are read"
            )
        return self._state

    def _refusal(self, number: int) -> str | None:
        """Why the test expects a block to be refused, in the test's words; None if it does not."""
        fields = self._blocks[number]
        said = cast("dict[str, object]", fields).get(_REFUSAL) if isinstance(fields, dict) else None
        return None if said is None else str(said)[:_SHOWN_LEN_MAX]

    def _expected(self) -> KnownState | None:
        post = self._fields.get("post", self._fields.get("postState"))
        return None if post is None else KnownState(read_state(post, "post"), is_whole=True)


def spec_tests(document: object) -> list[SpecTest]:
    """The cases of a file, in its order. Raises InputError for one that is none."""
    tests = as_object(document, "the file")
    return [SpecTest(name, as_object(fields, name)) for name, fields in tests.items()]


def _read_block(fields: Mapping[str, object], place: str, pre: KnownState | None) -> EthereumBlock:
    if fields.get(_LIST) is None:
        raise InputError(
            f"{place}: no {_LIST}; blocks before the fork Amsterdam have none, name another"
        )
    found = access_list_of_json(fields[_LIST])
    block = block_of_list(found, read_header(fields, place), pre)
    return replace(
        block,
        source=BlockSource.SPEC_TEST,
        withdrawals=read_withdrawals(fields, place),
        notes=tuple(notes_on_list(block, found, counted_by_list=False)),
    )


def _after(
    state: Mapping[StateKey, StateValue], block: EthereumBlock
) -> dict[StateKey, StateValue]:
    """The state after a block, by its list."""
    after = dict(state)
    for step in (block.before, *block.steps, block.after):
        for values in (step.writes, step.adds):
            after.update((key, value) for key, value in values.items() if value is not None)
    return after
