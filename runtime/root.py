"""The state root: a chain of hashes over what each block changed.

root = sha256(parent root ‖ count ‖ headers ‖ data), where the headers (key, owner, lamports,
executable, data length) of all changed accounts come first, in key order, and then their data,
in the same order. It commits to the history of changes, not to the set of accounts: two stores
that ran the same blocks agree. Deterministic on every machine; independent of workers and order.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping
from typing import Final

import numpy as np

from ..primitives import Account, Pubkey

GENESIS_ROOT: Final = bytes(32)
_HEADER: Final = struct.Struct("<32s32sQ?Q")
# The same header as a numpy record.
HEADER: Final = np.dtype(
    [("key", "S32"), ("owner", "S32"), ("lamports", "<u8"), ("executable", "u1"), ("len", "<u8")]
)


def next_root(parent: bytes, changed: Mapping[Pubkey, Account]) -> bytes:
    """The root after a block that left these accounts in these states. 32 bytes."""
    keys = sorted(changed)
    states = [changed[key] for key in keys]
    headers = b"".join(map(account_header, keys, states))
    return root_of_encoded(parent, len(keys), headers, b"".join([s.data for s in states]))


def root_of_encoded(parent: bytes, count: int, headers: bytes, data: bytes) -> bytes:
    """`next_root` of accounts that lie there encoded: all headers, then all data."""
    digest = hashlib.sha256(parent)
    digest.update(count.to_bytes(8, "little"))
    digest.update(headers)
    digest.update(data)
    return digest.digest()


def account_header(key: bytes, state: Account) -> bytes:
    """Everything about an account but its data: 81 bytes, packed little-endian."""
    return _HEADER.pack(key, state.owner, state.lamports, state.executable, len(state.data))
