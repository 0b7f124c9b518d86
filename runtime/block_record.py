"""What is kept of a block after it was committed."""

from __future__ import annotations

import struct
from typing import Final, NamedTuple

_RECORD: Final = struct.Struct("<Q32s32sQQQdd")
RECORD_LEN: Final = _RECORD.size


class BlockRecord(NamedTuple):
    """One line of the log of blocks.

    `height`: 1 for the first block. `input_hash`, `root`: 32 bytes each; the root is that after
    the block. `changed`: accounts that it changed. `seconds` of execution; `time` of the commit,
    seconds since 1970 UTC.
    """

    height: int
    input_hash: bytes
    root: bytes
    transactions: int
    failed: int
    changed: int
    seconds: float
    time: float

    def encode(self) -> bytes:
        """RECORD_LEN bytes."""
        return _RECORD.pack(*self)

    @classmethod
    def decode(cls, raw: bytes) -> BlockRecord:
        return cls(*_RECORD.unpack(raw))
