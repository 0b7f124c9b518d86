"""Layouts of intakes, tellers and tickets.

Requests write neither the vault nor the intake: each goes through one of its tellers, which
has token accounts of its own, so that users of different tellers do not wait for each other.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from ....kit import Layout, Pubkey, i64, u8, u64

TELLERS_MAX: Final = 16
RATE_UNIT: Final = 1_000_000_000


class IntakeKind(IntEnum):
    """What is requested: shares for assets, or assets for shares."""

    Deposit = 0
    Redeem = 1


class Intake(Layout, discriminator=b"vlt:intk"):
    """Requests to one vault, taken until `closes_at` and settled at any time from then on.

    `requested` and `paid` are zero until it is settled. Then a ticket is paid `paid / requested`
    of its amount. `paid_min`: it is not settled for less than this on RATE_UNIT requested.
    """

    vault: Pubkey
    opener: Pubkey
    authority: Pubkey
    bump: u8
    kind: IntakeKind
    tellers: u8
    settled: bool
    closes_at: i64
    paid_min: u64
    mint_in: Pubkey
    mint_out: Pubkey
    requested: u64
    paid: u64


class Teller(Layout, discriminator=b"vlt:tell"):
    """Takes requests in through one token account, and pays out of another."""

    intake: Pubkey
    number: u8
    inbox: Pubkey
    payout: Pubkey
    requested: u64


class Ticket(Layout, discriminator=b"vlt:tick"):
    """What one user has requested. Used again for other intakes once it is paid or cancelled."""

    owner_key: Pubkey
    teller: Pubkey
    amount: u64
