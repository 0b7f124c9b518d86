"""Making the engine's accounts, each created empty by the system program before.

Vaults need no instruction: a vault is any token account of a collateral's mint that the engine's
authority owns. Several can serve one collateral type, so that deposits do not queue for one.
"""

from __future__ import annotations

from ...kit import (
    Context,
    InstructionErrors,
    Mut,
    Signer,
    UncheckedAccount,
    holds,
    require,
    u64,
    u256,
)
from ..authorities import found_authority
from ..token import Mint
from .errors import StablecoinError
from .program import stablecoin
from .relations import require_admin, require_engine, require_type
from .rules.fixed_point import RAY, WAD_DECIMALS
from .state import (
    CoinBalance,
    CollateralBalance,
    CollateralType,
    DebtShard,
    Engine,
    Position,
)


def scale_of(mint: Mint) -> int:
    """What turns an amount of a token into a wad."""
    require(
        mint.decimals <= WAD_DECIMALS,
        StablecoinError.InvalidParameter,
        "a token has at most 18 decimals",
        account=mint,
    )
    return 10 ** (WAD_DECIMALS - mint.decimals)


@stablecoin.instruction(tag=0)
def initialize_engine(
    ctx: Context,
    engine: Mut[UncheckedAccount],
    treasury: Mut[UncheckedAccount],
    coin_mint: Mint,
    admin: Signer,
    ceiling: u256,
) -> None:
    """Make an engine and its treasury; the engine's authority must be the coin's mint authority."""
    authority, bump = found_authority(engine.key, ctx.program_id)
    require(
        holds(coin_mint.mint_authority, authority),
        InstructionErrors.IncorrectAuthority,
        "the coin's mint authority is not this engine's",
        account=coin_mint,
    )
    Engine.view(engine).initialize(
        admin=admin.key,
        treasury=treasury.key,
        coin_mint=coin_mint.key,
        authority=authority,
        bump=bump,
        coin_scale=scale_of(coin_mint),
        live=True,
        ceiling=ceiling,
    )
    CoinBalance.view(treasury).initialize(engine=engine.key, holder=admin.key)


@stablecoin.instruction(tag=1)
def initialize_collateral_type(
    ctx: Context,
    engine: Engine,
    collateral_type: Mut[UncheckedAccount],
    collateral_mint: Mint,
    feed: UncheckedAccount,
    admin: Signer,
    ratio: u256,
    floor: u256,
    feed_age_max_s: u64,
) -> None:
    """Make a collateral type, without a fee and a price; `ratio` [ray] of collateral to debt."""
    require_admin(engine, admin)
    require(ratio > 0, StablecoinError.InvalidParameter, "the ratio is zero")
    CollateralType.view(collateral_type).initialize(
        engine=engine.key,
        collateral_mint=collateral_mint.key,
        feed=feed.key,
        feed_age_max_s=feed_age_max_s,
        scale=scale_of(collateral_mint),
        rate=RAY,
        fee=RAY,
        updated_at=ctx.clock.unix_timestamp,
        ratio=ratio,
        floor=floor,
    )


@stablecoin.instruction(tag=2)
def initialize_shard(
    engine: Engine,
    collateral_type: CollateralType,
    shard: Mut[UncheckedAccount],
    admin: Signer,
) -> None:
    """Make a shard of a collateral type, with a debt ceiling of zero."""
    require_admin(engine, admin)
    require_engine(collateral_type.engine, engine, collateral_type)
    rate = collateral_type.rate
    DebtShard.view(shard).initialize(collateral_type=collateral_type.key, rate=rate)


@stablecoin.instruction(tag=3)
def open_position(
    collateral_type: CollateralType,
    shard: DebtShard,
    position: Mut[UncheckedAccount],
    holder: Signer,
) -> None:
    """Make an empty position of the signer in a shard."""
    require_type(shard.collateral_type, collateral_type, shard)
    Position.view(position).initialize(
        collateral_type=collateral_type.key,
        shard=shard.key,
        holder=holder.key,
    )


@stablecoin.instruction(tag=4)
def open_collateral_balance(
    collateral_type: CollateralType,
    balance: Mut[UncheckedAccount],
    holder: UncheckedAccount,
) -> None:
    """Make an empty balance of a collateral."""
    kind, owner = collateral_type.key, holder.key
    CollateralBalance.view(balance).initialize(collateral_type=kind, holder=owner)


@stablecoin.instruction(tag=5)
def open_coin_balance(
    engine: Engine, balance: Mut[UncheckedAccount], holder: UncheckedAccount
) -> None:
    """Make an empty balance of coins."""
    CoinBalance.view(balance).initialize(engine=engine.key, holder=holder.key)
