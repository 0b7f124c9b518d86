"""Layouts of what farms and streams keep; those of stake pools are in liquid/state.py.

All lie in accounts that the caller creates for the program beforehand, empty. Vaults are token
accounts of an authority, an address that the program derives: stakes of `[b"stakes", pool]`,
rewards of `[b"rewards", treasury]`. There may be many of both.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from ...kit import Layout, Pubkey, u8, u16, u32, u64, u128

STAKES_SEED: Final = b"stakes"
REWARDS_SEED: Final = b"rewards"


class Kind(IntEnum):
    """Whether a farm mints a pool's rewards, or a stream pays out what was given to it."""

    Farm = 0
    Stream = 1


class Farm(Layout, discriminator=b"stk:farm"):
    """Mints rewards by the slot, for its pools by their points, and the developer's share on top.

    `base_divisor`: not 0 if the first pool's points follow from the sum of the others', which is
    divided by it; `base_points` are its own until there are others.
    """

    admin: Pubkey
    developer: Pubkey
    reward_mint: Pubkey
    authority: Pubkey
    bump: u8
    reward_per_slot: u64
    start_slot: u64
    bonus_end_slot: u64
    bonus_multiplier: u64
    developer_divisor: u16
    base_divisor: u16
    base_points: u64
    points: u64
    pools: u32


class Pool(Layout, discriminator=b"stk:pool"):
    """Stakes of one token, among which rewards are shared.

    `index`: rewards of one staked unit since the beginning, times `precision`. `treasury`: the
    farm, or the pool itself. `staked`, and `paid` of what was
    `distributed` to stakes, are as of the last refresh. `rewarded_until`: a slot in farms, a second
    in streams. `rate`, `duration` and `finish`, in seconds, are of streams.
    """

    admin: Pubkey
    treasury: Pubkey
    stake_mint: Pubkey
    reward_mint: Pubkey
    flow: Pubkey
    authority: Pubkey
    reward_authority: Pubkey
    distributor: Pubkey
    kind: Kind
    bump: u8
    reward_bump: u8
    is_base: bool
    accepts_stakes: bool
    points: u64
    precision: u64
    index: u128
    staked: u64
    distributed: u128
    paid: u128
    rewarded_until: u64
    refreshed_slot: u64
    rate: u64
    duration: u64
    finish: u64


class Flow(Layout, discriminator=b"stk:flow"):
    """What went in and out since the last refresh, which takes it over: stakes only add to it."""

    pool: Pubkey
    staked: u64
    unstaked: u64
    paid: u64


class Position(Layout, discriminator=b"stk:posn"):
    """One owner's stake in a pool. `owed`: rewards settled and not paid yet."""

    pool: Pubkey
    holder: Pubkey
    amount: u64
    paid_index: u128
    owed: u64
