"""An oracle for PackScheduler: every microblock looks at all that are available, one after another.

Holds it to the transactions of each microblock. Takes from the code under test only what a pool
and its limits are; conflicts are worked out from the access lists.
"""

from __future__ import annotations

from sealane.scheduler.access import ADD, WRITE
from sealane.scheduler.pool import PackLimits, Pool


class LiteralPack:
    def __init__(self, pool: Pool, banks: int, limits: PackLimits) -> None:
        self.pool, self.limits = pool, limits
        self.available: set[int] = set()
        self.held_back: dict[int, set[int]] = {}
        self.running: list[tuple[int, ...]] = [()] * banks
        self.cost = 0
        self.costs: dict[int, int] = {}

    def kinds(self, rank: int) -> dict[int, int]:
        """By account, save those that order nothing."""
        kept = {lock // 3 for lock in self.pool.locks[rank]}
        rows = slice(*self.pool.access.offsets[rank : rank + 2].tolist())
        accounts: list[int] = self.pool.access.accounts[rows].tolist()
        kinds: list[int] = self.pool.access.kinds_of(rows).tolist()
        pairs = zip(accounts, kinds, strict=True)
        return {account: kind for account, kind in pairs if account in kept}

    def conflict(self, one: int, other: int) -> bool:
        mine, theirs = self.kinds(one), self.kinds(other)
        shared = mine.keys() & theirs.keys()
        return any(mine[each] != theirs[each] or mine[each] == WRITE for each in shared)

    def waiting(self) -> list[int]:
        return sorted(self.available.union(*self.held_back.values()))

    def insert(self, rank: int) -> None:
        needed = {
            account: sum(account in self.kinds(other) for other in self.waiting())
            for account, kind in self.kinds(rank).items()
            if kind == WRITE
        }
        most = max(needed.values(), default=0)
        if most > self.limits.penalty_free_references:
            account = next(account for account, count in needed.items() if count == most)
            self.held_back.setdefault(account, set()).add(rank)
        else:
            self.available.add(rank)

    def schedule(self, bank: int, cost_max: int, len_max: int) -> tuple[int, ...]:
        taken: list[int] = []
        for rank in sorted(self.available):
            cost = self.pool.costs[rank]
            in_use = [*taken, *(each for ranks in self.running for each in ranks)]
            written = [a for a, kind in self.kinds(rank).items() if kind in (WRITE, ADD)]
            if (
                len(taken) < len_max
                and self.cost + cost <= self.limits.block_cost
                and sum(self.pool.costs[each] for each in taken) + cost <= cost_max
                and not any(self.conflict(rank, other) for other in in_use)
                and all(
                    self.costs[account] + cost <= self.limits.account_cost
                    for account in written
                    if account in self.costs
                )
            ):
                taken.append(rank)
                self.cost += cost
                for account in written:
                    self.costs[account] = self.costs.get(account, 0) + cost
        self.available -= set(taken)
        self.running[bank] = tuple(taken)
        return self.running[bank]

    def complete(self, bank: int) -> None:
        done, self.running[bank] = self.running[bank], ()
        seen: set[int] = set()
        used = {account for ranks in self.running for rank in ranks for account in self.kinds(rank)}
        for rank in done:
            freed = self.kinds(rank).keys() - seen - used
            seen |= freed
            fronts = {min(self.held_back[each]): each for each in freed if each in self.held_back}
            if fronts:
                best = min(fronts)
                account = fronts[best]
                self.available.add(best)
                self.held_back[account].discard(best)
                if not self.held_back[account]:
                    del self.held_back[account]

    def begin_block(self) -> None:
        self.cost = 0
        self.costs.clear()
        if not self.available:
            for account in list(self.held_back):
                best = min(self.held_back[account])
                self.available.add(best)
                self.held_back[account].discard(best)
                if not self.held_back[account]:
                    del self.held_back[account]
