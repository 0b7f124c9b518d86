"""What an account has of a token, and how that changes: slots, indices, and the bank's sums."""

from __future__ import annotations

from ....kit import Pubkey, fail, require
from ...units import WAD
from ..errors import PerpetualsError
from ..fixed_point import above_zero
from ..state import NOBODY
from .reading import native
from .state import INDEXED_UNIT, Bank, BankTotals, MarginAccount, TokenPosition


def held(account: MarginAccount, bank: Bank) -> int:
    """What the account has of the bank's token, with 18 decimals, negative if it owes."""
    return native(bank, indexed_of(account, bank.key))


def indexed_of(account: MarginAccount, bank: Pubkey) -> int:
    """The indexed amount; 0 if the account has no slot for the token."""
    return next((each.indexed for each in account.tokens if each.bank == bank), 0)


def book(account: MarginAccount, bank: Bank, totals: BankTotals, change: int) -> None:
    """Change what the account has by so many tokens, with 18 decimals, and add to the bank's sums.

    Less than one token that is left after a withdrawal goes to the bank, as in Mango.
    """
    require(bank.admin == account.admin, PerpetualsError.ForeignAdmin, account=bank)
    before = indexed_of(account, bank.key)
    now = native(bank, before) + change
    if change < 0 and 0 < now < WAD:
        now = 0
    index = bank.borrow_index if now < 0 else bank.deposit_index
    after = now * INDEXED_UNIT // index
    put(account, bank.key, after)
    gained = above_zero(after) - above_zero(before)
    owed = above_zero(-after) - above_zero(-before)
    totals.deposited += above_zero(gained)
    totals.withdrawn += above_zero(-gained)
    totals.borrowed += above_zero(owed)
    totals.repaid += above_zero(-owed)


def put(account: MarginAccount, bank: Pubkey, indexed: int) -> None:
    """Store an indexed amount: in the token's slot or a free one; none is kept without need."""
    slots, kept = list(account.tokens), indexed != 0 or _needed(account, bank)
    place = next((k for k, each in enumerate(slots) if each.bank == bank), None)
    if place is None:
        if not kept:
            return
        place = next((k for k, each in enumerate(slots) if each.bank == NOBODY), None)
    if place is None:
        fail(PerpetualsError.NoFreeSlot, account=account)
    slots[place] = TokenPosition(bank=bank, indexed=indexed) if kept else TokenPosition()
    account.tokens = slots


def _needed(account: MarginAccount, bank: Pubkey) -> bool:
    """Whether health needs the slot: for orders, or as the settle token of a market."""
    ordered = any(bank in (each.base_bank, each.quote_bank) for each in account.orders)
    return ordered or any(key != NOBODY for key in account.traders)
