"""What a file calls the accounts of a block, each name found when it is first read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, overload

from ...primitives import Pubkey


class AccountNames(Sequence[str]):
    """Names by dense account id: `by_key` where it has one, base58 for all other keys.

    A schedule shows ten accounts of thousands, and base58 takes microseconds for each.
    """

    def __init__(self, keys: Sequence[Pubkey], by_key: Mapping[Pubkey, str]) -> None:
        self._keys = keys
        self._by_key = by_key

    def __len__(self) -> int:
        return len(self._keys)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        if isinstance(index, slice):
            return [self._name(key) for key in self._keys[index]]
        return self._name(self._keys[index])

    def __reduce__(self) -> tuple[Any, ...]:
        return list, (list(self),)

    def _name(self, key: Pubkey) -> str:
        return self._by_key.get(key) or str(key)
