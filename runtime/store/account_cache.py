"""What was read from runs lately, accounts and their absence, within a bound of memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from ...primitives import Account, Pubkey

CACHE_LEN_MAX: Final = 64 * 1024 * 1024  # bytes, by the estimate below
_ACCOUNT_LEN: Final = 400  # what an account costs in Python, its data aside
_ABSENCE_LEN: Final = 150


class AccountCache:
    """Never wrong, maybe forgetful: the newest state of an account must be added when it changes
    or be found elsewhere first."""

    def __init__(self, len_max: int = CACHE_LEN_MAX) -> None:
        self._len_max = len_max
        self._len = 0
        self._states: dict[Pubkey, Account] = {}
        self._absent: set[Pubkey] = set()

    def get(self, key: Pubkey) -> Account | None:
        return self._states.get(key)

    def __contains__(self, key: Pubkey) -> bool:
        return key in self._states

    def unknown(self, keys: Iterable[Pubkey]) -> list[Pubkey]:
        """Those of `keys` that are not known to be absent, sorted."""
        return sorted(key for key in keys if key not in self._absent)

    def add(self, states: Mapping[Pubkey, Account]) -> None:
        self._states.update(states)
        self._absent.difference_update(states)
        self._grow(len(states) * _ACCOUNT_LEN + sum(len(state.data) for state in states.values()))

    def add_absent(self, keys: Iterable[Pubkey]) -> None:
        before = len(self._absent)
        self._absent.update(keys)
        self._grow((len(self._absent) - before) * _ABSENCE_LEN)

    def _grow(self, size: int) -> None:
        self._len += size
        if self._len > self._len_max:
            # All at once: keeping the most used ones would cost every lookup.
            self._states.clear()
            self._absent.clear()
            self._len = 0
