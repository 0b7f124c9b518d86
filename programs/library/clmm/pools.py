"""Making a pool and its tick arrays, and the protocol's share of its fees."""

from __future__ import annotations

from ...kit import (
    Context,
    Mut,
    Signer,
    UncheckedAccount,
    i32,
    require,
    u8,
    u16,
    u32,
    u64,
    u256,
)
from ..authorities import authority_seeds, found_authority
from ..token import AccountState, TokenAccount
from ..token_moves import move_out
from .accounts import Authority, require_tick_map, require_vaults
from .errors import ClmmError
from .events import FeeProtocolSet, PoolInitialized, ProtocolFeesCollected
from .maths.fixed_point import FEE_UNIT
from .maths.tick_prices import tick_at
from .program import clmm
from .state import Observations, Pool, TickArray, TickArrayMap
from .transitions.observations import TIME_END
from .transitions.swaps import find_range, set_tick
from .transitions.tick_arrays import TickArrays, array_count, array_number, array_start

TICK_SPACING_END = 16_384
_SHARES = (0, *range(4, 11))


@clmm.instruction(tag=0)
def initialize_pool(
    ctx: Context,
    pool: Mut[UncheckedAccount],
    tick_map: Mut[UncheckedAccount],
    observations: Mut[UncheckedAccount],
    vault0: TokenAccount,
    vault1: TokenAccount,
    authority: Authority,
    admin: Signer,
    fee_pips: u32,
    tick_spacing: u16,
    sqrt_price: u256,
) -> None:
    """Make a pool of two tokens, with a fee in millionths, and give it a price.

    The three accounts are created before, zeroed and owned by this program; the vaults are token
    accounts of the authority. `admin` decides about the protocol's share.
    """
    require(not any(pool.data), ClmmError.AlreadyInitialized, account=pool)
    require(fee_pips < FEE_UNIT, ClmmError.FeeInvalid)
    require(0 < tick_spacing < TICK_SPACING_END, ClmmError.FeeInvalid)
    for vault in (vault0, vault1):
        owned = vault.token_owner == authority.key and vault.state is AccountState.Initialized
        alone = vault.delegate is None and vault.close_authority is None
        require(owned and alone, ClmmError.WrongAccount, account=vault)
    require(vault0.mint != vault1.mint, ClmmError.WrongAccount, account=vault1)
    tick = tick_at(sqrt_price)
    _, bump = found_authority(pool.key, clmm.id)
    state = Pool.view(pool)
    state.initialize(
        admin=admin.key,
        mint0=vault0.mint,
        mint1=vault1.mint,
        vault0=vault0.key,
        vault1=vault1.key,
        bump=bump,
        tick_arrays=tick_map.key,
        observations=observations.key,
        fee_pips=fee_pips,
        tick_spacing=tick_spacing,
        sqrt_price=sqrt_price,
    )
    state = Pool.view(pool)
    set_tick(state, tick)
    find_range(state, TickArrays([], tick_spacing, present=0))
    bits = bytes(-(-array_count(tick_spacing) // 8))
    TickArrayMap.view(tick_map).initialize(pool=pool.key, bits=bits)
    Observations.view(observations).initialize(
        pool=pool.key,
        cardinality=1,
        cardinality_next=1,
        newest_at=ctx.clock.unix_timestamp % TIME_END,
    )
    ctx.emit(PoolInitialized(pool=pool.key, sqrt_price=sqrt_price, tick=tick))


@clmm.instruction(tag=1)
def initialize_tick_array(
    pool: Pool, tick_map: Mut[TickArrayMap], tick_array: Mut[UncheckedAccount], start: i32
) -> None:
    """Make the tick array that starts at a tick; anybody may, once for each."""
    require_tick_map(pool, tick_map)
    spacing = pool.tick_spacing
    require(array_start(start, spacing) == start, ClmmError.TickArrayStart)
    number = array_number(start, spacing)
    require(0 <= number < array_count(spacing), ClmmError.TickArrayStart)
    bits = int.from_bytes(tick_map.bits, "little")
    require(not bits >> number & 1, ClmmError.TickArrayExists, account=tick_array)
    tick_map.bits = (bits | 1 << number).to_bytes(len(tick_map.bits), "little")
    TickArray.view(tick_array).initialize(pool=pool.key, start=start)


@clmm.instruction(tag=2)
def set_fee_protocol(
    ctx: Context, pool: Mut[Pool], admin: Signer, fee_protocol0: u8, fee_protocol1: u8
) -> None:
    """Set the protocol's share of the fee in either token: 0 is none, 4 to 10 are 1/4 to 1/10."""
    require(pool.admin == admin.key, ClmmError.WrongOwner, account=admin)
    for share in (fee_protocol0, fee_protocol1):
        require(share in _SHARES, ClmmError.FeeInvalid, f"the protocol cannot take 1/{share}")
    pool.fee_protocol0, pool.fee_protocol1 = fee_protocol0, fee_protocol1
    ctx.emit(
        FeeProtocolSet(pool=pool.key, fee_protocol0=fee_protocol0, fee_protocol1=fee_protocol1)
    )


@clmm.instruction(tag=3)
def collect_protocol(
    ctx: Context,
    pool: Mut[Pool],
    vault0: Mut[UncheckedAccount],
    vault1: Mut[UncheckedAccount],
    destination0: Mut[UncheckedAccount],
    destination1: Mut[UncheckedAccount],
    authority: Authority,
    admin: Signer,
    amount0: u64,
    amount1: u64,
) -> None:
    """Pay out the protocol's fees, as far as there are as many."""
    require(pool.admin == admin.key, ClmmError.WrongOwner, account=admin)
    require_vaults(pool, vault0, vault1)
    amount0 = min(amount0, pool.protocol_fees0)
    amount1 = min(amount1, pool.protocol_fees1)
    pool.protocol_fees0 -= amount0
    pool.protocol_fees1 -= amount1
    seeds = authority_seeds(pool.key, pool.bump)
    move_out(ctx, vault0, destination0, authority, seeds, amount0)
    move_out(ctx, vault1, destination1, authority, seeds, amount1)
    ctx.emit(ProtocolFeesCollected(pool=pool.key, amount0=amount0, amount1=amount1))
