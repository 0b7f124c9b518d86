"""Adds whose order may matter: then the block must begin again, with its adds in file order.

Adds commute as long as nothing overflows. Where the sum of all of them fits, so does every sum on
the way, whatever the order. Where it might not, serial execution may fail a transaction that would
succeed in another order.
"""

from __future__ import annotations

from ...primitives import Pubkey


class AddsDoubtful(Exception):
    """What is added to `account` may overflow on the way. Nothing of the try can be kept."""

    def __init__(self, account: Pubkey) -> None:
        self.account = account
        super().__init__(account)

    @property
    def detail(self) -> str:
        """Why there is another try."""
        return f"what is added to {self.account} may overflow"
