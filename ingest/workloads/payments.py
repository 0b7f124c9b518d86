"""Payments in tokens: users pay each other from their own token accounts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .documents import USER, mint, tokens
from .draws import Draws
from .market import AccountDocument, Market, TransactionDocument

_TOKENS: Final = 1_000_000_000
_PAID_MAX: Final = 1_000


def payments(draws: Draws) -> Market:
    """Each pays one other, both drawn by zipf."""
    return Market(_accounts(draws), _payments(draws), _naive)


def _accounts(draws: Draws) -> dict[str, AccountDocument]:
    accounts = {"payments_usd": mint(draws.users * _TOKENS)}
    for number in range(draws.users):
        user = f"payments_user{number}"
        accounts |= {user: USER, f"{user}_usd": tokens("payments_usd", user, _TOKENS)}
    return accounts


def _payments(draws: Draws) -> Iterator[TransactionDocument]:
    payers = draws.pick(draws.users, stream=0)
    payees = draws.pick(draws.users, stream=1)
    paid = draws.below(_PAID_MAX, stream=2)
    for position, (payer, payee, amount) in enumerate(zip(payers, payees, paid, strict=True)):
        # A user that draws itself pays the next one.
        other = (payee + 1) % draws.users if payee == payer else payee
        user = f"payments_user{payer}"
        call = {
            "source": f"{user}_usd",
            "destination": f"payments_user{other}_usd",
            "authority": user,
            "amount": amount + 1,
        }
        yield {"id": f"t{position}", "payer": user, "instructions": [{"token.transfer": call}]}


def _naive(transaction: TransactionDocument) -> list[str]:
    """A token that takes a fee of each payment into one account."""
    del transaction
    return ["payments_fees"]
