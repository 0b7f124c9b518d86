"""Keys as a column of bytes and as Pubkey objects; either form is built on first access."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from ...primitives import Pubkey
from ...primitives.pubkey import PUBKEY_LEN
from .shared_columns import scalar_view


class KeyColumn(Sequence[Pubkey]):
    """Keys in a uint8[n, 32] array; a Pubkey is built when it is first read."""

    def __init__(self, array: NDArray[np.uint8], keys: Sequence[Pubkey] | None = None) -> None:
        self.array = array
        self._raw = scalar_view(np.ascontiguousarray(array).reshape(-1))
        self._keys: list[Pubkey | None] = [None] * len(array) if keys is None else [*keys]

    @classmethod
    def of(cls, keys: Sequence[Pubkey]) -> KeyColumn:
        """A column of these keys. Later changes to `keys` do not show."""
        if isinstance(keys, KeyColumn):
            return keys
        raw = np.frombuffer(b"".join(keys), dtype=np.uint8)
        return cls(raw.reshape(len(keys), PUBKEY_LEN), keys)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.array,)

    def __repr__(self) -> str:
        return f"<KeyColumn of {len(self):,} keys>"

    def __len__(self) -> int:
        return len(self._keys)

    @overload
    def __getitem__(self, index: int) -> Pubkey: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Pubkey]: ...
    def __getitem__(self, index: int | slice) -> Pubkey | Sequence[Pubkey]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        return self._keys[index] or self._made(range(len(self))[index])

    def _made(self, index: int) -> Pubkey:
        start = index * PUBKEY_LEN
        key = Pubkey(self._raw[start : start + PUBKEY_LEN].tobytes())
        self._keys[index] = key
        return key
