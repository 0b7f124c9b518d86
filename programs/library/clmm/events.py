"""Events of the program. Amounts are those of the reference: negative is what the pool pays."""

from __future__ import annotations

from ...kit import Layout, Pubkey, i32, i128, u8, u16, u64, u128, u256


class PoolInitialized(Layout, discriminator=b"\x00"):
    """A pool has its first price."""

    pool: Pubkey
    sqrt_price: u256
    tick: i32


class LiquidityChanged(Layout, discriminator=b"\x01"):
    """Liquidity was added (above zero) or taken out, for these amounts."""

    pool: Pubkey
    position: Pubkey
    liquidity: i128
    amount0: i128
    amount1: i128


class Collected(Layout, discriminator=b"\x02"):
    """Tokens owed to a position were paid out."""

    pool: Pubkey
    position: Pubkey
    amount0: u64
    amount1: u64


class Swapped(Layout, discriminator=b"\x03"):
    """A swap, and the pool's price after it."""

    pool: Pubkey
    zero_for_one: bool
    amount_in: u64
    amount_out: u64
    sqrt_price: u256
    liquidity: u128
    tick: i32


class Flashed(Layout, discriminator=b"\x04"):
    """A flash loan, and what was paid on top of it."""

    pool: Pubkey
    amount0: u64
    amount1: u64
    paid0: u64
    paid1: u64


class FeeProtocolSet(Layout, discriminator=b"\x05"):
    """The denominators of the protocol's share."""

    pool: Pubkey
    fee_protocol0: u8
    fee_protocol1: u8


class ProtocolFeesCollected(Layout, discriminator=b"\x06"):
    """The protocol's share was paid out."""

    pool: Pubkey
    amount0: u64
    amount1: u64


class CardinalityIncreased(Layout, discriminator=b"\x07"):
    """More past prices will be kept."""

    pool: Pubkey
    cardinality: u16
