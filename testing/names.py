"""What people call keys, for reports: labels, program names, the names that keys derive from.

For reading only. No result of a transaction depends on it.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..primitives import Pubkey
from ..primitives.pubkey import name_of
from ..runtime.program_set import ProgramSet


class KeyNames:
    """Names of keys, as far as a Vm knows them; base58 for the others."""

    def __init__(self, programs: ProgramSet) -> None:
        self._programs = programs
        self._labels: dict[Pubkey, str] = {}

    def label(self, key: Pubkey, name: str) -> None:
        self._labels[key] = name

    def of(self, key: Pubkey) -> str:
        program = self._programs.get(key)
        known = self._labels.get(key) or (program.name if program else name_of(key))
        return known or str(key)

    def in_text(self, text: str, keys: Iterable[Pubkey]) -> str:
        """`text` with the names of these keys where it has their base58."""
        for key in keys:
            text = text.replace(str(key), self.of(key))
        return text
