"""Accounts that instructions are known to only add to, where the rule `adds` is asked for.

A program says `Credits[…]` of an account that its handler only adds to, such as the destination of
system.transfer. On Solana it is locked for writing all the same, so that is the default. With the
rule, it is locked as only added to. Guarantees: concerns accounts in a fixed place of an
instruction that lock it for writing; whoever built the instruction. Does not: make any account
writable.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from ...programs.kit import InstructionSpec, Program
from ..columns.ragged import offsets_of, rows_of
from .block import ADDS, WRITABLE
from .transaction_columns import IN_CALL, TransactionColumns


def credited_rights(
    columns: TransactionColumns, rights: NDArray[np.uint8], programs: Iterable[Program]
) -> NDArray[np.uint8]:
    """The `rights` of mentions, with ADDS where a program says so. `programs`: those that may."""
    found = [
        (index, spec)
        for index, program in enumerate(_called(columns, programs))
        if program is not None
        for spec in _longest_tags_first(program)
    ]
    if not found:
        return rights
    mentioned = np.flatnonzero(columns.mentions.places == IN_CALL)
    starts = offsets_of(columns.calls.account_counts)
    known = np.zeros(len(columns.calls.programs), dtype=np.bool_)
    rights = rights.copy()
    for index, spec in found:
        calls = _calls_of(columns, index, spec.tag, known)
        known[calls] = True
        for place in _credited(spec):
            there = calls[columns.calls.account_counts[calls] > place]
            rows = mentioned[starts[there] + place]
            rights[rows[rights[rows] & WRITABLE > 0]] |= ADDS
    return rights


def _called(columns: TransactionColumns, programs: Iterable[Program]) -> Iterator[Program | None]:
    """For each program id of the block: the program, if it credits any account."""
    by_id = {program.id: program for program in programs}
    for program_id in columns.program_ids:
        program = by_id.get(program_id)
        specs = () if program is None else program.instructions.values()
        yield program if any(next(_credited(spec), None) is not None for spec in specs) else None


def _longest_tags_first(program: Program) -> list[InstructionSpec]:
    """As Program.find_instruction looks for them."""
    return sorted(program.instructions.values(), key=lambda spec: -len(spec.tag))


def _credited(spec: InstructionSpec) -> Iterator[int]:
    """The places of the accounts that an instruction credits."""
    accounts = enumerate(spec.accounts)
    return (place for place, each in accounts if each.credits and not each.variadic)


def _calls_of(
    columns: TransactionColumns, index: int, tag: bytes, known: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """int64[·]: the calls of this program whose data begins with `tag`, without those `known`."""
    data_lens = columns.calls.data_lens
    calls = np.flatnonzero((columns.calls.programs == index) & (data_lens >= len(tag)) & ~known)
    heads = rows_of(columns.calls.data, offsets_of(data_lens)[calls], len(tag))
    return calls[(heads == np.frombuffer(tag, dtype=np.uint8)).all(axis=1)]
