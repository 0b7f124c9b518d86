"""Savings: coins that grow by a rate, after Maker's Pot.

A saver's shares are worth the index, which `drip_savings` brings up to now: as in the reference,
who joins must do so in the same second. One `drip_savings` a block lets all others of the block
read the pot. Interest waits in the shard until it becomes the treasury's bad debt.
"""

from __future__ import annotations

from ...kit import Context, Mut, Signer, UncheckedAccount, rarely, require, u256
from .errors import StablecoinError
from .program import stablecoin
from .relations import require_admin, require_engine, require_key, require_live
from .rules.debt import grown
from .rules.fixed_point import RAY, fits_u256
from .state import CoinBalance, Engine, SavingsAccount, SavingsPot, SavingsShard


@stablecoin.instruction(tag=30)
def initialize_savings(
    ctx: Context, engine: Engine, pot: Mut[UncheckedAccount], admin: Signer
) -> None:
    """Make a pot, whose rate is 1: no interest."""
    require_admin(engine, admin)
    now = ctx.clock.unix_timestamp
    SavingsPot.view(pot).initialize(engine=engine.key, rate=RAY, index=RAY, updated_at=now)


@stablecoin.instruction(tag=31)
def initialize_savings_shard(pot: SavingsPot, shard: Mut[UncheckedAccount]) -> None:
    """Make a shard of a pot. Anyone may: how many there are changes no figure."""
    SavingsShard.view(shard).initialize(pot=pot.key, index=pot.index)


@stablecoin.instruction(tag=32)
def open_savings(
    shard: SavingsShard, account: Mut[UncheckedAccount], holder: UncheckedAccount
) -> None:
    """Make an empty savings account in a shard."""
    SavingsAccount.view(account).initialize(shard=shard.key, holder=holder.key)


@stablecoin.instruction(tag=33)
def set_savings_rate(
    ctx: Context, engine: Engine, pot: Mut[SavingsPot], admin: Signer, rate: u256
) -> None:
    """Set the savings rate [ray, a second]; the index must be of now. Below 1 it earns nothing."""
    require_admin(engine, admin)
    require_live(engine)
    require_engine(pot.engine, engine, pot)
    _require_now(ctx, pot)
    pot.rate = rate


@stablecoin.instruction(tag=34)
def drip_savings(ctx: Context, engine: Engine, pot: Mut[SavingsPot]) -> None:
    """Bring the index up to now; anyone may. Without interest once the engine is shut down."""
    require_engine(pot.engine, engine, pot)
    now = ctx.clock.unix_timestamp
    elapsed_s = now - pot.updated_at
    rate = max(pot.rate, RAY) if engine.live else RAY
    pot.index = grown(pot.index, rate, elapsed_s)
    pot.updated_at = now


@stablecoin.instruction(tag=35)
def join_savings(
    ctx: Context,
    pot: SavingsPot,
    shard: Mut[SavingsShard],
    account: Mut[SavingsAccount],
    coin_balance: Mut[CoinBalance],
    holder: Signer,
    shares: u256,
) -> None:
    """Buy shares [wad] at the index, which must be of now."""
    _require_savings(pot, shard, account, coin_balance, holder)
    _require_now(ctx, pot)
    fold_savings(shard, pot.index)
    cost = fits_u256(pot.index * shares)
    require(cost <= coin_balance.coins, StablecoinError.InsufficientCoins, account=coin_balance)
    coin_balance.coins -= cost
    account.shares += shares
    shard.shares += shares


@stablecoin.instruction(tag=36)
def exit_savings(
    pot: SavingsPot,
    shard: Mut[SavingsShard],
    account: Mut[SavingsAccount],
    coin_balance: Mut[CoinBalance],
    holder: Signer,
    shares: u256,
) -> None:
    """Sell shares [wad] at the index of the last update: `drip_savings` first earns the rest."""
    _require_savings(pot, shard, account, coin_balance, holder)
    fold_savings(shard, pot.index)
    require(shares <= account.shares, StablecoinError.InsufficientCoins, account=account)
    account.shares -= shares
    shard.shares -= shares
    coin_balance.coins += fits_u256(pot.index * shares)


@stablecoin.instruction(tag=37)
def settle_savings(
    engine: Engine,
    pot: SavingsPot,
    shard: Mut[SavingsShard],
    treasury: Mut[CoinBalance],
) -> None:
    """Make the interest of a shard bad debt of the treasury, which its fees cancel. Anyone may."""
    require_engine(pot.engine, engine, pot)
    require_key(shard.pot, pot)
    require_key(engine.treasury, treasury)
    fold_savings(shard, pot.index)
    treasury.bad_debt += shard.interest
    shard.interest = 0


def fold_savings(shard: SavingsShard, index: int) -> None:
    """Bring a shard up to an index: what its shares have grown is interest."""
    if rarely(shard.index != index):
        shard.interest += shard.shares * (index - shard.index)
        shard.index = index


def _require_savings(
    pot: SavingsPot,
    shard: SavingsShard,
    account: SavingsAccount,
    coin_balance: CoinBalance,
    holder: Signer,
) -> None:
    require_key(shard.pot, pot)
    require_key(account.shard, shard)
    require(coin_balance.engine == pot.engine, StablecoinError.WrongAccount, account=coin_balance)
    require(account.holder == holder.key, StablecoinError.NotAllowed, account=holder)
    require(coin_balance.holder == holder.key, StablecoinError.NotAllowed, account=holder)


def _require_now(ctx: Context, pot: SavingsPot) -> None:
    up_to_date = pot.updated_at == ctx.clock.unix_timestamp
    require(up_to_date, StablecoinError.RateNotUpdated, account=pot)
