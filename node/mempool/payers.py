"""What each payer has waiting: how many, and what they may cost together."""

from __future__ import annotations

from collections.abc import Iterator

from ...primitives import Pubkey


class Payers:
    """Tickets and fees by payer. A payer of nothing is forgotten."""

    def __init__(self) -> None:
        self._tickets: dict[Pubkey, dict[int, None]] = {}
        self._fees: dict[Pubkey, int] = {}

    def __iter__(self) -> Iterator[Pubkey]:
        """All that have something waiting, in the order in which they came."""
        return iter(list(self._tickets))

    def count(self, payer: Pubkey) -> int:
        return len(self._tickets.get(payer, ()))

    def fees(self, payer: Pubkey) -> int:
        """Lamports that everything of this payer costs at most."""
        return self._fees.get(payer, 0)

    def tickets(self, payer: Pubkey) -> list[int]:
        """In the order of arrival."""
        return list(self._tickets.get(payer, ()))

    def add(self, payer: Pubkey, ticket: int, fee: int) -> None:
        self._tickets.setdefault(payer, {})[ticket] = None
        self._fees[payer] = self.fees(payer) + fee

    def remove(self, payer: Pubkey, ticket: int, fee: int) -> None:
        tickets = self._tickets[payer]
        del tickets[ticket]
        self._fees[payer] -= fee
        if not tickets:
            del self._tickets[payer], self._fees[payer]
