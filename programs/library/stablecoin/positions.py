"""Positions: locking collateral and drawing coins against it, and the reverse.

`adjust` is Maker's `frob`, with anyone's balances, if they consent. `lock`, `free`, `draw` and
`repay` are its four common forms, for owners with balances of their own.

Hot accounts: none but the shard, which only the positions in it write. Engine and collateral type
are read: the rate is folded from the time, and fees wait in the shard until they are collected.
"""

from __future__ import annotations

from ...kit import Context, Mut, Signer, UncheckedAccount, i256, require, u256
from .errors import StablecoinError
from .events import Adjusted
from .program import stablecoin
from .relations import (
    consents,
    require_consent,
    require_engine,
    require_live,
    require_position,
    require_type,
)
from .rules.debt import (
    at_least_zero,
    change,
    fold,
    move_debt,
    require_below_ceiling,
    require_enough_debt,
    require_sound,
    terms_at,
)
from .state import (
    CoinBalance,
    CollateralBalance,
    CollateralType,
    DebtShard,
    Engine,
    Position,
)


@stablecoin.instruction(tag=13)
def adjust(
    ctx: Context,
    engine: Engine,
    collateral_type: CollateralType,
    shard: Mut[DebtShard],
    position: Mut[Position],
    collateral_balance: Mut[CollateralBalance],
    coin_balance: Mut[CoinBalance],
    caller: Signer,
    permissions: list[UncheckedAccount],
    collateral: i256,
    debt: i256,
) -> None:
    """Change a position's collateral and normalized debt [wad] by signed amounts.

    Collateral comes from or goes to the collateral balance, coins the other way. Consent, by a
    signature or one of the `permissions`, is needed of the position's owner unless its cover grows,
    of the collateral balance's if it pays, and of the coin balance's if it pays.
    """
    require_live(engine)
    require_position(engine, collateral_type, shard, position)
    require_type(collateral_balance.collateral_type, collateral_type, collateral_balance)
    require_engine(coin_balance.engine, engine, coin_balance)
    terms = terms_at(engine, collateral_type, ctx.clock.unix_timestamp)
    fold(shard, terms.rate)
    drawn = change(position, shard, terms, collateral, debt)
    payers = (
        (debt > 0 or collateral < 0, position.holder),
        (collateral > 0, collateral_balance.holder),
        (debt < 0, coin_balance.holder),
    )
    for pays, owner in payers:
        allowed = not pays or consents(owner, caller, engine, permissions)
        require(allowed, StablecoinError.NotAllowed, account=caller)
    require_enough_debt(position, terms)
    collateral_balance.amount = at_least_zero(
        collateral_balance.amount - collateral, StablecoinError.InsufficientCollateral
    )
    coin_balance.coins = at_least_zero(
        coin_balance.coins + drawn, StablecoinError.InsufficientCoins
    )
    ctx.emit(Adjusted(position=position.key, collateral=collateral, debt=debt, rate=terms.rate))


@stablecoin.instruction(tag=14)
def lock(
    collateral_type: CollateralType,
    position: Mut[Position],
    balance: Mut[CollateralBalance],
    holder: Signer,
    amount: u256,
) -> None:
    """Lock collateral [wad] in a position. It writes no account that others write."""
    require_type(position.collateral_type, collateral_type, position)
    require_type(balance.collateral_type, collateral_type, balance)
    require(balance.holder == holder.key, StablecoinError.NotAllowed, account=holder)
    require(amount <= balance.amount, StablecoinError.InsufficientCollateral, account=balance)
    balance.amount -= amount
    position.collateral += amount


@stablecoin.instruction(tag=15)
def free(
    ctx: Context,
    engine: Engine,
    collateral_type: CollateralType,
    position: Mut[Position],
    balance: Mut[CollateralBalance],
    holder: Signer,
    amount: u256,
) -> None:
    """Take collateral [wad] out of one's own position. It writes no account that others write."""
    require_live(engine)
    require_engine(collateral_type.engine, engine, collateral_type)
    require_type(position.collateral_type, collateral_type, position)
    require_type(balance.collateral_type, collateral_type, balance)
    require(position.holder == holder.key, StablecoinError.NotAllowed, account=holder)
    require(amount <= position.collateral, StablecoinError.InsufficientCollateral)
    position.collateral -= amount
    balance.amount += amount
    require_sound(position, terms_at(engine, collateral_type, ctx.clock.unix_timestamp))


@stablecoin.instruction(tag=16)
def draw(
    ctx: Context,
    engine: Engine,
    collateral_type: CollateralType,
    shard: Mut[DebtShard],
    position: Mut[Position],
    coin_balance: Mut[CoinBalance],
    holder: Signer,
    debt: u256,
) -> None:
    """Draw coins against one's own position: `debt` [wad, normalized] at the rate of now."""
    require_live(engine)
    require_position(engine, collateral_type, shard, position)
    require_engine(coin_balance.engine, engine, coin_balance)
    require(position.holder == holder.key, StablecoinError.NotAllowed, account=holder)
    terms = terms_at(engine, collateral_type, ctx.clock.unix_timestamp)
    fold(shard, terms.rate)
    coin_balance.coins += change(position, shard, terms, 0, debt)
    require_enough_debt(position, terms)


@stablecoin.instruction(tag=17)
def repay(
    ctx: Context,
    engine: Engine,
    collateral_type: CollateralType,
    shard: Mut[DebtShard],
    position: Mut[Position],
    coin_balance: Mut[CoinBalance],
    payer: Signer,
    debt: u256,
) -> None:
    """Repay `debt` [wad, normalized] of any position from one's own coins, at the rate of now."""
    require_live(engine)
    require_position(engine, collateral_type, shard, position)
    require_engine(coin_balance.engine, engine, coin_balance)
    require(coin_balance.holder == payer.key, StablecoinError.NotAllowed, account=payer)
    terms = terms_at(engine, collateral_type, ctx.clock.unix_timestamp)
    fold(shard, terms.rate)
    coins = coin_balance.coins + change(position, shard, terms, 0, 0 - debt)
    require_enough_debt(position, terms)
    coin_balance.coins = at_least_zero(coins, StablecoinError.InsufficientCoins)


@stablecoin.instruction(tag=18)
def fork(
    ctx: Context,
    engine: Engine,
    collateral_type: CollateralType,
    source_shard: Mut[DebtShard],
    destination_shard: Mut[DebtShard],
    source: Mut[Position],
    destination: Mut[Position],
    caller: Signer,
    permissions: list[UncheckedAccount],
    collateral: i256,
    debt: i256,
) -> None:
    """Move collateral and normalized debt [wad, signed] from one position to another.

    Both owners must consent, and both positions be safe and owe enough afterwards. The positions
    may be of different shards: the other one's ceiling holds, too.
    """
    require_position(engine, collateral_type, source_shard, source)
    require_position(engine, collateral_type, destination_shard, destination)
    terms = terms_at(engine, collateral_type, ctx.clock.unix_timestamp)
    for shard in (source_shard, destination_shard):
        fold(shard, terms.rate)
    move_debt(source, destination, collateral, debt)
    source_shard.normalized_debt -= debt
    destination_shard.normalized_debt += debt
    if source_shard.key != destination_shard.key:
        require_below_ceiling(destination_shard)
    for position in (source, destination):
        require_consent(position.holder, caller, engine, permissions)
    for position in (source, destination):
        require_sound(position, terms)
