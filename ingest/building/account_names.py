"""The names a file gives to the accounts of a block, resolved lazily."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, overload

from ...primitives import Pubkey
from ...primitives.one_line import counted, in_one_line, shortened

_SHOWN_MAX: Final = 3


class AccountNames(Sequence[str]):
    """Names by dense account id: the one in `by_key`, or base58 for keys that it lacks.

    Lazy because a schedule shows ten accounts out of thousands, and base58 takes microseconds each.
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

    def __repr__(self) -> str:
        shown = [shortened(name, 20) for name in self[:_SHOWN_MAX]]
        more = ["…"] if len(self) > _SHOWN_MAX else []
        return in_one_line(f"names of {counted(len(self), 'account')}: {', '.join(shown + more)}")

    def _name(self, key: Pubkey) -> str:
        return self._by_key.get(key) or str(key)
