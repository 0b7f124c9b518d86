"""Layouts of the amm program's accounts.

All lie in accounts that the caller creates for the program beforehand, empty. A pool's vaults and
its share mint belong to its *authority*, the address derived from `[b"authority", pool]`.
"""

from __future__ import annotations

from ...kit import COption, Layout, Pubkey, is_none, select, u8, u32, u64, u128, u256
from .curves.curve import Curve, CurveKind
from .curves.fees import Fees
from .fraction import Fraction


class Exchange(Layout, discriminator=b"amm:exch"):
    """Who opens fee tiers, and whether the protocol takes its part of the fees, and for whom."""

    authority: Pubkey
    fee_to: COption[Pubkey]

    @property
    def fee_on(self) -> bool:
        """Whether the protocol takes its part."""
        return select(is_none(self.fee_to), False, True)


class FeeTier(Layout, discriminator=b"amm:tier"):
    """A fee that pools of the exchange may have. Pools copy it, so that swaps need not read it."""

    exchange: Pubkey
    fee_numerator: u64
    fee_denominator: u64


class Pool(Layout, discriminator=b"amm:pool"):
    """A constant-product pool with the fees, shares and price sums of a Uniswap v2 pair.

    `supply` counts all shares: those minted, those locked for ever, and `protocol_shares`, which
    are minted when collected. `last_product` is v2's kLast.
    """

    exchange: Pubkey
    tier: Pubkey
    mint_a: Pubkey
    mint_b: Pubkey
    vault_a: Pubkey
    vault_b: Pubkey
    share_mint: Pubkey
    bump: u8
    fee_numerator: u64
    fee_denominator: u64
    reserve_a: u64
    reserve_b: u64
    supply: u64
    protocol_shares: u64
    last_product: u128
    price_a_sum: u256
    price_b_sum: u256
    updated_at: u32


class CurvePool(Layout, discriminator=b"amm:curv"):
    """A pool on one of SPL token-swap's curves, with its four fees.

    `supply` counts `owner_shares` and what hosts are owed: those are minted when collected.
    """

    mint_a: Pubkey
    mint_b: Pubkey
    vault_a: Pubkey
    vault_b: Pubkey
    share_mint: Pubkey
    fee_owner: Pubkey
    bump: u8
    kind: CurveKind
    parameter: u64
    reserve_a: u64
    reserve_b: u64
    supply: u64
    owner_shares: u64
    trade_fee_numerator: u64
    trade_fee_denominator: u64
    owner_trade_fee_numerator: u64
    owner_trade_fee_denominator: u64
    owner_withdraw_fee_numerator: u64
    owner_withdraw_fee_denominator: u64
    host_fee_numerator: u64
    host_fee_denominator: u64

    @property
    def curve(self) -> Curve:
        """The curve with its parameter."""
        return Curve(self.kind, self.parameter)

    @property
    def fees(self) -> Fees:
        """The four fees."""
        return Fees(
            Fraction(self.trade_fee_numerator, self.trade_fee_denominator),
            Fraction(self.owner_trade_fee_numerator, self.owner_trade_fee_denominator),
            Fraction(self.owner_withdraw_fee_numerator, self.owner_withdraw_fee_denominator),
            Fraction(self.host_fee_numerator, self.host_fee_denominator),
        )


class HostFees(Layout, discriminator=b"amm:host"):
    """The shares of one pool that a host, who brings traders, is owed."""

    pool: Pubkey
    host: Pubkey
    shares: u64
