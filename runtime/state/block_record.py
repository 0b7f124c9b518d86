"""What is kept of a block after it was committed."""

from __future__ import annotations

import math
import struct
from typing import Final, NamedTuple

_RECORD: Final = struct.Struct("<Q32s32sQQQdd")
RECORD_LEN: Final = _RECORD.size
_TIME_MAX: Final = 253_402_300_799  # the end of the year 9999, the last that datetime has


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

    @property
    def is_plausible(self) -> bool:
        """Whether the times are possible: a checksum does not say who wrote the record."""
        return 0 <= self.seconds < math.inf and 0 <= self.time <= _TIME_MAX

    def encode(self) -> bytes:
        """RECORD_LEN bytes."""
        return _RECORD.pack(*self)

    @classmethod
    def decode(cls, raw: bytes) -> BlockRecord:
        return cls(*_RECORD.unpack(raw))
