"""Locks that some transactions take together, and whether another's conflict with them."""

from __future__ import annotations

from .pool import Pool


class AccountSet:
    """The locks of a group of transactions, whoever holds them."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._locks = pool.locks
        self._closed: set[int] = set()

    def allows(self, rank: int) -> bool:
        """Whether a transaction conflicts with none in the group."""
        return self._closed.isdisjoint(self._locks[rank])

    def take(self, rank: int) -> None:
        """Add a transaction, also if it conflicts."""
        self._closed.update(self._pool.conflicts[rank])

    def clear(self) -> None:
        """Begin anew."""
        self._closed.clear()
