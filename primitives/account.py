"""What storage holds under a key."""

from __future__ import annotations

from typing import NamedTuple

from .known_keys import SYSTEM_PROGRAM_ID
from .one_line import counted, in_one_line
from .pubkey import Pubkey, name_of

_DATA_SHOWN_MAX = 8


class Account(NamedTuple):
    """One account's state. `lamports` in [0, 2^64); `owner` is the program that may change it."""

    lamports: int = 0
    owner: Pubkey = SYSTEM_PROGRAM_ID
    data: bytes = b""
    executable: bool = False

    def __repr__(self) -> str:
        if not self._has_valid_types():  # a message that refuses it must be able to show it
            return in_one_line(f"Account with invalid values: {tuple(self)!r}")
        owner = name_of(self.owner) or str(self.owner)
        begins = f" {bytes(self.data[:_DATA_SHOWN_MAX]).hex()}" if self.data else ""
        more = "…" if len(self.data) > _DATA_SHOWN_MAX else ""
        return in_one_line(
            f"Account of {owner}: {counted(self.lamports, 'lamport')}, "
            f"{counted(len(self.data), 'byte')}{begins}{more}{', executable' * self.executable}"
        )

    def _has_valid_types(self) -> bool:
        values = (self.lamports, self.owner, self.data, self.executable)
        return all(map(isinstance, values, (int, Pubkey, bytes | bytearray | memoryview, bool)))


EMPTY_ACCOUNT = Account()
