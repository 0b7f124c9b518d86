"""Names of keys for reports: labels, program names, the names that keys derive from.

For display only. No result of a transaction depends on them.
"""

from __future__ import annotations

import re
from typing import Final

from ..primitives import Pubkey
from ..primitives.pubkey import name_of
from ..programs.kit.program.program_set import ProgramSet

_KEY: Final = re.compile(r"\b[1-9A-HJ-NP-Za-km-z]{32,44}\b", re.ASCII)


class KeyNames:
    """Names of the keys that a Vm knows; base58 for the others."""

    def __init__(self, programs: ProgramSet) -> None:
        self._programs = programs
        self._labels: dict[Pubkey, str] = {}

    def label(self, key: Pubkey, name: str) -> None:
        self._labels[key] = name

    def of(self, key: Pubkey) -> str:
        program = self._programs.get(key)
        known = self._labels.get(key) or (program.name if program else name_of(key))
        return known or str(key)

    def in_text(self, text: str) -> str:
        """`text` with base58 keys replaced by their names."""
        return _KEY.sub(self._of_base58, text)

    def _of_base58(self, found: re.Match[str]) -> str:
        try:
            return self.of(Pubkey.from_base58(found[0]))
        except ValueError:
            return found[0]  # a long word, not a key
