"""What storage holds under a key."""

from __future__ import annotations

from typing import NamedTuple

from .known_keys import SYSTEM_PROGRAM_ID
from .pubkey import Pubkey


class Account(NamedTuple):
    """One account's state. `lamports` in [0, 2^64); `owner` is the program that may change it."""

    lamports: int = 0
    owner: Pubkey = SYSTEM_PROGRAM_ID
    data: bytes = b""
    executable: bool = False


EMPTY_ACCOUNT = Account()
