"""Redemption: coins for collateral at the price, which keeps the coin near 1; after Liquity.

Where the reference goes through all positions from the least covered on, here the caller names one,
which must be safe and covered less than `ratio_max`. The position loses as much debt as collateral
by value, so its cover grows. The share redeemed is of the tokens there are.
"""

from __future__ import annotations

from ...kit import Context, Layout, Mut, Signer, UncheckedAccount, require, u64, u256
from ..oracle import Feed
from ..token import Mint, TokenAccount
from ..token_moves import burn_in
from ..units import WAD
from .administration import price_now
from .errors import StablecoinError
from .events import Redeemed
from .gates import coins_of
from .program import stablecoin
from .relations import (
    require_admin,
    require_engine,
    require_key,
    require_live,
    require_position,
    require_type,
)
from .rules.debt import Terms, debt_of, fold, is_unsafe, rate_at, require_enough_debt
from .rules.fee_decay import (
    decayed,
    fee_time,
    minutes_in,
    raised,
    redemption_fee,
    redemption_rate,
)
from .rules.fixed_point import RAY, fits_u256, ray_quotient
from .state import (
    CollateralBalance,
    CollateralType,
    DebtShard,
    Engine,
    Position,
    Redemptions,
)


class RedemptionQuote(Layout, program="stablecoin"):
    """The full minutes since the last redemption, and base rate and fee [wad] of now."""

    minutes: u64
    base_rate: u256
    rate: u256


@stablecoin.instruction(tag=55)
def initialize_redemptions(
    ctx: Context,
    engine: Engine,
    collateral_type: CollateralType,
    redemptions: Mut[UncheckedAccount],
    admin: Signer,
    minute_factor: u256,
    floor: u256,
    ratio_max: u256,
) -> None:
    """Allow redemptions from a collateral type, with a base rate of zero."""
    require_admin(engine, admin)
    require_engine(collateral_type.engine, engine, collateral_type)
    within = max(minute_factor, floor) <= WAD
    require(within, StablecoinError.InvalidParameter, "factor and floor are at most 1")
    Redemptions.view(redemptions).initialize(
        collateral_type=collateral_type.key,
        minute_factor=minute_factor,
        floor=floor,
        updated_at=ctx.clock.unix_timestamp,
        ratio_max=ratio_max,
    )


@stablecoin.instruction(tag=56)
def redeem(
    ctx: Context,
    engine: Engine,
    collateral_type: CollateralType,
    feed: Feed,
    redemptions: Mut[Redemptions],
    shard: Mut[DebtShard],
    position: Mut[Position],
    coin_mint: Mut[Mint],
    source: Mut[TokenAccount],
    collateral_balance: Mut[CollateralBalance],
    fee_balance: Mut[CollateralBalance],
    redeemer: Signer,
    amount: u64,
    rate_max: u256,
) -> None:
    """Burn tokens of the coin for collateral of a position, less a fee of at most `rate_max` [wad].

    At the price that the feed tells now: an older one would be redeemed against at a profit.
    Collateral and debt are rounded down: what of the coins cancels no debt are fees.
    """
    require_live(engine)
    require_position(engine, collateral_type, shard, position)
    require_type(redemptions.collateral_type, collateral_type, redemptions)
    for balance in (collateral_balance, fee_balance):
        require_type(balance.collateral_type, collateral_type, balance)
    require(fee_balance.holder == engine.admin, StablecoinError.WrongAccount, account=fee_balance)
    require_key(engine.coin_mint, coin_mint)
    rate_now = rate_at(engine, collateral_type, ctx.clock.unix_timestamp)
    price = price_now(ctx, collateral_type, feed)
    safe_price = ray_quotient(price, collateral_type.ratio)
    terms = Terms(rate_now, safe_price, collateral_type.floor)
    fold(shard, terms.rate)
    _require_redeemable(position, terms, price, redemptions.ratio_max)
    base_rate = _raise(ctx, redemptions, amount, coin_mint.supply)
    rate = redemption_rate(base_rate, redemptions.floor)
    require(rate <= rate_max, StablecoinError.FeeTooHigh)
    coins = coins_of(amount, engine.coin_scale)
    collateral = take_redeemed(position, shard, terms, coins, price)
    fee = redemption_fee(rate, collateral)
    burn_in(ctx, coin_mint, source, redeemer, amount)
    collateral_balance.amount += collateral - fee
    fee_balance.amount += fee
    ctx.emit(
        Redeemed(
            position=position.key,
            coins=amount,
            collateral=collateral,
            fee=fee,
            base_rate=base_rate,
        )
    )


@stablecoin.instruction(tag=57)
def quote_redemption(ctx: Context, redemptions: Redemptions) -> None:
    """Return what a redemption would cost now, before its own rise, as a RedemptionQuote."""
    elapsed_s = ctx.clock.unix_timestamp - redemptions.updated_at
    base_rate = decayed(redemptions.base_rate, redemptions.minute_factor, elapsed_s)
    quote = RedemptionQuote(
        minutes=minutes_in(elapsed_s),
        base_rate=base_rate,
        rate=redemption_rate(base_rate, redemptions.floor),
    )
    ctx.set_return_data(quote.encode())


def take_redeemed(
    position: Position, shard: DebtShard, terms: Terms, coins: int, price: int
) -> int:
    """Cancel debt of a position for coins [rad]; the collateral [wad] that goes for it."""
    debt = coins // terms.rate
    collateral = coins // price
    enough = debt <= position.normalized_debt and collateral <= position.collateral
    require(enough, StablecoinError.RedemptionTooLarge)
    position.normalized_debt -= debt
    position.collateral -= collateral
    shard.normalized_debt -= debt
    shard.fees += coins - debt * terms.rate
    require_enough_debt(position, terms)
    return collateral


def _raise(ctx: Context, redemptions: Redemptions, amount: int, supply: int) -> int:
    """Bring the base rate up to now, and raise it by what is redeemed."""
    now = ctx.clock.unix_timestamp
    elapsed_s = now - redemptions.updated_at
    base_rate = decayed(redemptions.base_rate, redemptions.minute_factor, elapsed_s)
    redemptions.base_rate = raised(base_rate, amount, supply)
    redemptions.updated_at = fee_time(redemptions.updated_at, now)
    return redemptions.base_rate


def _require_redeemable(position: Position, terms: Terms, price: int, ratio_max: int) -> None:
    require(price > 0, StablecoinError.InvalidPrice)
    owed = debt_of(position, terms.rate)
    require(owed > 0, StablecoinError.NotRedeemable, account=position)
    ratio = ray_quotient(fits_u256(position.collateral * price) // RAY, owed // RAY or 1)
    within = not is_unsafe(position, terms) and ratio <= ratio_max
    require(within, StablecoinError.NotRedeemable, account=position)
