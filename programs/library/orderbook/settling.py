"""Instructions that move funds between wallets and free funds, and that collect fees.

Settling only adds to the market's fees, so traders settle beside each other and beside trading, as
far as the vaults allow, which every move of tokens writes.
"""

from __future__ import annotations

from ...kit import Adds, Context, Mut, Signer, UncheckedAccount, require, u64
from ..token import TokenAccount
from ..token_moves import move_in, move_out
from .desk import require_part, require_trader
from .errors import OrderbookError
from .events import FeesSwept, FundsSettled
from .program import orderbook
from .state import Market, MarketFees, OpenOrders


@orderbook.instruction(tag=10)
def deposit(
    ctx: Context,
    market: Market,
    open_orders: Mut[OpenOrders],
    owner: Signer,
    base_wallet: Mut[UncheckedAccount],
    quote_wallet: Mut[UncheckedAccount],
    base_vault: Mut[UncheckedAccount],
    quote_vault: Mut[UncheckedAccount],
    base: u64,
    quote: u64,
) -> None:
    """Move tokens from the wallets to the free funds."""
    require_trader(market, open_orders, owner)
    expired = market.has_expired(ctx.clock.unix_timestamp)
    require(not expired, OrderbookError.MarketExpired, account=market)
    require_part(base_vault, market.base_vault)
    require_part(quote_vault, market.quote_vault)
    wallets, vaults = (base_wallet, quote_wallet), (base_vault, quote_vault)
    add_free(ctx, open_orders, owner, wallets, vaults, (base, quote))


@orderbook.instruction(tag=11)
def settle_funds(
    ctx: Context,
    market: Market,
    fees: Adds[MarketFees],
    open_orders: Mut[OpenOrders],
    owner: Signer,
    base_wallet: Mut[TokenAccount],
    quote_wallet: Mut[TokenAccount],
    base_vault: Mut[UncheckedAccount],
    quote_vault: Mut[UncheckedAccount],
    authority: UncheckedAccount,
) -> None:
    """Pay out all free funds. What waited for a referrer becomes fees of the market.

    A delegate can only settle to wallets of the trader, and so can the market's admin, once the
    market has expired.
    """
    _require_settler(ctx, market, open_orders, owner, base_wallet, quote_wallet)
    _require_vaults(market, fees, base_vault, quote_vault, authority)
    rebate = _take_rebate(market, fees, open_orders)
    fees.available += rebate
    wallets, vaults = (base_wallet, quote_wallet), (base_vault, quote_vault)
    pay_out(ctx, market, open_orders, wallets, vaults, authority, rebate)


@orderbook.instruction(tag=24)
def settle_with_referrer(
    ctx: Context,
    market: Market,
    fees: Adds[MarketFees],
    open_orders: Mut[OpenOrders],
    owner: Signer,
    base_wallet: Mut[TokenAccount],
    quote_wallet: Mut[TokenAccount],
    base_vault: Mut[UncheckedAccount],
    quote_vault: Mut[UncheckedAccount],
    authority: UncheckedAccount,
    referrer: Mut[UncheckedAccount],
) -> None:
    """As settle_funds; what waited for a referrer goes to `referrer`, who is paid first."""
    _require_settler(ctx, market, open_orders, owner, base_wallet, quote_wallet)
    _require_vaults(market, fees, base_vault, quote_vault, authority)
    rebate = _take_rebate(market, fees, open_orders)
    fees.to_referrers += rebate
    move_out(ctx, quote_vault, referrer, authority, market.authority_seeds(), rebate)
    wallets, vaults = (base_wallet, quote_wallet), (base_vault, quote_vault)
    pay_out(ctx, market, open_orders, wallets, vaults, authority, rebate)


@orderbook.instruction(tag=12)
def withdraw(
    ctx: Context,
    market: Market,
    open_orders: Mut[OpenOrders],
    owner: Signer,
    base_wallet: Mut[UncheckedAccount],
    quote_wallet: Mut[UncheckedAccount],
    base_vault: Mut[UncheckedAccount],
    quote_vault: Mut[UncheckedAccount],
    authority: UncheckedAccount,
    base: u64,
    quote: u64,
) -> None:
    """Pay out as much of the free funds as is asked for, or all that there is of them."""
    require_trader(market, open_orders, owner)
    require(owner.key == open_orders.trader, OrderbookError.WrongOwner, account=open_orders)
    require_part(base_vault, market.base_vault)
    require_part(quote_vault, market.quote_vault)
    require_part(authority, market.authority)
    amounts = min(base, open_orders.base_free), min(quote, open_orders.quote_free)
    wallets, vaults = (base_wallet, quote_wallet), (base_vault, quote_vault)
    take_free(ctx, market, open_orders, wallets, vaults, authority, amounts)


@orderbook.instruction(tag=13)
def sweep_fees(
    ctx: Context,
    market: Market,
    fees: Mut[MarketFees],
    admin: Signer,
    destination: Mut[UncheckedAccount],
    quote_vault: Mut[UncheckedAccount],
    authority: UncheckedAccount,
) -> None:
    """Pay the market's fees to its fees admin."""
    require(admin.key == market.fees_admin, OrderbookError.AdminRequired, account=admin)
    require_part(fees, market.fees)
    require_part(quote_vault, market.quote_vault)
    require_part(authority, market.authority)
    amount = fees.available - fees.swept
    fees.swept += amount
    move_out(ctx, quote_vault, destination, authority, market.authority_seeds(), amount)
    ctx.emit(FeesSwept(market=market.key, amount=amount))


def _take_rebate(market: Market, fees: MarketFees, open_orders: OpenOrders) -> int:
    """What waits for a referrer, and fees still locked though no bid is left.

    Locking rounds up, what falls due rounds down: the difference is nobody else's.
    """
    rebate = open_orders.referrer_rebates
    fees.rebates_settled += rebate
    open_orders.referrer_rebates = 0
    if market.maker_fee > 0 and open_orders.bids_base_lots == 0:
        rebate += open_orders.locked_maker_fees
        open_orders.locked_maker_fees = 0
    return rebate


def pay_out(
    ctx: Context,
    market: Market,
    open_orders: OpenOrders,
    wallets: tuple[UncheckedAccount, UncheckedAccount],
    vaults: tuple[UncheckedAccount, UncheckedAccount],
    authority: UncheckedAccount,
    rebate: int,
) -> None:
    """Pay the free funds to the wallets, of one call or of many; pairs are (base, quote)."""
    base, quote = open_orders.base_free, open_orders.quote_free
    take_free(ctx, market, open_orders, wallets, vaults, authority, (base, quote))
    ctx.emit(
        FundsSettled(open_orders=open_orders.key, base=base, quote=quote, referrer_rebate=rebate)
    )


def add_free(
    ctx: Context,
    open_orders: OpenOrders,
    owner: Signer,
    wallets: tuple[UncheckedAccount, UncheckedAccount],
    vaults: tuple[UncheckedAccount, UncheckedAccount],
    amounts: tuple[int, int],
) -> None:
    """Move tokens from the wallets to the free funds, of one call or of many."""
    open_orders.base_free += amounts[0]
    open_orders.quote_free += amounts[1]
    for wallet, vault, amount in zip(wallets, vaults, amounts, strict=True):
        move_in(ctx, wallet, vault, owner, amount)


def take_free(
    ctx: Context,
    market: Market,
    open_orders: OpenOrders,
    wallets: tuple[UncheckedAccount, UncheckedAccount],
    vaults: tuple[UncheckedAccount, UncheckedAccount],
    authority: UncheckedAccount,
    amounts: tuple[int, int],
) -> None:
    """Move free funds to the wallets, of one call or of many."""
    open_orders.base_free -= amounts[0]
    open_orders.quote_free -= amounts[1]
    seeds = market.authority_seeds()
    for wallet, vault, amount in zip(wallets, vaults, amounts, strict=True):
        move_out(ctx, vault, wallet, authority, seeds, amount)


def _require_settler(
    ctx: Context, market: Market, open_orders: OpenOrders, signer: Signer, *wallets: TokenAccount
) -> None:
    """The trader may settle to any wallet; its delegate, and an expired market's admin, to its."""
    if not (signer.key == market.admin and market.has_expired(ctx.clock.unix_timestamp)):
        require_trader(market, open_orders, signer)
    require(open_orders.market == market.key, OrderbookError.WrongAccount, account=open_orders)
    if signer.key == open_orders.trader:
        return
    for wallet in wallets:
        theirs = wallet.token_owner == open_orders.trader
        require(theirs, OrderbookError.WrongOwner, account=wallet)


def _require_vaults(
    market: Market,
    fees: MarketFees,
    base_vault: UncheckedAccount,
    quote_vault: UncheckedAccount,
    authority: UncheckedAccount,
) -> None:
    require_part(fees, market.fees)
    require_part(base_vault, market.base_vault)
    require_part(quote_vault, market.quote_vault)
    require_part(authority, market.authority)
