"""Firedancer's pack: for each bank that is free, the transaction that pays best and fits.

The pool's order is that of reward by cost. What locks an account that a bank is using is passed
over, whoever conflicts with whom. To look at fewer, pack holds back most of those that write an
account which many need: one of them comes forward when the account is free again. What would cost
the block, or an account, more than a block may waits for the next block.

Source: firedancer-io/firedancer@178b48fe, src/disco/pack/fd_pack.c. Left out: votes, bundles,
data and allocation limits, expiry, pacing. Costs are not rebated after execution, so what an
account's limit keeps out stays out, without being looked at 50 times. Of several accounts that a
transaction could be held back at, it is the one that most need; upstream draws one by lot.
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heapify, heappop, heappush
from typing import Final

from ..access import READ, WRITE
from .limits import PackLimits
from .pool import KINDS, Pool
from .threads import Batch

_AWAKE: Final = -1
# The score is an integer, and equal or in order just as the fractions are: costs have 63 bits, so
# fractions that differ do so by more than 2^-126.
_SCORE_BITS: Final = 128
SIGNATURE_REWARD: Final = 2_500  # lamports: half of the fee for one signature is burned
_COST_OF_PRIORITY: Final = 1_000_000  # a priority is in lamports for so many compute units


def scores(priorities: Sequence[int], costs: Sequence[int]) -> list[int]:
    """By position, what orders a pool for PackScheduler: reward by cost, best first.

    The reward is that of one signature, and the priority for each million of cost, rounded up.
    """
    return [
        (_reward(priority, cost) << _SCORE_BITS) // max(cost, 1)
        for priority, cost in zip(priorities, costs, strict=True)
    ]


def _reward(priority: int, cost: int) -> int:
    return SIGNATURE_REWARD + -(-priority * cost // _COST_OF_PRIORITY)


class PackScheduler:
    """Fills microblocks, one for a bank at a time, of the transactions that were inserted."""

    def __init__(self, pool: Pool, banks: int, limits: PackLimits | None = None) -> None:
        self._pool = pool
        self._limits = limits or PackLimits()
        self._available: list[tuple[int, int]] = []  # a heap of (rank, lock that it slept at)
        self._asleep: dict[int, list[int]] = {}  # by the lock that was in the way
        self._held_back: dict[int, list[int]] = {}  # by account
        self._next_block: list[tuple[int, int]] = []
        self._references: dict[int, int] = {}  # by account: how many that wait need it
        self._blocked = [0] * pool.lock_count  # by lock: how many that run conflict with it
        self._users: dict[int, int] = {}  # by account: the banks that use it, a bit for each
        self._microblocks: list[tuple[int, ...]] = [()] * banks
        self._cost = 0  # of this block
        self._costs: dict[int, int] = {}  # of this block, by account that is written

    def insert(self, rank: int) -> None:
        """A transaction arrives."""
        most_needed, references_max = None, self._limits.penalty_free_references
        for lock in self._pool.locks[rank]:
            account, kind = divmod(lock, KINDS)
            references = self._references.get(account, 0)
            self._references[account] = references + 1
            if kind == WRITE and references > references_max:
                most_needed, references_max = account, references
        if most_needed is None:
            heappush(self._available, (rank, _AWAKE))
        else:
            heappush(self._held_back.setdefault(most_needed, []), rank)

    def schedule(
        self, bank: int, *, cost_max: int | None = None, len_max: int | None = None
    ) -> Batch:
        """The next microblock of a bank that has none; without transactions if none fits.

        `cost_max`: of this microblock; by default what is left of the block.
        """
        len_max = self._limits.microblock_len_max if len_max is None else len_max
        taken: list[int] = []
        later: list[int] = []
        cost = 0
        while len(taken) < len_max and (rank := self._first_available()) is not None:
            if self._cost + self._pool.costs[rank] > self._limits.block_cost:
                self._postpone(rank)
            elif cost_max is not None and cost + self._pool.costs[rank] > cost_max:
                later.append(rank)
            elif (lock := self._in_the_way(rank)) is not None:
                heappush(self._asleep.setdefault(lock, []), rank)
            elif not self._fits_accounts(rank):
                self._next_block.append((rank, _AWAKE))
            else:
                self._take(rank, bank)
                taken.append(rank)
                cost += self._pool.costs[rank]
        for rank in later:
            heappush(self._available, (rank, _AWAKE))
        self._microblocks[bank] = tuple(taken)
        return Batch(bank, tuple(taken), cost)

    def complete(self, bank: int) -> None:
        """A bank's microblock is done, if it has one: its accounts are free."""
        for rank in self._microblocks[bank]:
            for lock in self._pool.conflicts[rank]:
                self._blocked[lock] -= 1
                if not self._blocked[lock]:
                    self._wake(lock)
            freed = self._stop_using(rank, bank)
            fronts = [(self._held_back[each][0], each) for each in freed if each in self._held_back]
            if fronts:
                self._bring_forward(min(fronts)[1])
        self._microblocks[bank] = ()

    def begin_block(self) -> None:
        """Nothing runs; limits begin anew.

        Upstream, those held back at an account wait for the next transaction that uses it to be
        done. There may be none, so that one of each comes forward here if nobody else is left.
        """
        self._cost = 0
        self._costs.clear()
        self._available += self._next_block
        heapify(self._available)
        self._next_block.clear()
        if not self._available:
            for account in list(self._held_back):
                self._bring_forward(account)

    def _first_available(self) -> int | None:
        """The best that may be schedulable; those whose lock is taken again sleep on."""
        while self._available:
            rank, lock = heappop(self._available)
            if lock == _AWAKE:
                return rank
            if not self._blocked[lock]:
                self._wake(lock)
                return rank
            heappush(self._asleep[lock], rank)
        return None

    def _postpone(self, rank: int) -> None:
        """To the next block, with all others that this one has no room for.

        All at once: one by one, the end of a block would take as long as all of its beginning.
        """
        room, costs = self._limits.block_cost - self._cost, self._pool.costs
        late = [each for each in self._available if costs[each[0]] > room and each[1] == _AWAKE]
        self._next_block += [(rank, _AWAKE), *late]
        if late:
            self._available = [
                each for each in self._available if costs[each[0]] <= room or each[1] != _AWAKE
            ]
            heapify(self._available)

    def _wake(self, lock: int) -> None:
        """Wake the best that sleeps there; the next follows when this one is looked at."""
        if self._asleep.get(lock):
            heappush(self._available, (heappop(self._asleep[lock]), lock))

    def _in_the_way(self, rank: int) -> int | None:
        blocked = self._blocked
        return next((lock for lock in self._pool.locks[rank] if blocked[lock]), None)

    def _fits_accounts(self, rank: int) -> bool:
        """What was not written yet in this block is not limited: as upstream."""
        room = self._limits.account_cost - self._pool.costs[rank]
        written = (lock // KINDS for lock in self._pool.locks[rank] if lock % KINDS != READ)
        return all(self._costs[account] <= room for account in written if account in self._costs)

    def _take(self, rank: int, bank: int) -> None:
        cost = self._pool.costs[rank]
        self._cost += cost
        for lock in self._pool.locks[rank]:
            account, kind = divmod(lock, KINDS)
            self._users[account] = self._users.get(account, 0) | 1 << bank
            self._references[account] -= 1
            if kind != READ:
                self._costs[account] = self._costs.get(account, 0) + cost
        for lock in self._pool.conflicts[rank]:
            self._blocked[lock] += 1

    def _stop_using(self, rank: int, bank: int) -> list[int]:
        """The accounts of a transaction that no bank uses any more."""
        freed: list[int] = []
        for lock in self._pool.locks[rank]:
            account = lock // KINDS
            users = self._users.get(account, 0)
            if users == 1 << bank:
                del self._users[account]
                freed.append(account)
            else:
                self._users[account] = users & ~(1 << bank)
        return freed

    def _bring_forward(self, account: int) -> None:
        """Make the best of those that are held back at an account available."""
        held_back = self._held_back[account]
        heappush(self._available, (heappop(held_back), _AWAKE))
        if not held_back:
            del self._held_back[account]
