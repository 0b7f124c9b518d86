"""What the caller remembers of a store: a block that it must have.

A whole older copy of a store is sound in itself; only somebody who knows better can tell.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from ...primitives import UsageError

_SPELLING: Final = re.compile(r"([0-9]{1,19}):([0-9a-f]{64})")


class ExpectedBlock(NamedTuple):
    """The block at `height` left the state root `root`, 32 bytes. Height 0: before any block."""

    height: int
    root: bytes

    @classmethod
    def of(cls, text: str) -> ExpectedBlock:
        """From HEIGHT:ROOT, as `height` and `state_root` are shown. Raises UsageError."""
        found = _SPELLING.fullmatch(text) if type(text) is str else None
        if found is None or str(int(found[1])) != found[1]:
            raise UsageError(
                f"expect={text!r}: write HEIGHT:ROOT, the height and the 64 hex digits of the "
                "state root of the last block that you know was committed"
            )
        return cls(int(found[1]), bytes.fromhex(found[2]))
