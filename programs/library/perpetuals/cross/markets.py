"""Accounts in markets as parts of a margin account: its health decides what they may do.

A trade writes the traders' accounts only: margin accounts are read. Below the line, anybody may
pay a market's loss out of the account's tokens; when there are none left, the account in the market
stands alone again, and the market's own rules of liquidation, insurance and loss apply.
"""

from __future__ import annotations

from ....kit import Adds, Context, Mut, Pubkey, Signer, UncheckedAccount, fail, i64, require, u64
from ...oracle import Feed
from ...token_moves import move_out
from ..accounts import require_acts_for, require_alone
from ..balances import Balance, require_collateralized, require_final
from ..errors import PerpetualsError
from ..events import Traded
from ..fixed_point import WAD, div_up
from ..funding import settle_account
from ..margin import require_vault, vault_seeds
from ..price import market_price
from ..program import perpetuals
from ..state import NOBODY, Market, Totals, Trader
from ..trading import exchange, not_settled, settle_both, taker_fee
from .collateral import (
    bank_seeds,
    require_bank_accounts,
    require_health,
    require_owner,
    require_recovered,
)
from .debts import require_liquidatable
from .health import Perp, unsettled
from .positions import book, held
from .reading import Given, account_health, active_tokens, by_key, perp_of
from .state import Bank, BankTotals, HealthKind, MarginAccount


@perpetuals.instruction(tag=60)
def bind(
    ctx: Context,
    account: Mut[MarginAccount],
    trader: Mut[Trader],
    owner: Signer,
    given: list[UncheckedAccount],
) -> None:
    """Make an account in a market a part of the same user's margin account."""
    require_owner(account, owner)
    require_alone(trader)
    require(trader.user == account.user, PerpetualsError.NotAuthorized, account=trader)
    _replace(account, NOBODY, trader.key, PerpetualsError.NoFreeSlot)
    trader.group = account.key
    require_health(ctx, account, by_key(given))


@perpetuals.instruction(tag=61)
def unbind(
    ctx: Context,
    market: Market,
    feed: Feed,
    account: Mut[MarginAccount],
    trader: Mut[Trader],
    owner: Signer,
    given: list[UncheckedAccount],
) -> None:
    """Let an account in a market stand alone again; both must do without the other."""
    require_owner(account, owner)
    _detach(account, trader)
    price = market_price(market, feed, ctx.clock)
    balance = settle_account(market, trader, ctx.clock)
    require_collateralized(balance, price, market.min_collateral)
    require_health(ctx, account, by_key(given))


@perpetuals.instruction(tag=62)
def trade_cross(
    ctx: Context,
    market: Market,
    feed: Feed,
    totals: Adds[Totals],
    maker: Mut[Trader],
    taker: Mut[Trader],
    maker_authority: Signer,
    taker_authority: Signer,
    given: list[UncheckedAccount],
    size: i64,
    cost: i64,
) -> None:
    """As `trade`, where one side, or both, is part of a margin account.

    `given`: the margin accounts, and what their health depends on. Health for new risks must not
    be negative afterwards, or at least not have fallen.
    """
    require_acts_for(maker, maker_authority)
    require_acts_for(taker, taker_authority)
    known = by_key(given)
    price = market_price(market, feed, ctx.clock)
    before = settle_both(ctx, market, maker, taker)
    healths = [_group_health(ctx, trader, known) for trader in (maker, taker)]
    fee = taker_fee(market, cost)
    exchange(market, totals, maker, taker, size, cost)
    taker.margin -= fee
    totals.fees += fee
    for trader, balance, healthy in zip((maker, taker), before, healths, strict=True):
        if trader.group == NOBODY:
            after = Balance(trader.margin, trader.position)
            require_final(balance, after, price, market.min_collateral)
        else:
            left = _group_health(ctx, trader, known)
            require(left >= min(healthy, 0), PerpetualsError.HealthTooLow, account=trader)
    ctx.emit(Traded(maker=maker.key, taker=taker.key, size=size, cost=cost, fee=fee))


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
    _require_part(account, trader)
    _require_moves(bank, bank_totals, bank_vault, market, market_vault)
    known = by_key(given)
    settle_account(market, trader, ctx.clock)
    ours = sender.key in (account.user, account.operator) and not account.being_liquidated
    if not ours:
        require_liquidatable(ctx, account, known)
        loss = -unsettled(_perp(ctx, bank, trader, known))
        payable = min(div_up(max(loss, 0), WAD), max(held(account, bank), 0) // WAD)
        require(amount <= payable, PerpetualsError.InsufficientBalance, account=account)
        account.being_liquidated = True
    book(account, bank, bank_totals, -amount * WAD)
    trader.margin += amount
    if ours:
        require_health(ctx, account, known)
    move_out(ctx, bank_vault, market_vault, authority, bank_seeds(bank), amount)


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
    owner: Signer,
    given: list[UncheckedAccount],
    amount: u64,
) -> None:
    """Take margin, gains included, into the account's tokens; `authority` is the market's."""
    require_owner(account, owner)
    known = by_key(given)
    require_recovered(ctx, account, known)
    _require_part(account, trader)
    _require_moves(bank, bank_totals, bank_vault, market, market_vault)
    settle_account(market, trader, ctx.clock)
    trader.margin -= amount
    book(account, bank, bank_totals, amount * WAD)
    require_health(ctx, account, known)
    move_out(ctx, market_vault, bank_vault, authority, vault_seeds(market), amount)


@perpetuals.instruction(tag=65)
def release(
    ctx: Context, account: Mut[MarginAccount], trader: Mut[Trader], given: list[UncheckedAccount]
) -> None:
    """Let a losing account in a market stand alone, where no token is left to pay for it."""
    known = by_key(given)
    require_liquidatable(ctx, account, known)
    banks = [Bank.view(known[each.bank]) for each in active_tokens(account)]
    spent = all(held(account, bank) < WAD for bank in banks)
    require(spent, PerpetualsError.NotLiquidatable, account=account)
    mints = [bank.mint for bank in banks]
    perp = perp_of(trader, known, mints, HealthKind.LiquidationEnd, ctx.clock)
    require(unsettled(perp) < 0, PerpetualsError.NotLiquidatable, account=trader)
    _detach(account, trader)
    left = account_health(account, known, HealthKind.LiquidationEnd, ctx.clock)
    account.being_liquidated = left < 0


def _group_health(ctx: Context, trader: Trader, known: Given) -> int:
    """The health for new risks of the margin account that this one is part of; 0 for none."""
    if trader.group == NOBODY:
        return 0
    found = known.get(trader.group)
    if found is None:
        fail(PerpetualsError.WrongAccounts, account=trader)
    account = MarginAccount.view(found)
    return account_health(account, known, HealthKind.Init, ctx.clock)


def _perp(ctx: Context, bank: Bank, trader: Trader, known: Given) -> Perp:
    return perp_of(trader, known, [bank.mint], HealthKind.LiquidationEnd, ctx.clock)


def _require_part(account: MarginAccount, trader: Trader) -> None:
    require(trader.group == account.key, PerpetualsError.WrongAccounts, account=trader)


def _require_moves(
    bank: Bank,
    totals: BankTotals,
    bank_vault: UncheckedAccount,
    market: Market,
    market_vault: UncheckedAccount,
) -> None:
    """Require vaults of both sides, for one token, and a market that is open."""
    require(not_settled(market), PerpetualsError.Settled, account=market)
    require(bank.mint == market.mint, PerpetualsError.WrongVault, account=bank)
    require_bank_accounts(bank, totals, bank_vault)
    require_vault(market, market_vault)


def _detach(account: MarginAccount, trader: Trader) -> None:
    _require_part(account, trader)
    _replace(account, trader.key, NOBODY, PerpetualsError.WrongAccounts)
    trader.group = NOBODY


def _replace(account: MarginAccount, old: Pubkey, new: Pubkey, missing: PerpetualsError) -> None:
    slots = list(account.traders)
    require(old in slots, missing, account=account)
    slots[slots.index(old)] = new
    account.traders = slots
