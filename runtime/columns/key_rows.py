"""Operations on many keys as rows of bytes, fast for the common case that all are equal."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...primitives import Pubkey
from ...primitives.pubkey import PUBKEY_LEN
from ...programs.kit.columns.row_equality import equal_rows


def only_key(keys: NDArray[np.uint8]) -> Pubkey | None:
    """The key in all rows of a uint8[n, 32], n ≥ 1; None if rows differ."""
    words = keys.view(np.uint64).reshape(-1)
    per_key = PUBKEY_LEN // words.itemsize
    # Compares each row with the one before it, as one flat column.
    alike = (words[per_key:] == words[:-per_key]).all()
    return Pubkey(keys[0].tobytes()) if alike else None


def are_key(
    keys: NDArray[np.uint8], only: Pubkey | None, wanted: bytes
) -> NDArray[np.bool_] | bool:
    """bool[n]: which of these keys equal `key`; a single bool if all rows have the key `only`."""
    if only is not None:
        return only == wanted
    return equal_rows(keys, np.frombuffer(wanted, dtype=np.uint8)[None])


def key_objects(keys: NDArray[np.uint8]) -> list[Pubkey]:
    """A Pubkey for each row of a uint8[n, 32]; equal rows share one object."""
    known: dict[bytes, Pubkey] = {}
    joined = keys.tobytes()
    raw = [joined[at : at + PUBKEY_LEN] for at in range(0, len(joined), PUBKEY_LEN)]
    return [known.get(key) or known.setdefault(key, Pubkey(key)) for key in raw]
