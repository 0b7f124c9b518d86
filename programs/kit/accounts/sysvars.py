"""What every program may read of the chain around it: clock, rent and recent blockhashes.

As accounts they have Solana's layout.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ....primitives import Account, Pubkey

CLOCK_ID: Final = Pubkey.of("clock")
RENT_ID: Final = Pubkey.of("rent")
RECENT_BLOCKHASHES_ID: Final = Pubkey.of("recent_blockhashes")
SYSVAR_IDS: Final = frozenset((CLOCK_ID, RENT_ID, RECENT_BLOCKHASHES_ID))
SYSVAR_OWNER_ID: Final = Pubkey.of("Sysvar1111111111111111111111111111111111111")
SLOTS_PER_EPOCH: Final = 432_000
SLOT_MS: Final = 400
LAMPORTS_PER_SIGNATURE: Final = 5_000  # what the list of recent blockhashes names as fee
_ACCOUNT_OVERHEAD_LEN: Final = 128  # bytes that rent charges beside an account's data


@dataclass(frozen=True, slots=True)
class Clock:
    """Slot, epoch and unix time (seconds), which move together. A block has one clock."""

    slot: int = 0
    epoch: int = 0
    unix_timestamp: int = 0
    epoch_start_timestamp: int = 0

    def at_slot(self, slot: int) -> Clock:
        """The clock at another slot: epoch and time follow from the slots between."""
        # Both from slot 0, so that a thousand steps of one slot equal one step of a thousand.
        seconds = slot * SLOT_MS // 1000 - self.slot * SLOT_MS // 1000
        epoch = slot // SLOTS_PER_EPOCH
        now = self.unix_timestamp + seconds
        start = self.epoch_start_timestamp if epoch == self.epoch else now
        return Clock(slot, epoch, now, start)

    def encode(self) -> bytes:
        """The 40 bytes of the clock sysvar."""
        return struct.pack(
            "<QqQQq",
            self.slot,
            self.epoch_start_timestamp,
            self.epoch,
            self.epoch + 1,
            self.unix_timestamp,
        )


@dataclass(frozen=True, slots=True)
class Rent:
    """What an account must hold to be exempt from rent: two years' worth, in lamports.

    `enforced`: whether a transaction fails that leaves an account with less, as on a live chain.
    It is not part of the sysvar.
    """

    lamports_per_byte_year: int = 3_480
    exemption_years: int = 2
    burn_percent: int = 50
    enforced: bool = False

    def minimum_balance(self, data_len: int) -> int:
        """Lamports that exempt an account with `data_len` bytes of data."""
        size = _ACCOUNT_OVERHEAD_LEN + data_len
        return size * self.lamports_per_byte_year * self.exemption_years

    def encode(self) -> bytes:
        """The 17 bytes of the rent sysvar; the threshold is an f64 there."""
        return struct.pack(
            "<QdB", self.lamports_per_byte_year, float(self.exemption_years), self.burn_percent
        )


@dataclass(frozen=True, slots=True)
class Sysvars:
    """The sysvars of one block.

    `recent_blockhashes`: 32 bytes each, newest first; None stands for one that follows from the
    clock's slot, so that blocks of different slots have different ones.
    """

    clock: Clock = Clock()
    rent: Rent = Rent()
    recent_blockhashes: tuple[bytes, ...] | None = None
    lamports_per_signature: int = LAMPORTS_PER_SIGNATURE

    @property
    def blockhashes(self) -> tuple[bytes, ...]:
        """The recent blockhashes, newest first."""
        if self.recent_blockhashes is not None:
            return self.recent_blockhashes
        return (hashlib.sha256(b"sealane blockhash" + struct.pack("<Q", self.clock.slot)).digest(),)

    def accounts(self) -> Mapping[Pubkey, Account]:
        """The sysvars as accounts, for programs that take them as such."""
        return _encode_accounts(self)


@lru_cache(maxsize=8)
def _encode_accounts(sysvars: Sysvars) -> Mapping[Pubkey, Account]:
    encoded = {
        CLOCK_ID: sysvars.clock.encode(),
        RENT_ID: sysvars.rent.encode(),
        RECENT_BLOCKHASHES_ID: _encode_blockhashes(sysvars),
    }
    return {key: Account(1, SYSVAR_OWNER_ID, data) for key, data in encoded.items()}


def _encode_blockhashes(sysvars: Sysvars) -> bytes:
    fee = struct.pack("<Q", sysvars.lamports_per_signature)
    entries = [blockhash + fee for blockhash in sysvars.blockhashes]
    return struct.pack("<Q", len(entries)) + b"".join(entries)
