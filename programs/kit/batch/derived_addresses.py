"""Addresses that programs derive from seeds, for each row of a group.

Guarantees: for each row, what Pubkey.create_program_address and find_program_address give; rows for
which they raise are excluded. Rows of a block derive the same few addresses again and again, which
pubkey.py remembers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ....primitives import Pubkey
from ....primitives.pubkey import (
    PROGRAM_ADDRESS_MARKER,
    PUBKEY_LEN,
    SEED_LEN_MAX,
    SEEDS_MAX,
    program_address,
)
from ..columns.bytes_column import BytesColumn, bytes_values
from ..columns.integers import IntColumn, integer_values
from ..columns.rows import Rows

_BUMP_MAX: Final = 255
_NO_ADDRESS: Final = Pubkey(bytes(PUBKEY_LEN))


def derived_addresses(rows: Rows, seeds: Sequence[object], program_id: bytes) -> NDArray[np.uint8]:
    """uint8[n, 32]: the address that each row's seeds derive, bump included.

    A seed is a column of bytes, or bytes for all rows; a bump may be a column of integers.
    """
    joint = _joint(rows, seeds, SEEDS_MAX)
    tail = bytes(program_id) + PROGRAM_ADDRESS_MARKER
    return _gathered(rows, (program_address(head + tail) for head in joint))


def found_addresses(rows: Rows, seeds: Sequence[object], program_id: bytes) -> NDArray[np.uint8]:
    """uint8[n, 32]: the address with the highest bump for each row's seeds."""
    joint = _joint(rows, seeds, SEEDS_MAX - 1)
    tail = bytes(program_id) + PROGRAM_ADDRESS_MARKER
    return _gathered(rows, (_found(head, tail) for head in joint))


def seed_values(rows: Rows, seed: object) -> NDArray[np.uint8]:
    """uint8[n, size]: a seed of each row. Excludes rows with a bump above 255."""
    if type(seed) is IntColumn:
        bumps: NDArray[Any] = integer_values(rows, seed)
        rows.exclude((bumps < 0) | (bumps > _BUMP_MAX))
        return bumps.astype(np.uint8).reshape(rows.count, 1)
    width = seed.values.shape[1] if type(seed) is BytesColumn else len(_plain(rows, seed))
    return bytes_values(rows, seed, width)


def _plain(rows: Rows, seed: object) -> bytes:
    if type(seed) is bytes or type(seed) is Pubkey:
        return seed
    raise rows.refuse("a seed is bytes, or a column of bytes or of bumps")


def _joint(rows: Rows, seeds: Sequence[object], count_max: int) -> list[bytes]:
    """The seeds of each row, one after the other."""
    if type(seeds) not in (list, tuple) or len(seeds) > count_max:
        raise rows.refuse(f"seeds are a list, of {count_max} at most")
    parts = [seed_values(rows, seed) for seed in seeds]
    if any(part.shape[1] > SEED_LEN_MAX for part in parts):
        raise rows.refuse(f"a seed has {SEED_LEN_MAX} bytes at most")
    empty = np.zeros((rows.count, 0), dtype=np.uint8)
    raw, size = np.concatenate([empty, *parts], axis=1).tobytes(), sum(p.shape[1] for p in parts)
    return [raw[row * size : (row + 1) * size] for row in range(rows.count)]


def _found(head: bytes, tail: bytes) -> Pubkey | None:
    for bump in range(_BUMP_MAX, -1, -1):
        found = program_address(b"%b%c%b" % (head, bump, tail))
        if found is not None:
            return found
    return None


def _gathered(rows: Rows, found: Iterable[Pubkey | None]) -> NDArray[np.uint8]:
    addresses = list(found)
    if None in addresses:
        rows.exclude(np.array([address is None for address in addresses], dtype=np.bool_))
    raw = b"".join([address or _NO_ADDRESS for address in addresses])
    return np.frombuffer(raw, dtype=np.uint8).reshape(rows.count, PUBKEY_LEN)
