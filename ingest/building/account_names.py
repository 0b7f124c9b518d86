"""The names a file gives to the accounts of a block, resolved lazily."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from ...primitives import Pubkey
from ...primitives.lazy_sequence import LazySequence
from ...primitives.one_line import counted, in_one_line, shortened

_SHOWN_MAX: Final = 3


class AccountNames(LazySequence[str]):
    """Names by dense account id: the one in `by_key`, or base58 for keys that it lacks.

    Lazy because a schedule shows ten accounts out of thousands, and base58 takes microseconds each.
    """

    def __init__(self, keys: Sequence[Pubkey], by_key: Mapping[Pubkey, str]) -> None:
        self._keys = keys
        self._by_key = by_key

    def __len__(self) -> int:
        return len(self._keys)

    def item(self, index: int) -> str:
        key = self._keys[index]
        return self._by_key.get(key) or str(key)

    def __repr__(self) -> str:
        shown = [shortened(name, 20) for name in self[:_SHOWN_MAX]]
        more = ["…"] if len(self) > _SHOWN_MAX else []
        return in_one_line(f"names of {counted(len(self), 'account')}: {', '.join(shown + more)}")
