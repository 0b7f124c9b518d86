"""Finds transactions of one shape in a block, which may be executed as one group.

Two transactions have the same shape if each is a single call of the same program, with the same
number of accounts, the same length of data, the same rights for each account, and the fee payer
in the same place. A transaction that names an account twice, or locks too many, has no shape.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..columns.ragged import rows_of
from .limits import ACCOUNT_LOCKS_MAX

SHAPE_ACCOUNTS_MAX: Final = 16
NO_SHAPE: Final = -1
NO_PAYER_COLUMN: Final = -1
_DATA_LEN_MAX: Final = (1 << 16) - 1
_PROGRAMS_MAX: Final = 1 << 24
_FLAG_BITS: Final = 3  # SIGNER, WRITABLE, ADDS
_FLAGS: Final = (1 << _FLAG_BITS) - 1


class Shape(NamedTuple):
    """What the transactions of one shape have in common.

    `program`: index into the block's program ids. `flags`: SIGNER, WRITABLE, ADDS of each account.
    `payer_column`: the payer's place among the accounts, `account_count` if it is not one of them,
    NO_PAYER_COLUMN if there is no payer.
    """

    program: int
    account_count: int
    data_len: int
    flags: tuple[int, ...]
    payer_column: int


@dataclass(frozen=True, slots=True)
class Shapes:
    """`of` int32[n]: the shape of each transaction, an index into `table`, or NO_SHAPE."""

    of: NDArray[np.int32]
    table: tuple[Shape, ...]


def find_shapes(
    offsets: NDArray[np.int64],
    programs: NDArray[np.uint32],
    account_offsets: NDArray[np.int64],
    accounts: NDArray[np.uint32],
    account_flags: NDArray[np.uint8],
    data_offsets: NDArray[np.int64],
    payers: NDArray[np.int64],
    lock_offsets: NDArray[np.int64],
) -> Shapes:
    """Find the shapes of a block, from its instruction columns, payers and locks."""
    of = np.full(len(payers), NO_SHAPE, dtype=np.int32)
    table: list[Shape] = []
    # A transaction with too many locks fails, so it has no shape. `<`: its program is a key, too.
    single = np.flatnonzero((np.diff(offsets) == 1) & (np.diff(lock_offsets) < ACCOUNT_LOCKS_MAX))
    calls = offsets[single]
    account_counts = np.diff(account_offsets)[calls]
    data_lens = np.diff(data_offsets)[calls]
    called = programs[calls].astype(np.int64)
    usable = (account_counts >= 1) & (account_counts <= SHAPE_ACCOUNTS_MAX)
    usable &= (data_lens <= _DATA_LEN_MAX) & (called < _PROGRAMS_MAX)
    single, calls = single[usable], calls[usable]
    outer = (called << 24 | account_counts << 16 | data_lens)[usable]
    for key, members in _groups(outer):
        count = int(key >> 16 & 0xFF)
        positions, starts = single[members], account_offsets[calls[members]]
        inner, distinct = _inner_key(
            rows_of(accounts, starts, count),
            rows_of(account_flags, starts, count),
            payers[positions],
        )
        positions, inner = positions[distinct], inner[distinct]
        for inner_key, alike in _groups(inner):
            of[positions[alike]] = len(table)
            flags = tuple(int(inner_key >> _FLAG_BITS * i & _FLAGS) for i in range(count))
            payer_column = int(inner_key >> _FLAG_BITS * SHAPE_ACCOUNTS_MAX) - 1
            table.append(Shape(int(key >> 24), count, int(key & 0xFFFF), flags, payer_column))
    return Shapes(of, tuple(table))


def _groups(keys: NDArray[np.int64]) -> list[tuple[int, NDArray[np.int64]]]:
    """Each distinct key, ascending, with the indexes at which it occurs, ascending."""
    if not len(keys):
        return []
    if (keys == keys[0]).all():
        return [(int(keys[0]), np.arange(len(keys)))]
    order = np.argsort(keys, kind="stable")
    bounds = np.flatnonzero(np.diff(keys[order])) + 1
    return [(int(keys[part[0]]), part) for part in np.split(order, bounds)]


def _inner_key(
    accounts: NDArray[np.uint32], flags: NDArray[np.uint8], payers: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Flags and payer column packed into one integer, and whether all accounts are distinct."""
    count = accounts.shape[1]
    key = np.zeros(len(accounts), dtype=np.int64)
    distinct = np.ones(len(accounts), dtype=np.bool_)
    payer_column = np.where(payers < 0, NO_PAYER_COLUMN, count)
    for column in range(count):
        key |= flags[:, column].astype(np.int64) << _FLAG_BITS * column
        payer_column[accounts[:, column] == payers] = column
        for other in range(column):
            distinct &= accounts[:, column] != accounts[:, other]
    return key | (payer_column + 1) << _FLAG_BITS * SHAPE_ACCOUNTS_MAX, distinct
