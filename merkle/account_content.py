"""What the tree commits to of an account: 81 bytes, whatever the length of its data.

    lamports u64 ‖ executable u8 ‖ owner [32] ‖ data length u64 ‖ sha256(data) [32]

Numbers are little-endian. The data is in it as a hash, so that a proof is short, although the value
of a neighbour is a part of every proof of absence. An account without lamports, data, owner or
executable flag of its own is not in the tree: it does not exist.
"""

from __future__ import annotations

import struct
from hashlib import sha256
from typing import Final, NamedTuple

from ..primitives import Account, Pubkey
from ..primitives.account import EMPTY_ACCOUNT

_VALUE: Final = struct.Struct("<QB32sQ32s")
_HASH_OF_NOTHING: Final = sha256(b"").digest()
VALUE_LEN: Final = _VALUE.size


class AccountContent(NamedTuple):
    """An account, with its data as length and hash (32 bytes)."""

    lamports: int
    owner: Pubkey
    executable: bool
    data_len: int
    data_hash: bytes

    @classmethod
    def of(cls, account: Account) -> AccountContent:
        lamports, owner, data, executable = account
        data_hash = sha256(data).digest() if data else _HASH_OF_NOTHING
        return cls(lamports, owner, executable, len(data), data_hash)

    @classmethod
    def read(cls, value: bytes) -> AccountContent | None:
        """What the value of a leaf says; None if it is not spelled as `value` spells it."""
        if len(value) != VALUE_LEN:
            return None
        lamports, executable, owner, data_len, data_hash = _VALUE.unpack(value)
        if executable > 1:
            return None
        return cls(lamports, Pubkey(owner), bool(executable), data_len, data_hash)

    @property
    def value(self) -> bytes:
        """The value of its leaf, 81 bytes."""
        return _VALUE.pack(
            self.lamports, self.executable, self.owner, self.data_len, self.data_hash
        )

    def has_data(self, data: bytes) -> bool:
        """Whether this is the account's data."""
        return len(data) == self.data_len and sha256(data).digest() == self.data_hash


def exists(account: Account) -> bool:
    """Whether an account is in the tree."""
    return account != EMPTY_ACCOUNT


def value_of(account: Account) -> bytes:
    """The value of the account's leaf, 81 bytes. `AccountContent.of(account).value`, but faster."""
    lamports, owner, data, executable = account
    data_hash = sha256(data).digest() if data else _HASH_OF_NOTHING
    return _VALUE.pack(lamports, executable, owner, len(data), data_hash)
