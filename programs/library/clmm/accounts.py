"""The accounts that belong to a pool: checks, and the address that owns its vaults."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, TypeAlias

from ...kit import Context, Seeds, UncheckedAccount, require
from ..authorities import AUTHORITY_SEED
from .errors import ClmmError
from .state import Observations, Pool, Position, TickArray, TickArrayMap
from .transitions.observations import TIME_END
from .transitions.tick_arrays import TickArrays

# The address that owns the pool's vaults. A call may leave it out.
Authority: TypeAlias = Annotated[UncheckedAccount, Seeds(AUTHORITY_SEED, "pool")]


def now(ctx: Context) -> int:
    """Seconds of the clock, in 32 bits as observations have them."""
    return ctx.clock.unix_timestamp % TIME_END


def require_vaults(pool: Pool, vault0: UncheckedAccount, vault1: UncheckedAccount) -> None:
    """Fails with WrongAccount unless these are the pool's vaults."""
    require(vault0.key == pool.vault0, ClmmError.WrongAccount, account=vault0)
    require(vault1.key == pool.vault1, ClmmError.WrongAccount, account=vault1)


def require_observations(pool: Pool, past: Observations) -> None:
    """Fails with WrongAccount unless these are the pool's observations."""
    require(past.key == pool.observations, ClmmError.WrongAccount, account=past)


def require_tick_map(pool: Pool, tick_map: TickArrayMap) -> None:
    """Fails with WrongAccount unless this is the pool's map."""
    require(tick_map.key == pool.tick_arrays, ClmmError.WrongAccount, account=tick_map)


def require_position(pool: Pool, position: Position, owner: UncheckedAccount) -> None:
    """Fails unless the position is one of this pool and this owner."""
    require(position.pool == pool.key, ClmmError.WrongAccount, account=position)
    require(position.holder == owner.key, ClmmError.WrongOwner, account=owner)


def ticks_of(
    pool: Pool, arrays: Sequence[TickArray], known: TickArrayMap | None = None
) -> TickArrays:
    """The ticks in these arrays, all of which must be the pool's.

    Without the pool's map, an array not given counts as one that the pool has.
    """
    for array in arrays:
        require(array.pool == pool.key, ClmmError.WrongAccount, account=array)
    if known is None:
        return TickArrays(arrays, pool.tick_spacing)
    require_tick_map(pool, known)
    present = int.from_bytes(known.bits, "little")
    return TickArrays(arrays, pool.tick_spacing, present)
