"""Layouts of the vault program's accounts, but those of intakes and of airdrops.

All lie in accounts that the caller creates for the program beforehand, empty.
"""

from __future__ import annotations

from typing import Final

from ....primitives.integers import U64_MAX
from ...kit import Layout, Pubkey, i64, u8, u16, u32, u64

OFFSET_MAX: Final = 18  # 10**18 shares fit 64 bits
UNLOCK_S_MAX: Final = 31_536_000
NO_LIMIT: Final = U64_MAX


class Vault(Layout, discriminator=b"vlt:valt"):
    """Assets of many owners, who hold shares of them.

    `virtual_shares`, `virtual_assets`: counted when shares are priced, and nobody's; both 0 in a
    vault without them. `idle`: assets in the idle vault that back shares; `debt`: what strategies
    have. `shares`: all that there are, with `fee_shares`, which are booked for the admin but not
    minted yet. `fees_owed`: assets in the idle vault that are the admin's. `profit_locked`: of a
    reported gain, what counted for nothing at `unlock_from`; all of it counts at `unlock_until`.
    """

    admin: Pubkey
    asset_mint: Pubkey
    share_mint: Pubkey
    idle_vault: Pubkey
    bump: u8
    entry_fee_bps: u16
    exit_fee_bps: u16
    performance_fee_bps: u16
    unlock_s: u32
    assets_max: u64
    virtual_shares: u64
    virtual_assets: u64
    idle: u64
    debt: u64
    shares: u64
    fee_shares: u64
    fees_owed: u64
    profit_locked: u64
    unlock_from: i64
    unlock_until: i64


class Strategy(Layout, discriminator=b"vlt:strt"):
    """Where a vault's assets earn something. `tokens`: the account that it is paid into.

    `debt`: what it owes the vault, at most `debt_max` when it is given more. `gained`, `lost`: what
    it has reported so far.
    """

    vault: Pubkey
    manager: Pubkey
    tokens: Pubkey
    debt: u64
    debt_max: u64
    gained: u64
    lost: u64
    reported_at: i64
