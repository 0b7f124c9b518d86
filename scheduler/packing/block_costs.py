"""What a block has used of its limits, transaction by transaction: a cost tracker.

Limits are looked at in agave's order, so that what is refused is refused for the same limit there;
those of the ordering engine come last:

    1. the votes' cost, of simple votes only          5. the cost of each account that it writes
    2. the block's cost                               6. the number of transactions
    3. the transaction's own cost, by 5's limit       7. their bytes
    4. the account data that transactions allocate

Source: would_fit of anza-xyz/agave, cost-model/src/cost_tracker.rs. A cost counts in full for every
account that its transaction writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from .block_limits import BlockLimits


class Limit(StrEnum):
    """What a transaction does not fit in."""

    VOTES = "votes"
    BLOCK = "block"
    TRANSACTION = "transaction"
    ALLOCATED = "allocated"
    ACCOUNT = "account"
    TRANSACTIONS = "transactions"
    BYTES = "bytes"


class Item(NamedTuple):
    """What a transaction counts towards limits. `writes`: the ids of accounts, each once.

    `allocated`: bytes of account data. `size`: its own bytes.
    """

    cost: int
    writes: Sequence[int]
    simple_vote: bool = False
    allocated: int = 0
    size: int = 0


class Excess(NamedTuple):
    """The transaction at `position` is above this limit: what would be used, and what may be.

    `account`: the id of the account whose limit it is, if it is an account's.
    """

    position: int
    limit: Limit
    used: int
    maximum: int
    account: int | None


class Use(NamedTuple):
    """How much of a limit is used. `account`: the id of the account that uses most of its own."""

    limit: Limit
    used: int
    maximum: int
    account: int | None = None

    @property
    def share(self) -> float:
        """The part of the limit that is used; all of it, where there is nothing to be had."""
        return self.used / self.maximum if self.maximum else 1.0


class BlockCosts:
    """What is in a block so far.

    >>> from sealane.scheduler.packing import AGAVE_4_3
    >>> block = BlockCosts(AGAVE_4_3)
    >>> block.add(Item(cost=6_000_000, writes=[7, 8]))
    >>> block.add(Item(cost=6_000_000, writes=[7]))
    >>> [(use.limit.value, use.share) for use in block.uses()[:2]]
    [('account', 0.5), ('block', 0.2)]
    """

    def __init__(self, limits: BlockLimits) -> None:
        self.limits = limits
        self.cost = 0
        self.vote_cost = 0
        self.allocated = 0
        self.size = 0
        self.count = 0
        self.by_account: dict[int, int] = {}

    def excess(self, item: Item) -> tuple[Limit, int | None] | None:
        """The first limit that a transaction would exceed, with the account if it is one's."""
        limits, cost = self.limits, item.cost
        if (
            item.simple_vote
            and limits.vote_cost_max is not None
            and self.vote_cost + cost > limits.vote_cost_max
        ):
            return Limit.VOTES, None
        if self.cost + cost > limits.cost_max:
            return Limit.BLOCK, None
        room = limits.account_cost_max - cost
        if room < 0:
            return Limit.TRANSACTION, None
        if self.allocated + item.allocated > limits.allocated_bytes_max:
            return Limit.ALLOCATED, None
        by_account = self.by_account
        for account in item.writes:
            if by_account.get(account, 0) > room:
                return Limit.ACCOUNT, account
        if limits.transactions_max is not None and self.count >= limits.transactions_max:
            return Limit.TRANSACTIONS, None
        if limits.bytes_max is not None and self.size + item.size > limits.bytes_max:
            return Limit.BYTES, None
        return None

    def add(self, item: Item) -> None:
        """Count a transaction, whether it fits or not."""
        self.count += 1
        self.size += item.size
        self.allocated += item.allocated
        self._count(item, item.cost)

    def replace(self, item: Item, cost: int) -> None:
        """Once one that was added has run: count what it did cost, for what was expected."""
        self._count(item, cost - item.cost)

    def remove(self, item: Item) -> None:
        """Take one that was added back, because it is not in the block after all."""
        self.count -= 1
        self.size -= item.size
        self.allocated -= item.allocated
        self._count(item, -item.cost)

    def uses(self) -> list[Use]:
        """How full the block is, by each limit that it has; the one that binds first is first."""
        limits, by_account = self.limits, self.by_account
        hottest = max(by_account, key=by_account.__getitem__, default=None)
        of_account = 0 if hottest is None else by_account[hottest]
        uses = [
            Use(Limit.BLOCK, self.cost, limits.cost_max),
            Use(Limit.ACCOUNT, of_account, limits.account_cost_max, hottest),
            Use(Limit.ALLOCATED, self.allocated, limits.allocated_bytes_max),
        ]
        for limit, used, maximum in (
            (Limit.VOTES, self.vote_cost, limits.vote_cost_max),
            (Limit.TRANSACTIONS, self.count, limits.transactions_max),
            (Limit.BYTES, self.size, limits.bytes_max),
        ):
            if maximum is not None:
                uses.append(Use(limit, used, maximum))
        return sorted(uses, key=lambda use: -use.share)

    def _count(self, item: Item, cost: int) -> None:
        self.cost += cost
        if item.simple_vote:
            self.vote_cost += cost
        by_account = self.by_account
        for account in item.writes:
            by_account[account] = by_account.get(account, 0) + cost


def first_excess(items: Iterable[Item], limits: BlockLimits) -> Excess | None:
    """The first transaction of a block that exceeds a limit; None if the block keeps all."""
    costs = BlockCosts(limits)
    for position, item in enumerate(items):
        found = costs.excess(item)
        costs.add(item)
        if found is not None:
            limit, account = found
            return Excess(position, limit, *_figures(costs, item, limit, account), account)
    return None


def _figures(costs: BlockCosts, item: Item, limit: Limit, account: int | None) -> tuple[int, int]:
    """With the item counted: what is used of a limit, and what may be."""
    limits = costs.limits
    of_account = 0 if account is None else costs.by_account[account]
    used, maximum = {
        Limit.VOTES: (costs.vote_cost, limits.vote_cost_max),
        Limit.BLOCK: (costs.cost, limits.cost_max),
        Limit.TRANSACTION: (item.cost, limits.account_cost_max),
        Limit.ALLOCATED: (costs.allocated, limits.allocated_bytes_max),
        Limit.ACCOUNT: (of_account, limits.account_cost_max),
        Limit.TRANSACTIONS: (costs.count, limits.transactions_max),
        Limit.BYTES: (costs.size, limits.bytes_max),
    }[limit]
    return used, maximum or 0
