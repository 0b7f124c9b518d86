"""A block of Sei in the terms of the scheduler: accesses to paths, gas, messages as calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ...primitives import Pubkey
from ...primitives.cost_note import CostNote, notes_on_gaps, without_gaps
from ...primitives.lazy_sequence import LazySequence
from ...runtime import Block
from ...runtime.block.block import NO_PAYER, InstructionColumns
from ...scheduler import AccessLists
from ...scheduler.schedule.about import About
from ...scheduler.schedule.belonging import Belonging
from ...scheduler.schedule.calls import Calls
from ...scheduler.schedule.left_out import PROGRAM
from ..building.recording import Described, Select
from .block import SeiBlock
from .paths import PathColumns


class PathKeys(LazySequence[Pubkey]):
    """The keys of paths, derived from their names when they are asked for."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names

    def __len__(self) -> int:
        return len(self._names)

    def item(self, index: int) -> Pubkey:
        return Pubkey.of(f"sei path {self._names[index]}")


def described(block: SeiBlock, columns: PathColumns, labels: Mapping[str, str]) -> Described:
    """The block to plan. `labels`: what people call paths and packages of messages, by name."""
    access = columns.access()
    calls = _calls(block)
    about = _about(block, access, columns.names, calls, labels)
    return Described(
        block=_planned(block, access, columns.names),
        about=about,
        select=_select(calls, labels),
        notes=(*block.notes, *_notes_on_gas(block)),
    )


def _planned(block: SeiBlock, access: AccessLists, names: Sequence[str]) -> Block:
    count = len(block.transactions)
    return Block(
        ids=block.ids,
        keys=PathKeys(names),
        access=access,
        payers=np.full(count, NO_PAYER, dtype=np.int64),
        fees=np.zeros(count, dtype=np.uint64),
        costs=np.array(without_gaps([each.gas for each in block.transactions]), dtype=np.int64),
        instructions=InstructionColumns.none(count),
        program_ids=(),
    )


def _notes_on_gas(block: SeiBlock) -> Iterator[CostNote]:
    missing = sum(each.gas is None for each in block.transactions)
    return notes_on_gaps("no gas is recorded", missing, len(block.transactions))


def _about(
    block: SeiBlock,
    access: AccessLists,
    names: Sequence[str],
    calls: Calls,
    labels: Mapping[str, str],
) -> About:
    count = len(block.transactions)
    payers = np.full(count, NO_PAYER, dtype=np.int64)
    return About(
        payers=payers,
        priorities=np.zeros(count, dtype=np.int64),
        own_cost=np.array([each.gas is not None for each in block.transactions], dtype=np.bool_),
        is_vote=np.zeros(count, dtype=np.bool_),
        failed=None,
        called=calls,
        accounts=Belonging(names, access, payers, calls, labels),
    )


def _calls(block: SeiBlock) -> Calls:
    """Messages as calls: `MsgSend` of the package `cosmos.bank.v1beta1`."""
    packages: dict[str, int] = {}
    offsets, called, names = [0], list[int](), list[str]()
    for transaction in block.transactions:
        for message in transaction.messages:
            if message.key:
                package = message.key.rpartition(".")[0] or message.key
                called.append(packages.setdefault(package, len(packages)))
                names.append(message.key)
        offsets.append(len(names))
    return Calls.of(
        np.array(offsets, dtype=np.int64),
        np.array(called, dtype=np.uint32),
        tuple(packages),
        tuple(names),
    )


def _select(calls: Calls, labels: Mapping[str, str]) -> Select:
    """Selects by `program:PACKAGE`, or by its label. There are no votes."""

    def select(word: str) -> NDArray[np.bool_] | None:
        if not word.startswith(PROGRAM):
            return np.zeros(len(calls.offsets) - 1, dtype=np.bool_)
        name = word.removeprefix(PROGRAM)
        labelled = [each for each, label in labels.items() if label == name]
        for each in (name, *labelled):
            found = calls.calling(each)
            if found.any():
                return found
        return None

    return select
