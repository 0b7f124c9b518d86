"""Names in a fixture, as keys: account names, program names, base58.

Guarantees: one name always gives one key; every account named on the way is remembered under the
first of its names, in the order of naming, for output and messages.
"""

from __future__ import annotations

from ..primitives import Pubkey
from ..runtime.program_set import ProgramSet
from .values import name


class Names:
    """Resolves names against a set of programs."""

    def __init__(self, programs: ProgramSet) -> None:
        self._programs = programs
        self._keys: dict[str, Pubkey] = {}
        self._mentioned: dict[str, Pubkey] = {}
        self.by_key: dict[Pubkey, str] = {}

    def account(self, word: str) -> Pubkey:
        """The key of an account, remembered as named in the file."""
        key = self.program(word)
        self.by_key.setdefault(key, word)
        return key

    def mentioned(self, word: str) -> Pubkey:
        """The key of a name inside a call or layout: an account's, unless a program has it.

        Raises Misfit for text that is no name.
        """
        key = self._mentioned.get(word)
        if key is None:
            key = self._mentioned[word] = self.program(name(word))
            if self._programs.get(key) is None:
                self.by_key.setdefault(key, word)
        return key

    def program(self, word: str) -> Pubkey:
        """The key of a program or owner; not remembered as an account."""
        key = self._keys.get(word)
        if key is None:
            program = self._programs.named(word)
            key = self._keys[word] = Pubkey.of(word) if program is None else program.id
        return key

    def shown(self, key: Pubkey) -> str:
        """What the file calls this key; base58 where it does not name it."""
        program = self._programs.get(key)
        return self.by_key.get(key) or (program.name if program else str(key))
