"""Stability pools, after Liquity: depositors buy the collateral of unsafe positions for their debt.

A loss writes the pool and the current sum, however many depositors there are. Deposits and losses
of a pool wait for each other; a collateral type may have several pools, and who liquidates names
one. Gains are shared as rads, with as many decimals as the coins that they are shared by. What is
left of a deposit and what it gained are rounded down: the pool keeps the rest.
"""

from __future__ import annotations

from ....kit import Context, Mut, Pubkey, Signer, UncheckedAccount, fail, require, u256
from ...units import WAD
from ..errors import StablecoinError
from ..program import stablecoin
from ..relations import require_engine, require_key, require_live, require_position, require_type
from ..rules.debt import fold, is_unsafe, require_enough_debt, terms_at
from ..rules.fixed_point import RAY
from ..rules.loss_sharing import Step, earned, left, shared
from ..state import (
    CoinBalance,
    CollateralBalance,
    CollateralType,
    DebtShard,
    Engine,
    Position,
)
from .state import StabilityDeposit, StabilityGains, StabilityPool

NONE_YET = Pubkey(bytes(32))


@stablecoin.instruction(tag=59)
def initialize_stability_pool(collateral_type: CollateralType, pool: Mut[UncheckedAccount]) -> None:
    """Make a pool for positions of a collateral type. Anyone may."""
    kind = collateral_type.key
    StabilityPool.view(pool).initialize(collateral_type=kind, product=WAD, gains=NONE_YET)


@stablecoin.instruction(tag=60)
def open_gains(pool: Mut[StabilityPool], gains: Mut[UncheckedAccount]) -> None:
    """Make the sum of a pool's current epoch and scale, which has none yet. Anyone may."""
    require(pool.gains == NONE_YET, StablecoinError.AlreadyInitialized, account=pool)
    place = {"epoch": pool.epoch, "scale": pool.scale}
    StabilityGains.view(gains).initialize(pool=pool.key, **place)
    pool.gains = gains.key


@stablecoin.instruction(tag=61)
def open_deposit(
    pool: StabilityPool, deposit: Mut[UncheckedAccount], holder: UncheckedAccount
) -> None:
    """Make an empty deposit in a pool."""
    StabilityDeposit.view(deposit).initialize(pool=pool.key, holder=holder.key)


@stablecoin.instruction(tag=62)
def change_deposit(
    engine: Engine,
    collateral_type: CollateralType,
    pool: Mut[StabilityPool],
    gains: StabilityGains,
    gains_then: StabilityGains,
    gains_after: StabilityGains | None,
    deposit: Mut[StabilityDeposit],
    coin_balance: Mut[CoinBalance],
    collateral_balance: Mut[CollateralBalance],
    holder: Signer,
    coins_in: u256,
    coins_out: u256,
) -> None:
    """Put coins [rad] in, take some out, and take all of the collateral gained.

    More is not taken out than is left. `gains` is the pool's current sum, `gains_then` that of the
    deposit's time, and `gains_after` that of the scale after it, if there was one.
    """
    require_engine(collateral_type.engine, engine, collateral_type)
    require_type(pool.collateral_type, collateral_type, pool)
    require_key(deposit.pool, pool)
    require_key(pool.gains, gains)
    require_type(collateral_balance.collateral_type, collateral_type, collateral_balance)
    require_engine(coin_balance.engine, engine, coin_balance)
    for owner in (deposit.holder, coin_balance.holder):
        require(owner == holder.key, StablecoinError.NotAllowed, account=holder)
    gained = _gained(pool, deposit, gains_then, gains_after)
    pool.collateral -= gained
    collateral_balance.amount += gained
    place = (deposit.product, deposit.epoch, deposit.scale)
    value = left(deposit.coins, place, pool)
    paid = min(coins_out, value)
    coins = coin_balance.coins + paid
    require(coins_in <= coins, StablecoinError.InsufficientCoins, account=coin_balance)
    coin_balance.coins = coins - coins_in
    pool.total += coins_in - paid
    deposit.coins = value + coins_in - paid
    deposit.product, deposit.epoch, deposit.scale = pool.product, pool.epoch, pool.scale
    deposit.sum = gains.sum


@stablecoin.instruction(tag=63)
def liquidate_by_pool(
    ctx: Context,
    engine: Engine,
    collateral_type: CollateralType,
    shard: Mut[DebtShard],
    position: Mut[Position],
    pool: Mut[StabilityPool],
    gains: Mut[StabilityGains],
    caller: Signer,
) -> None:
    """Pay the debt of an unsafe position, or a part of it, with a pool's coins. Anyone may.

    The same part of its collateral, rounded down, becomes the pool's.
    """
    del caller
    require_live(engine)
    require_position(engine, collateral_type, shard, position)
    require_type(pool.collateral_type, collateral_type, pool)
    require_key(pool.gains, gains)
    terms = terms_at(engine, collateral_type, ctx.clock.unix_timestamp)
    require(is_unsafe(position, terms), StablecoinError.StillSafe, account=position)
    fold(shard, terms.rate)
    debt = min(position.normalized_debt, pool.total // terms.rate)
    require(debt > 0, StablecoinError.NothingToAuction, account=pool)
    collateral = position.collateral * debt // position.normalized_debt
    step, added = shared(pool, debt * terms.rate, collateral * RAY)
    gains.sum += added
    if step is not Step.NONE:
        gains.continued = step is Step.SCALE
        pool.gains = NONE_YET
    pool.collateral += collateral
    position.collateral -= collateral
    position.normalized_debt -= debt
    shard.normalized_debt -= debt
    require_enough_debt(position, terms)


def _gained(
    pool: StabilityPool,
    deposit: StabilityDeposit,
    then: StabilityGains,
    after: StabilityGains | None,
) -> int:
    """The collateral [wad] that a deposit has gained."""
    if deposit.coins == 0:
        return 0
    _require_place(pool, then, deposit.epoch, deposit.scale)
    following = 0
    if then.continued:
        if after is None:
            fail(StablecoinError.WrongAccount, "the sum of the scale after is missing")
        _require_place(pool, after, deposit.epoch, deposit.scale + 1)
        following = after.sum
    return earned(deposit.coins, deposit.product, then.sum - deposit.sum, following) // RAY


def _require_place(pool: StabilityPool, gains: StabilityGains, epoch: int, scale: int) -> None:
    require_key(gains.pool, pool)
    right = gains.epoch == epoch and gains.scale == scale
    require(right, StablecoinError.WrongAccount, account=gains)
