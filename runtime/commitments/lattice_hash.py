"""The lattice hash of SIMD-0215: the hash of a set of accounts is the sum of their hashes.

    hash of an account = BLAKE3(lamports ‖ data ‖ executable ‖ owner ‖ key), 2,048 bytes of output
    hash of a set      = the sum, as 1,024 numbers of 16 bits (little-endian), each modulo 2^16
    checksum           = BLAKE3(hash of the set), 32 bytes

Lamports are 8 bytes, little-endian; executable is one byte, 0 or 1. To the hash, an account without
lamports does not exist: its hash is zero, whatever data it has.

Guarantees: the sum over the parts of a set, however it is divided, is the sum over the set; so
parts may be summed in any order and by several processes. An account is taken out by subtraction.

Source: github.com/solana-foundation/solana-improvement-documents, proposal 0215.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from itertools import chain, islice
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from ...primitives import Account, Pubkey, UsageError
from ...primitives.extras import how_to_install
from ...primitives.pubkey import PUBKEY_LEN
from .keyed_states import KeyedStates

LATTICE_LEN: Final = 2048  # bytes
NUMBERS: Final = LATTICE_LEN // 2
_NUMBER: Final = np.dtype("<u2")
_LAMPORTS_LEN: Final = 8
_TAIL_LEN: Final = 1 + 2 * PUBKEY_LEN  # executable, owner, key
_SUMMED_AT_ONCE: Final = 256  # hashes: half a mebibyte, which stays in the cache

Lattice = NDArray[np.uint16]  # [1024]


class Digest(Protocol):
    def digest(self, length: int = 32) -> bytes: ...


def lattice_of(message: bytes) -> Lattice:
    """The lattice hash of some bytes."""
    return np.frombuffer(_hasher()(message).digest(LATTICE_LEN), _NUMBER)


def account_hash(key: Pubkey, account: Account) -> Lattice:
    """The lattice hash of one account: zero if it has no lamports."""
    return sum_accounts(KeyedStates.of({key: account}))


def sum_accounts(accounts: KeyedStates) -> Lattice:
    """The lattice hash of these accounts."""
    return sum_hashes(chain.from_iterable(map(hashes_of, accounts.parts(_SUMMED_AT_ONCE))))


def hashes_of(accounts: KeyedStates) -> list[bytes]:
    """The hash of each account, LATTICE_LEN bytes; none at all for an account without lamports."""
    keys, states = accounts
    blake3 = _hasher()
    lamports = states.lamports.astype("<u8").tobytes()
    tails = np.concatenate((states.executable[:, None], states.owners, keys), axis=1).tobytes()
    heap = states.heap.data
    columns = (states.lamports, states.data_starts, states.data_lens)
    hashes: list[bytes] = []
    for row, (held, start, length) in enumerate(zip(*(c.tolist() for c in columns), strict=True)):
        if held:
            head = lamports[row * _LAMPORTS_LEN : (row + 1) * _LAMPORTS_LEN]
            tail = tails[row * _TAIL_LEN : (row + 1) * _TAIL_LEN]
            data = heap[start : start + length]
            hashes.append(blake3(b"".join((head, data, tail))).digest(LATTICE_LEN))
        else:
            hashes.append(b"")
    return hashes


def sum_hashes(hashes: Iterable[bytes]) -> Lattice:
    """The sum of hashes of LATTICE_LEN bytes, or of none."""
    total = np.zeros(NUMBERS, _NUMBER)
    rest = iter(hashes)
    while some := list(islice(rest, _SUMMED_AT_ONCE)):
        total += np.frombuffer(b"".join(some), _NUMBER).reshape(-1, NUMBERS).sum(0, _NUMBER)
    return total


def checksum(lattice: Lattice) -> bytes:
    """32 bytes: what is published of a lattice hash."""
    return _hasher()(encoded(lattice)).digest()


def encoded(lattice: Lattice) -> bytes:
    """LATTICE_LEN bytes."""
    return lattice.astype(_NUMBER).tobytes()


def decoded(raw: bytes) -> Lattice:
    """The inverse of `encoded`. Raises ValueError for another length."""
    if len(raw) != LATTICE_LEN:
        raise ValueError(f"a lattice hash has {LATTICE_LEN:,} bytes, and this has {len(raw):,}")
    return np.frombuffer(raw, _NUMBER)


@cache
def _hasher() -> Callable[[bytes], Digest]:
    """BLAKE3, imported when it is first needed."""
    try:
        from blake3 import blake3
    except ImportError:
        raise UsageError(
            "the lattice hash needs the package blake3: " + how_to_install("lattice")
        ) from None
    return blake3
