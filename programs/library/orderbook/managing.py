"""Instructions that open and close markets and open-orders accounts."""

from __future__ import annotations

from typing import Final

from ...kit import (
    Arg,
    Context,
    Layout,
    Mut,
    Option,
    Pubkey,
    Signer,
    UncheckedAccount,
    i64,
    require,
    u16,
    u32,
    u64,
)
from ..authorities import found_authority
from ..token import Mint, TokenAccount
from .desk import queue_of, require_admin, require_part
from .engine import FEE_SCALE, SLOTS_MAX, Rules
from .errors import OrderbookError
from .program import orderbook
from .state import NOBODY, Book, EventQueue, Market, MarketFees, OpenOrders

EXPIRED: Final = -1  # an expiry that has passed, as the reference sets it


class MarketTerms(Layout):
    """The terms of a new market; see `Market`. Admins of nobody: everybody may."""

    rules: Rules = Rules.OpenBook
    base_lot: u64 = 1
    quote_lot: u64 = 1
    tick: u64 = 1
    maker_fee: i64 = 0
    taker_fee: u64 = 0
    fee_unit: u64 = 1
    orders_max: u16 = 0
    peg_capacity: u32 = 0
    expires_at: i64 = 0
    admin: Pubkey = NOBODY
    orders_admin: Pubkey = NOBODY
    events_admin: Pubkey = NOBODY
    fees_admin: Pubkey = NOBODY
    oracle: Pubkey = NOBODY
    oracle_age_max_s: u64 = 60


@orderbook.instruction(tag=16)
def create_market(
    ctx: Context,
    market: Mut[UncheckedAccount],
    book: Mut[UncheckedAccount],
    fees: Mut[UncheckedAccount],
    base_mint: Mint,
    quote_mint: Mint,
    base_vault: TokenAccount,
    quote_vault: TokenAccount,
    events: Mut[UncheckedAccount] | None,
    terms: Arg[MarketTerms],
) -> None:
    """Open a market in zeroed accounts that this program owns; their sizes are its capacities.

    The vaults belong to the market's authority, derived from `authority` and the market's key, and
    nobody else may close them or spend from them.
    Without `events`, makers are credited at once, and orders must pass their accounts.
    """
    _require_terms(terms)
    authority, bump = found_authority(market.key, ctx.program_id)
    for vault, mint in ((base_vault, base_mint), (quote_vault, quote_mint)):
        fits = vault.mint == mint.key and vault.token_owner == authority
        # Who could close an empty vault could put one of its own in its place.
        alone = vault.delegate is None and vault.close_authority is None
        require(fits and alone, OrderbookError.WrongAccount, account=vault)
    Market.view(market).initialize(
        rules=terms.rules,
        bump=bump,
        orders_max=terms.orders_max,
        base_decimals=base_mint.decimals,
        quote_decimals=quote_mint.decimals,
        authority=authority,
        admin=terms.admin,
        orders_admin=terms.orders_admin,
        events_admin=terms.events_admin,
        fees_admin=terms.fees_admin,
        base_mint=base_mint.key,
        quote_mint=quote_mint.key,
        base_vault=base_vault.key,
        quote_vault=quote_vault.key,
        book=book.key,
        events=NOBODY if events is None else events.key,
        fees=fees.key,
        oracle=terms.oracle,
        oracle_age_max_s=terms.oracle_age_max_s,
        base_lot=terms.base_lot,
        quote_lot=terms.quote_lot,
        tick=terms.tick,
        maker_fee=terms.maker_fee,
        taker_fee=terms.taker_fee,
        fee_unit=terms.fee_unit,
        expires_at=terms.expires_at,
    )
    _initialize_book(book, market.key, terms.peg_capacity)
    MarketFees.view(fees).initialize(market=market.key)
    if events is not None:
        _initialize_events(events, market.key)


@orderbook.instruction(tag=17)
def create_open_orders(
    market: Market,
    open_orders: Mut[UncheckedAccount],
    trader: Signer,
    delegate: Option[Pubkey],
) -> None:
    """Open a trader's account in a market. A delegate may trade, and settle to the trader."""
    named = NOBODY if delegate is None else delegate
    state = OpenOrders.view(open_orders)
    state.initialize(market=market.key, trader=trader.key, delegate=named)


@orderbook.instruction(tag=18)
def set_delegate(open_orders: Mut[OpenOrders], trader: Signer, delegate: Option[Pubkey]) -> None:
    """Name another delegate, or none."""
    require(trader.key == open_orders.trader, OrderbookError.WrongOwner, account=open_orders)
    open_orders.delegate = NOBODY if delegate is None else delegate


@orderbook.instruction(tag=19)
def close_open_orders(
    open_orders: Mut[OpenOrders], trader: Signer, destination: Mut[UncheckedAccount]
) -> None:
    """Close an account with nothing left in it; its lamports go to `destination`."""
    require(trader.key == open_orders.trader, OrderbookError.WrongOwner, account=open_orders)
    require(open_orders.empty, OrderbookError.NotEmpty, account=open_orders)
    _close(open_orders, destination)


@orderbook.instruction(tag=20)
def expire_market(market: Mut[Market], admin: Signer) -> None:
    """End trading in a market now; for its admin."""
    require(market.admin != NOBODY, OrderbookError.AdminRequired, account=market)
    require_admin(market.admin, admin)
    market.expires_at = EXPIRED


@orderbook.instruction(tag=23)
def close_market(
    ctx: Context,
    market: Mut[Market],
    book: Mut[Book],
    fees: Mut[MarketFees],
    base_vault: TokenAccount,
    quote_vault: TokenAccount,
    events: Mut[EventQueue] | None,
    admin: Signer,
    destination: Mut[UncheckedAccount],
) -> None:
    """Close an expired market without orders, events or tokens; its lamports go to `destination`.

    For its admin. The empty vaults stay.
    """
    require(market.admin != NOBODY, OrderbookError.AdminRequired, account=market)
    require_admin(market.admin, admin)
    expired = market.has_expired(ctx.clock.unix_timestamp)
    require(expired, OrderbookError.MarketNotExpired, account=market)
    parts = ((book, market.book), (fees, market.fees), (base_vault, market.base_vault))
    for account, key in (*parts, (quote_vault, market.quote_vault)):
        require_part(account, key)
    queue = queue_of(market, events)
    held = (base_vault.amount, quote_vault.amount, 0 if queue is None else len(queue))
    orders = any(len(ladder) for ladder, _ in book.orders().ladders())
    require(not any(held) and not orders, OrderbookError.NotEmpty, account=market)
    closed: tuple[UncheckedAccount | None, ...] = (market, book, fees, events)
    for account in closed:
        if account is not None:
            _close(account, destination)


def _close(account: UncheckedAccount, destination: UncheckedAccount) -> None:
    destination.lamports += account.lamports
    account.lamports = 0
    account.data = bytes(account.data_len)


def _require_terms(terms: MarketTerms) -> None:
    sizes = (terms.base_lot, terms.quote_lot, terms.tick, terms.fee_unit)
    fees_cover_rebates = terms.taker_fee + terms.maker_fee >= 0
    fees_fit = terms.taker_fee < FEE_SCALE and terms.maker_fee < FEE_SCALE
    fit = min(sizes) > 0 and fees_cover_rebates and fees_fit
    require(fit, OrderbookError.InvalidTerms)


def _initialize_book(book: UncheckedAccount, market: Pubkey, peg_capacity: int) -> None:
    room = book.data_len - Book.space(0, peg_capacity)
    per_order = Book.space(1) - Book.space(0)
    require(room >= per_order, OrderbookError.InvalidTerms, account=book)
    state = Book.view(book)
    state.initialize(market=market, capacity=room // per_order, peg_capacity=peg_capacity)


def _initialize_events(events: UncheckedAccount, market: Pubkey) -> None:
    per_event = EventQueue.space(1) - EventQueue.space(0)
    capacity = min(SLOTS_MAX, (events.data_len - EventQueue.space(0)) // per_event)
    require(capacity > 0, OrderbookError.InvalidTerms, account=events)
    state = EventQueue.view(events)
    state.initialize(market=market, capacity=capacity)
    EventQueue.view(events).slots().clear()
