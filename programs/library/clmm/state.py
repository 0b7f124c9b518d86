"""Layouts of the program's accounts.

A pool has one `Pool`, two vaults, one `TickArrayMap` and one `Observations`; a `TickArray` for
each 64 ticks of its spacing where positions begin or end; a `Position` for each owner and range.

    >>> from sealane.programs.library.clmm import TickArray
    >>> TickArray.layout_size
    9012
"""

from __future__ import annotations

from typing import Annotated, Final

from ...kit import Layout, Name, Pubkey, Size, i32, i64, i128, u8, u16, u32, u64, u128, u256

TICKS_PER_ARRAY: Final = 64  # a quarter of a word of the reference's bitmap; its bits fit u64


class Pool(Layout, discriminator=b"clmmpool"):
    """A pool: its tokens and fee, and where its price is.

    `floor_price` and `ceiling_price` are where the next step of a swap ends, in either direction;
    0 where that is not known. A swap between them needs no tick array. `tick_price` is the price at
    `tick`, `tick_end_price` that at the next. `fee_protocol0` and `1` are the denominators of the
    protocol's share of the fee; 0 takes none.
    """

    admin: Pubkey
    mint0: Pubkey
    mint1: Pubkey
    vault0: Pubkey
    vault1: Pubkey
    bump: u8
    tick_arrays: Pubkey
    observations: Pubkey
    fee_pips: u32
    tick_spacing: u16
    tick: i32
    sqrt_price: u256
    liquidity: u128
    fee_growth0: u256
    fee_growth1: u256
    protocol_fees0: u128
    protocol_fees1: u128
    fee_protocol0: u8
    fee_protocol1: u8
    floor_price: u256
    ceiling_price: u256
    tick_price: u256
    tick_end_price: u256


class TickArrayMap(Layout, discriminator=b"clmm-map"):
    """Which tick arrays the pool has: bit n for the n-th that could be, from the lowest tick up."""

    pool: Pubkey
    bits: bytes


class Tick(Layout):
    """What happens where positions begin or end. `outside`: on the other side of the price."""

    liquidity_gross: u128
    liquidity_net: i128
    fee_growth_outside0: u256
    fee_growth_outside1: u256
    tick_cumulative_outside: i64
    seconds_per_liquidity_outside: u256
    seconds_outside: u32


class TickArray(Layout, discriminator=b"clmmtick"):
    """64 ticks, from `start` up in the pool's spacing; `initialized` has a bit for each in use."""

    pool: Pubkey
    start: i32
    initialized: u64
    slots: Annotated[bytes, Size(TICKS_PER_ARRAY * Tick.layout_size)]


class Position(Layout, discriminator=b"clmmposn"):
    """An owner's liquidity between two ticks, and the tokens owed to it."""

    pool: Pubkey
    holder: Annotated[Pubkey, Name("owner")]
    lower: i32
    upper: i32
    liquidity: u128
    fee_growth_inside0: u256
    fee_growth_inside1: u256
    owed0: u128
    owed1: u128


class Observation(Layout):
    """Sums over time, up to `at`: of the tick, and of seconds per liquidity (Q128, mod 2 ** 160).

    `at` is in seconds, mod 2 ** 32.
    """

    at: u32
    tick_cumulative: i64
    seconds_per_liquidity: u256
    initialized: bool


class Observations(Layout, discriminator=b"clmm-obs"):
    """The pool's past prices: a ring, of which `newest` (at `index`) is written last.

    The account's data beyond this holds the ring; `newest` is copied into it when it is no longer
    the newest. `cardinality` slots are in use, `cardinality_next` will be.
    """

    pool: Pubkey
    index: u16
    cardinality: u16
    cardinality_next: u16
    newest_at: u32
    newest_tick_cumulative: i64
    newest_seconds_per_liquidity: u256
