"""Hierarchies of accounts: each one's parent, and so what lies above and below it.

`parents` int64[account_count]: the id of each account's parent, NO_PARENT for one at the top.
Guarantees: `checked_parents` lets no circle through, and no account with more than ANCESTORS_MAX
ancestors, so every walk upwards ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

NO_PARENT: Final = -1
# Edges take time by accesses × depth. Real resource trees are less than ten deep.
ANCESTORS_MAX: Final = 64
# Of all accesses, together: each is one more to sort, and to wait for. This many take 900 MB.
ACCESSED_ABOVE_MAX: Final = 1 << 23


def checked_parents(parents: NDArray[np.int64]) -> NDArray[np.int64]:
    """The column, read-only. Raises ValueError, naming the account, for what is no hierarchy."""
    outside = (parents < NO_PARENT) | (parents >= len(parents))
    if outside.any():
        account = int(outside.argmax())
        raise ValueError(
            f"account {account}: its parent {parents[account]} is not within 0 … {len(parents) - 1}"
        )
    above = parents
    for _ in range(ANCESTORS_MAX):
        if not (above >= 0).any():
            break
        above = _next_above(parents, above)
    if (above >= 0).any():
        account = int((above >= 0).argmax())
        raise ValueError(f"account {account}: more than {ANCESTORS_MAX} ancestors, or a circle")
    view = parents.view()
    view.setflags(write=False)
    return view


def _next_above(parents: NDArray[np.int64], above: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.where(above >= 0, parents[above], NO_PARENT)


def ancestors(parents: NDArray[np.int64] | None, account: int) -> Iterator[int]:
    """Those of one account, the nearest first; none where there is no hierarchy."""
    if parents is None:
        return
    above = int(parents[account])
    while above != NO_PARENT:
        yield above
        above = int(parents[above])


def with_descendants(
    parents: NDArray[np.int64] | None, chosen: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """bool[account_count]: the chosen accounts, and all below them."""
    if parents is None:
        return chosen
    found, above = chosen.copy(), parents
    while (above >= 0).any():
        found |= chosen[above] & (above >= 0)
        above = _next_above(parents, above)
    return found


def related(parents: NDArray[np.int64] | None, account: int, count: int) -> NDArray[np.bool_]:
    """bool[count]: this account, those above it and those below it."""
    chosen = np.zeros(count, dtype=np.bool_)
    chosen[account] = True
    found = with_descendants(parents, chosen)
    found[list(ancestors(parents, account))] = True
    return found


def nearest_among(parents: NDArray[np.int64], among: NDArray[np.bool_]) -> NDArray[np.int64]:
    """int64[account_count]: the nearest ancestor that is `among` these, or NO_PARENT."""
    nearest = parents.copy()
    while len(passed := np.flatnonzero((nearest >= 0) & ~among[nearest])):
        nearest[passed] = parents[nearest[passed]]
    return nearest


def require_few_above(parents: NDArray[np.int64], accounts: NDArray[np.integer]) -> None:
    """Bound the work of a block that accesses these accounts.

    Raises ValueError where, over all accesses, more than ACCESSED_ABOVE_MAX accounts above the
    accessed one are accessed themselves.
    """
    is_accessed = np.zeros(len(parents), dtype=np.bool_)
    is_accessed[accounts] = True
    nearest = nearest_among(parents, is_accessed)
    above_each = np.zeros(len(parents), dtype=np.int64)
    above = nearest
    while (above >= 0).any():
        above_each += above >= 0
        above = _next_above(nearest, above)
    found = int(above_each[accounts].sum())
    if found > ACCESSED_ABOVE_MAX:
        raise ValueError(
            f"{len(accounts):,} accesses lie below others {found:,} times, and the limit is "
            f"{ACCESSED_ABOVE_MAX:,}; split the block"
        )


def topmost(parents: NDArray[np.int64] | None, accounts: tuple[int, ...]) -> tuple[int, ...]:
    """Those of some accounts that are not below another of them, in their order."""
    if parents is None:
        return accounts
    among = frozenset(accounts)
    return tuple(each for each in accounts if among.isdisjoint(ancestors(parents, each)))
