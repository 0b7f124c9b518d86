"""Many keys at once, as rows of bytes; mostly they are all the same."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...primitives import Pubkey
from ...primitives.pubkey import PUBKEY_LEN
from ...programs.kit.columns.row_equality import equal_rows


def only_key(keys: NDArray[np.uint8]) -> Pubkey | None:
    """The key that all rows of a uint8[n, 32] have, if they do; n ≥ 1."""
    words = keys.view(np.uint64).reshape(-1)
    per_key = PUBKEY_LEN // words.itemsize
    # Each row with the one before, as one long column.
    alike = (words[per_key:] == words[:-per_key]).all()
    return Pubkey(keys[0].tobytes()) if alike else None


def are_key(
    keys: NDArray[np.uint8], only: Pubkey | None, wanted: bytes
) -> NDArray[np.bool_] | bool:
    """bool[n]: which of these keys is this one; a single answer if `only` stands in all rows."""
    if only is not None:
        return only == wanted
    return equal_rows(keys, np.frombuffer(wanted, dtype=np.uint8)[None])


def key_objects(keys: NDArray[np.uint8]) -> list[Pubkey]:
    """An object for each row of a uint8[n, 32], the same one for equal rows."""
    known: dict[bytes, Pubkey] = {}
    joined = keys.tobytes()
    raw = [joined[at : at + PUBKEY_LEN] for at in range(0, len(joined), PUBKEY_LEN)]
    return [known.get(key) or known.setdefault(key, Pubkey(key)) for key in raw]
