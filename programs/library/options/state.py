"""Layouts of the options program's accounts.

Strikes and prices have 8 decimals, and so have options; bounds and rates 27. All lie in accounts
that the caller creates for the program beforehand, empty. Token accounts of the program are owned
by the product's *authority*, the address derived from `authority` and the product; any number of
them may hold collateral, or options of a series (its *stock*).
"""

from __future__ import annotations

from typing import Annotated, Final

from ...kit import Layout, Pubkey, Size, i64, u8, u32, u64, u128

NOBODY: Final = Pubkey(bytes(32))
BOUNDS_MAX: Final = 8


class MarginParams(Layout):
    """What naked margin is by. Fractions have 27 decimals.

    `times_s`: ascending times to expiry, 0 behind the last one; `bounds`: the most that an option
    is worth at each. `deviation`: of the oracle, for auctions. `dust`: a margined vault holds more.
    """

    spot_shock: u128
    deviation: u128
    dust: u64
    times_s: Annotated[list[u64], Size(BOUNDS_MAX)]
    bounds: Annotated[list[u128], Size(BOUNDS_MAX)]


class Product(Layout, discriminator=b"optprodu"):
    """Puts or calls on one asset, at strikes in another, backed by a third or one of the two.

    Nobody writes it but the admin. `margined`: vaults may hold less than all they can owe, or
    collateral of another kind; `converts`: they do. `window_s`: for how long after
    expiry anybody may set the prices.
    """

    admin: Pubkey
    underlying: Pubkey
    strike_asset: Pubkey
    collateral: Pubkey
    underlying_feed: Pubkey
    strike_feed: Pubkey
    collateral_feed: Pubkey
    authority: Pubkey
    bump: u8
    is_put: bool
    margined: bool
    converts: bool
    unit: u128
    shrink: u128
    price_age_max_s: u32
    window_s: u32
    spot_shock: u128
    deviation: u128
    dust: u64
    times_s: Annotated[list[u64], Size(BOUNDS_MAX)]
    bounds: Annotated[list[u128], Size(BOUNDS_MAX)]


class Expiry(Layout, discriminator=b"optexpir"):
    """A time at which options of a product expire, and the prices then: one for all its series."""

    product: Pubkey
    at: i64
    final: bool
    underlying_price: u64
    strike_price: u64
    collateral_price: u64


class Series(Layout, discriminator=b"optserie"):
    """Options that are alike. Never written again; most of it is the product's."""

    product: Pubkey
    expiry: Pubkey
    mint: Pubkey
    mint_bump: u8
    underlying: Pubkey
    strike_asset: Pubkey
    collateral: Pubkey
    is_put: bool
    strike: u64
    expires_at: i64
    unit: u128
    shrink: u128


class Vault(Layout, discriminator=b"optvault"):
    """One writer's options and collateral. Only its writer's calls write it, and liquidations.

    `short`, `long`: series, if the amount is not 0. `updated_at`: the writer's last change.
    `auction_at`: since when it is auctioned, at which price of the underlying; 0: it is not.
    """

    product: Pubkey
    writer: Pubkey
    margined: bool
    short: Pubkey
    long: Pubkey
    short_amount: u64
    long_amount: u64
    collateral: u64
    updated_at: i64
    auction_at: i64
    auction_price: u64
