"""Resting spot orders of margin accounts: their tokens are set aside, and still count for health.

An order sells base tokens at its `lowest_ask` or better, buys base tokens at its `highest_bid` or
better, or both. Anybody may bring two orders together at a price that both accept; amounts are in
whole tokens, and what is paid is rounded up, in favour of who sells.
"""

from __future__ import annotations

from ....kit import (
    Adds,
    Context,
    Mut,
    Pubkey,
    Signer,
    UncheckedAccount,
    div_up,
    require,
    u8,
    u64,
    u128,
)
from ...units import WAD
from ..accounts import require_acts_for
from ..errors import PerpetualsError
from ..program import perpetuals
from ..state import NOBODY, Trader
from .collateral import require_health, require_owner, require_recovered
from .debts import require_liquidatable
from .positions import book, held, indexed_of, put
from .reading import by_key
from .state import ORDERS_MAX, Bank, BankTotals, MarginAccount, Reservation


@perpetuals.instruction(tag=66)
def place_order(
    ctx: Context,
    base_bank: Bank,
    quote_bank: Bank,
    base_totals: Adds[BankTotals],
    quote_totals: Adds[BankTotals],
    account: Mut[MarginAccount],
    owner: Signer,
    given: list[UncheckedAccount],
    slot: u8,
    base: u64,
    quote: u64,
    lowest_ask: u128,
    highest_bid: u128,
) -> None:
    """Set tokens that the account has aside for an order, in an empty slot for orders."""
    require_owner(account, owner)
    known = by_key(given)
    require_recovered(ctx, account, known)
    _require_banks(base_bank, quote_bank, base_totals, quote_totals)
    priced = (base == 0 or lowest_ask > 0) and (quote == 0 or highest_bid > 0)
    require(priced and slot < ORDERS_MAX, PerpetualsError.InvalidParameter)
    require(account.orders[slot].base_bank == NOBODY, PerpetualsError.NoFreeSlot, account=account)
    for bank, totals, amount in ((base_bank, base_totals, base), (quote_bank, quote_totals, quote)):
        enough = held(account, bank) >= amount * WAD
        require(enough, PerpetualsError.InsufficientBalance, account=account)
        book(account, bank, totals, -amount * WAD)
        totals.reserved += amount
    order = Reservation(
        base_bank=base_bank.key,
        quote_bank=quote_bank.key,
        base=base,
        quote=quote,
        lowest_ask=lowest_ask,
        highest_bid=highest_bid,
    )
    _store(account, slot, order)
    for bank in (base_bank, quote_bank):  # health needs both, also where nothing is left
        put(account, bank.key, indexed_of(account, bank.key))
    require_health(ctx, account, known)


@perpetuals.instruction(tag=67)
def cancel_order(
    ctx: Context,
    base_bank: Bank,
    quote_bank: Bank,
    base_totals: Adds[BankTotals],
    quote_totals: Adds[BankTotals],
    account: Mut[MarginAccount],
    sender: Signer,
    given: list[UncheckedAccount],
    slot: u8,
) -> None:
    """Give the tokens of an order back to the account; by anybody, if it is below the line."""
    if sender.key not in (account.user, account.operator):
        require_liquidatable(ctx, account, by_key(given))
    _require_banks(base_bank, quote_bank, base_totals, quote_totals)
    order = _order(account, slot, base_bank.key, quote_bank.key)
    _store(account, slot, Reservation())
    _return(account, base_bank, base_totals, order.base)
    _return(account, quote_bank, quote_totals, order.quote)


@perpetuals.instruction(tag=68)
def fill_orders(
    base_bank: Bank,
    quote_bank: Bank,
    base_totals: Adds[BankTotals],
    quote_totals: Adds[BankTotals],
    seller: Mut[MarginAccount],
    buyer: Mut[MarginAccount],
    seller_slot: u8,
    buyer_slot: u8,
    amount: u64,
    price: u128,
) -> None:
    """Sell base tokens of one order to another, at a price that both accept; by anybody."""
    require(seller.key != buyer.key, PerpetualsError.SameAccount, account=buyer)
    _require_banks(base_bank, quote_bank, base_totals, quote_totals)
    ask = _order(seller, seller_slot, base_bank.key, quote_bank.key)
    bid = _order(buyer, buyer_slot, base_bank.key, quote_bank.key)
    agreed = ask.lowest_ask <= price <= bid.highest_bid
    require(agreed, PerpetualsError.InvalidPrice)
    paid = div_up(amount * price, WAD)
    enough = amount <= ask.base and paid <= bid.quote
    require(enough, PerpetualsError.InsufficientBalance)
    _store(seller, seller_slot, _less(ask, base=amount))
    _store(buyer, buyer_slot, _less(bid, quote=paid))
    _return(buyer, base_bank, base_totals, amount)
    _return(seller, quote_bank, quote_totals, paid)


@perpetuals.instruction(tag=69)
def note_orders(
    ctx: Context,
    account: MarginAccount,
    trader: Mut[Trader],
    authority: Signer,
    given: list[UncheckedAccount],
    bids: u64,
    asks: u64,
) -> None:
    """Say how much base rests in orders of a market, for the health of its margin account."""
    require_acts_for(trader, authority)
    require(trader.group == account.key, PerpetualsError.WrongAccounts, account=trader)
    trader.bids, trader.asks = bids, asks
    require_health(ctx, account, by_key(given))


def _require_banks(
    base: Bank, quote: Bank, base_totals: BankTotals, quote_totals: BankTotals
) -> None:
    require(base.key != quote.key, PerpetualsError.SameAccount, account=quote)
    for bank, totals in ((base, base_totals), (quote, quote_totals)):
        require(bank.totals == totals.key, PerpetualsError.WrongAccounts, account=totals)


def _order(account: MarginAccount, slot: int, base: Pubkey, quote: Pubkey) -> Reservation:
    require(slot < ORDERS_MAX, PerpetualsError.InvalidParameter)
    order = account.orders[slot]
    right = order.base_bank == base and order.quote_bank == quote
    require(right, PerpetualsError.WrongAccounts, account=account)
    return order


def _less(order: Reservation, base: int = 0, quote: int = 0) -> Reservation:
    """What is left of an order; nothing, if no tokens are."""
    left = {"base": order.base - base, "quote": order.quote - quote}
    return Reservation(**order.values() | left) if any(left.values()) else Reservation()


def _store(account: MarginAccount, slot: int, order: Reservation) -> None:
    orders = list(account.orders)
    orders[slot] = order
    account.orders = orders


def _return(account: MarginAccount, bank: Bank, totals: BankTotals, amount: int) -> None:
    """Tokens that were set aside, of this account or another, become the account's."""
    book(account, bank, totals, amount * WAD)
    totals.released += amount
