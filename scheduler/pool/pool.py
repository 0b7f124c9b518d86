"""A pool: transactions to choose from, in the order in which they are to be chosen.

A *rank* is a place in that order, 0 first. Schedulers deal in ranks alone; `positions` leads back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from ..access import CONFLICTING, WRITE, AccessLists
from ..flat_keys import flattened
from ..precedence import Precedence

KINDS: Final = 3


@dataclass(frozen=True, repr=False)
class Pool:
    """`positions` by rank. `locks` by rank: each is KINDS × an account id + its kind.

    Accounts that order nothing are left out of `locks`: they are locked once, or shared by all.
    `access` and `costs` by rank. Accounts of a hierarchy are locked by their flat keys.
    """

    access: AccessLists
    positions: list[int]
    costs: list[int]
    locks: list[list[int]]

    def __len__(self) -> int:
        """The number of transactions."""
        return len(self.positions)

    def __repr__(self) -> str:
        return f"<Pool of {len(self):,} transactions>"

    @classmethod
    def ordered(
        cls,
        access: AccessLists,
        costs: Sequence[int],
        priorities: Sequence[int],
        *,
        newest_first: bool = False,
    ) -> Self:
        """The highest priority first; of equals the earlier in the file, or the later."""
        arrived = range(len(access))
        by_age = reversed(arrived) if newest_first else arrived
        # Sorting is stable, also in reverse: equals stay in the order of their age.
        order = sorted(by_age, key=priorities.__getitem__, reverse=True)
        by_rank = _reordered(flattened(access), order)
        return cls(by_rank, order, [costs[position] for position in order], _locks_of(by_rank))

    @property
    def lock_count(self) -> int:
        """One more than the highest lock."""
        return KINDS * self.access.account_count

    @cached_property
    def conflicts(self) -> list[list[int]]:
        """By rank: which locks of others in the pool cannot be held beside its own."""
        existing = dict.fromkeys(chain.from_iterable(self.locks))
        beside = {
            lock: [other for other in conflicting(lock) if other in existing] for lock in existing
        }
        return [
            beside[locks[0]] if len(locks) == 1 else [o for lock in locks for o in beside[lock]]
            for locks in self.locks
        ]

    @cached_property
    def ranks(self) -> dict[int, list[int]]:
        """By lock: who needs it, ascending."""
        ranks: dict[int, list[int]] = {}
        for rank, locks in enumerate(self.locks):
            for lock in locks:
                ranks.setdefault(lock, []).append(rank)
        return ranks

    @cached_property
    def precedence(self) -> Precedence:
        """Who waits for whom in the DAG that this order makes, by rank."""
        return Precedence.of(self.access)


def conflicting(lock: int) -> tuple[int, ...]:
    """The locks that cannot be held beside this one, of the same account."""
    kind = lock % KINDS
    account = lock - kind
    return tuple(account + other for other in CONFLICTING[kind])


def _reordered(access: AccessLists, order: list[int]) -> AccessLists:
    """The same transactions in another order."""
    if order == list(range(len(order))):
        return access
    counts = np.diff(access.offsets)[order]
    offsets = np.concatenate(([0], np.cumsum(counts)))
    shifts = access.offsets[:-1][order] - offsets[:-1]
    rows: NDArray[np.int64] = np.arange(int(offsets[-1])) + np.repeat(shifts, counts)
    return AccessLists(
        offsets,
        access.accounts[rows],
        access.writes[rows],
        access.account_count,
        None if access.adds is None else access.adds[rows],
    )


def _locks_of(access: AccessLists) -> list[list[int]]:
    accounts = access.accounts.astype(np.int64)
    kinds = access.kinds_of(slice(None))
    by_kind = np.bincount(accounts * KINDS + kinds, minlength=KINDS * access.account_count)
    counts = by_kind.reshape(-1, KINDS)
    lone = (counts[:, WRITE] == 0) & (np.count_nonzero(counts, axis=1) == 1)
    orders = ~lone & (counts.sum(axis=1) > 1)
    kept = orders[accounts]
    locks: list[int] = (accounts * KINDS + kinds)[kept].tolist()
    bounds: list[int] = np.concatenate(([0], np.cumsum(kept)))[access.offsets].tolist()
    return [locks[start:stop] for start, stop in pairwise(bounds)]
