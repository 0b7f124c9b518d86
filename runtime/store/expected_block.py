"""A block that the caller knows the store must have.

An older copy of a whole store is valid by itself; only such outside knowledge can reveal it.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from ...primitives import UsageError

_SPELLING: Final = re.compile(r"([0-9]{1,19}):([0-9a-f]{64})")


class ExpectedBlock(NamedTuple):
    """`root`: the state root, 32 bytes, after the block at `height`. Height 0: before any block."""

    height: int
    root: bytes

    @classmethod
    def of(cls, text: str) -> ExpectedBlock:
        """Parse HEIGHT:ROOT, in the form in which both are shown. Raises UsageError."""
        found = _SPELLING.fullmatch(text) if type(text) is str else None
        if found is None or str(int(found[1])) != found[1]:
            raise UsageError(
                f"expect={text!r}: write HEIGHT:ROOT, the height and the 64 hex digits of the "
                "state root of the last block that you know was committed"
            )
        return cls(int(found[1]), bytes.fromhex(found[2]))
