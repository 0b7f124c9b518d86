"""Layouts of the securitization program's accounts.

All lie in accounts that the caller creates for the program beforehand, empty. Vaults are token
accounts of the deal's *authority*, the address derived from `[b"authority", deal]`; a deal has as
many as it likes.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from ...kit import Layout, Pubkey, i64, u8, u16, u64, u128

TRANCHES_MAX: Final = 8
YEAR_S: Final = 31_536_000  # of 365 days


class Stage(IntEnum):
    """Notes are sold while it is offered; distributions begin when it is active."""

    Offered = 0
    Active = 1
    Cancelled = 2


class Deal(Layout, discriminator=b"sec:deal"):
    """A pool of receivables, and the notes on it.

    `pool`: the principal that obligors owe, less what distributions have accounted for.
    `interest_seen` and its like: how much of the ledger's sums distributions have accounted for.
    `fee_bps`: the servicer's part of interest; `fees_owed` and `proceeds_owed`: what the originator
    may take out.
    """

    originator: Pubkey
    mint: Pubkey
    ledger: Pubkey
    authority: Pubkey
    bump: u8
    stage: Stage
    tranches: u8
    fee_bps: u16
    notes_unsold: u64
    pool: u64
    distributed_at: i64
    interest_seen: u64
    principal_seen: u64
    losses_seen: u64
    fees_owed: u64
    proceeds_owed: u64


class Ledger(Layout, discriminator=b"sec:ledg"):
    """What obligors have paid and not paid. Payments only add to it, so they run side by side."""

    deal: Pubkey
    interest: u64
    principal: u64
    losses: u64


class Tranche(Layout, discriminator=b"sec:tran"):
    """Notes of one rank: 0 is paid first and loses last.

    A note is one smallest unit of face value. `principal`: outstanding. `shortfall`: interest due
    and not paid. `paid_index`: what each note was paid since the beginning, times 10^18.
    `accrued`: interest that is less than a unit yet, in 1 / (BASIS_POINTS * YEAR_S) of one.
    """

    deal: Pubkey
    rank: u8
    coupon_bps: u16
    notes: u64
    unsold: u64
    principal: u64
    shortfall: u64
    income: u64
    repaid: u64
    lost: u64
    paid_index: u128
    accrued: u64


class Holding(Layout, discriminator=b"sec:hold"):
    """Somebody's notes of one tranche. `owed`: what was settled and not claimed yet."""

    tranche: Pubkey
    holder: Pubkey
    notes: u64
    paid_index: u128
    owed: u64


class ReceivableStatus(IntEnum):
    """A repaid one is performing, with nothing outstanding."""

    Performing = 0
    WrittenOff = 1


class Receivable(Layout, discriminator=b"sec:recv"):
    """What one obligor owes. Its payments go into a vault of its own choice."""

    deal: Pubkey
    obligor: Pubkey
    principal: u64
    status: ReceivableStatus
