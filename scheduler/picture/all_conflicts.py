"""All pairs that conflict, beside the edges: the DAG leaves out those that a path implies.

A hundred transactions that write one account have 99 edges and 4,950 conflicting pairs. So the
pairs are never listed to be counted: a row of them is a bit for each earlier transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..access import CONFLICTING, AccessLists
from ..flat_keys import flattened
from ..precedence import Precedence

# A row has a bit for every earlier transaction, and so has each account that several lock.
TRANSACTIONS_COUNTED_MAX: Final = 20_000


class Pairs(NamedTuple):
    """Conflicting pairs: uint32[k, 2] (earlier, later), by the later one; `total` of the block."""

    listed: NDArray[np.uint32]
    total: int


def count_conflicts(access: AccessLists) -> int | None:
    """How many pairs conflict; None above TRANSACTIONS_COUNTED_MAX transactions."""
    if len(access) > TRANSACTIONS_COUNTED_MAX:
        return None
    return sum(row.bit_count() for row in earlier_conflicts(access))


def list_conflicts(access: AccessLists, limit: int) -> Pairs:
    """The first `limit` conflicting pairs, and how many there are.

    Raises ValueError above TRANSACTIONS_COUNTED_MAX transactions.
    """
    parts: list[NDArray[np.uint32]] = []
    total = listed = 0
    for later, row in enumerate(earlier_conflicts(access)):
        count = row.bit_count()
        if count and listed < limit:
            earlier = _positions(row, later)[: limit - listed]
            parts.append(np.stack((earlier, np.full_like(earlier, later)), axis=1))
            listed += len(earlier)
        total += count
    empty = np.zeros((0, 2), np.uint32)
    return Pairs(np.concatenate([empty, *parts]).astype(np.uint32), total)


def earlier_conflicts(access: AccessLists) -> Iterator[int]:
    """For each transaction, bits: which earlier ones conflict with it. O(accesses × n / 64).

    Raises ValueError above TRANSACTIONS_COUNTED_MAX transactions.
    """
    if len(access) > TRANSACTIONS_COUNTED_MAX:
        raise ValueError(
            f"{len(access):,} transactions: pairs are counted up to {TRANSACTIONS_COUNTED_MAX:,}"
        )
    return _rows(flattened(access))


def _rows(access: AccessLists) -> Iterator[int]:
    locks = np.bincount(access.accounts, minlength=access.account_count)
    is_shared = (locks > 1)[access.accounts]
    shared = np.flatnonzero(is_shared)
    accounts: list[int] = access.accounts[shared].tolist()
    kinds: list[int] = access.kinds_of(shared).tolist()
    kept = np.concatenate(([0], np.cumsum(is_shared)))
    bounds: list[int] = kept[access.offsets].tolist()
    # By kind of access and account: which transactions, so far, access it in that way.
    so_far: list[dict[int, int]] = [{} for _ in CONFLICTING]
    for position, (start, end) in enumerate(pairwise(bounds)):
        own = list(zip(accounts[start:end], kinds[start:end], strict=True))
        row = 0
        for account, kind in own:
            for other in CONFLICTING[kind]:
                row |= so_far[other].get(account, 0)
        yield row
        for account, kind in own:
            so_far[kind][account] = so_far[kind].get(account, 0) | 1 << position


def _positions(row: int, below: int) -> NDArray[np.uint32]:
    return np.flatnonzero(_bits(row, below)).astype(np.uint32)


def _bits(row: int, below: int) -> NDArray[np.uint8]:
    """uint8[below]: the bits of a row of so many transactions."""
    packed = np.frombuffer(row.to_bytes((below + 7) // 8, "little"), np.uint8)
    return np.unpackbits(packed, count=below, bitorder="little")


def conflict_grid(access: AccessLists, cells: int) -> NDArray[np.int64]:
    """int64[cells, cells]: how many conflicting pairs fall into each cell; [later, earlier].

    Transaction p falls into cell p × cells // n. Raises ValueError above
    TRANSACTIONS_COUNTED_MAX transactions.
    """
    count = len(access)
    grid = np.zeros((cells, cells), np.int64)
    cell_of = cells_of(count, cells)
    for later, row in enumerate(earlier_conflicts(access)):
        if row:
            earlier = cell_of[_positions(row, later)]
            grid[cell_of[later]] += np.bincount(earlier, minlength=cells)
    return grid


def edge_grid(order: Precedence, cells: int) -> NDArray[np.int64]:
    """int64[cells, cells]: how many edges fall into each cell; [earlier, later].

    An edge that several joins stand for counts for each of them.
    """
    cell_of = cells_of(order.transactions, cells)
    places = cell_of[order.direct[:, 0]] * cells + cell_of[order.direct[:, 1]]
    grid = np.bincount(places, minlength=cells * cells).reshape(cells, cells)
    for earlier, later in order.joins:
        counts = (np.bincount(cell_of[ends], minlength=cells) for ends in (earlier, later))
        grid += np.outer(*counts)
    return grid


def cells_of(transactions: int, cells: int) -> NDArray[np.int64]:
    """int64[transactions]: the cell that each position falls into."""
    return np.arange(transactions, dtype=np.int64) * cells // max(1, transactions)
