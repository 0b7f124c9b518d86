"""What happens to accounts in markets when the health of their margin account is below the line.

After Mango v4, in this order: anybody takes positions over, at the market's price and a fee, as far
as health needs it; gains and losses that are then fixed are paid into and out of the account's
tokens; a loss that no token is left for is the market's, whose insurance pays. Owners move margin
by the same instructions, while the account is healthy.
"""

from __future__ import annotations

from ....kit import Adds, Context, Mut, Signer, UncheckedAccount, div_up, require, u64
from ...authorities import authority_seeds
from ...oracle import Feed
from ...token_moves import move_out
from ...units import BASIS_POINTS, WAD
from ..accounts import require_acts_for, require_alone
from ..balances import Balance, require_final
from ..errors import PerpetualsError
from ..events import Liquidated
from ..funding import settle_account
from ..margin import require_vault
from ..price import market_price
from ..program import perpetuals
from ..state import NOBODY, Market, Totals, Trader
from ..trading import exchange, settle_both
from .collateral import require_bank_accounts, require_health, require_recovered
from .debts import require_liquidatable
from .health import unsettled
from .markets import detach, require_part
from .positions import book, held
from .reading import account_health, active_tokens, by_key, perp_of
from .state import Bank, BankTotals, HealthKind, MarginAccount


@perpetuals.instruction(tag=63)
def fund_trader(
    ctx: Context,
    bank: Bank,
    bank_totals: Adds[BankTotals],
    market: Market,
    account: Mut[MarginAccount],
    trader: Mut[Trader],
    bank_vault: Mut[UncheckedAccount],
    market_vault: Mut[UncheckedAccount],
    authority: UncheckedAccount,
    sender: Signer,
    given: list[UncheckedAccount],
    amount: u64,
) -> None:
    """Pay margin out of the account's tokens; `authority` is the bank's.

    The owner may always, if the account stays healthy. Anybody else may where the account is below
    the line, for a loss in the market, out of tokens that the account has.
    """
    require_part(account, trader)
    _require_moves(bank, bank_totals, bank_vault, market, market_vault)
    known = by_key(given)
    settle_account(market, trader, ctx.clock)
    ours = sender.key in (account.user, account.operator) and not account.being_liquidated
    if not ours:
        require_liquidatable(ctx, account, known)
        perp = perp_of(trader, known, [bank.mint], HealthKind.LiquidationEnd, ctx.clock)
        loss = -unsettled(perp)
        payable = min(div_up(max(loss, 0), WAD), max(held(account, bank), 0) // WAD)
        require(amount <= payable, PerpetualsError.InsufficientBalance, account=account)
        account.being_liquidated = True
    book(account, bank, bank_totals, -amount * WAD)
    trader.margin += amount
    if ours:
        require_health(ctx, account, known)
    move_out(ctx, bank_vault, market_vault, authority, authority_seeds(bank.key, bank.bump), amount)


@perpetuals.instruction(tag=64)
def collect_margin(
    ctx: Context,
    bank: Bank,
    bank_totals: Adds[BankTotals],
    market: Market,
    account: Mut[MarginAccount],
    trader: Mut[Trader],
    market_vault: Mut[UncheckedAccount],
    bank_vault: Mut[UncheckedAccount],
    authority: UncheckedAccount,
    sender: Signer,
    given: list[UncheckedAccount],
    amount: u64,
) -> None:
    """Take margin, gains included, into the account's tokens; `authority` is the market's.

    The owner may, if the account stays healthy. Anybody else may where the account is below the
    line and has no position here any more.
    """
    require_part(account, trader)
    _require_moves(bank, bank_totals, bank_vault, market, market_vault)
    known = by_key(given)
    settle_account(market, trader, ctx.clock)
    ours = sender.key in (account.user, account.operator)
    if ours:
        require_recovered(ctx, account, known)
    else:
        require_liquidatable(ctx, account, known)
        spare = trader.position == 0 and amount <= trader.margin
        require(spare, PerpetualsError.InsufficientBalance, account=trader)
    trader.margin -= amount
    book(account, bank, bank_totals, amount * WAD)
    if ours:
        require_health(ctx, account, known)
    seeds = authority_seeds(market.key, market.bump)
    move_out(ctx, market_vault, bank_vault, authority, seeds, amount)


@perpetuals.instruction(tag=65)
def liquidate_position(
    ctx: Context,
    market: Market,
    feed: Feed,
    totals: Adds[Totals],
    account: Mut[MarginAccount],
    trader: Mut[Trader],
    taker: Mut[Trader],
    taker_authority: Signer,
    given: list[UncheckedAccount],
    amount: u64,
) -> None:
    """Take over a part of a position at the market's price less a fee; no more than health needs.

    The taker stands alone, and must end as after any trade.
    """
    require_acts_for(taker, taker_authority)
    require_alone(taker)
    require_part(account, trader)
    known = by_key(given)
    require_liquidatable(ctx, account, known)
    price = market_price(market, feed, ctx.clock)
    before = settle_both(ctx, market, trader, taker)
    fits = 0 < amount <= abs(trader.position)
    require(fits, PerpetualsError.MakerTooSmall, account=trader)
    sign = 1 if trader.position > 0 else -1
    size, cost = sign * amount, _cost(market, sign * amount, price)
    last = _cost(market, sign, price)
    exchange(market, totals, trader, taker, size - sign, cost - last)
    still = account_health(account, known, HealthKind.LiquidationEnd, ctx.clock)
    require(still < 0, PerpetualsError.NotLiquidatable, account=account)
    exchange(market, totals, trader, taker, sign, last)
    left = account_health(account, known, HealthKind.LiquidationEnd, ctx.clock)
    account.being_liquidated = left < 0
    after = Balance(taker.margin, taker.position)
    require_final(before[1], after, price, market.min_collateral)
    ctx.emit(
        Liquidated(maker=trader.key, taker=taker.key, size=size, margin_to_maker=cost, price=price)
    )


@perpetuals.instruction(tag=70)
def release(
    ctx: Context, account: Mut[MarginAccount], trader: Mut[Trader], given: list[UncheckedAccount]
) -> None:
    """Let a loss stand alone that the account has nothing left to pay for: the market's, then."""
    known = by_key(given)
    require_part(account, trader)
    require_liquidatable(ctx, account, known)
    banks = [Bank.view(known[each.bank]) for each in active_tokens(account)]
    spent = all(held(account, bank) < WAD for bank in banks)
    others = [Trader.view(known[key]) for key in account.traders if key != NOBODY]
    fixed = all(each.position == 0 and each.margin <= 0 for each in others)
    require(spent and fixed, PerpetualsError.NotLiquidatable, account=account)
    detach(account, trader)
    left = account_health(account, known, HealthKind.LiquidationEnd, ctx.clock)
    account.being_liquidated = left < 0


def _cost(market: Market, size: int, price: int) -> int:
    """What a taker pays for a size, negative for what it gets: rounded down, with the fee off."""
    share = BASIS_POINTS - market.liquidation_fee_bps * (1 if size > 0 else -1)
    return size * price * share // (BASIS_POINTS * WAD)


def _require_moves(
    bank: Bank,
    totals: BankTotals,
    bank_vault: UncheckedAccount,
    market: Market,
    market_vault: UncheckedAccount,
) -> None:
    """Require vaults of both sides, for one token."""
    require(bank.mint == market.mint, PerpetualsError.WrongVault, account=bank)
    require_bank_accounts(bank, totals, bank_vault)
    require_vault(market, market_vault)
