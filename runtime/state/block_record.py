"""The record of a block that is kept after the commit."""

from __future__ import annotations

import math
import struct
from typing import Final, NamedTuple

_RECORD: Final = struct.Struct("<Q32s32sQQQdd")
RECORD_LEN: Final = _RECORD.size
_TIME_MAX: Final = 253_402_300_799  # the end of the year 9999, the last one in datetime


class BlockRecord(NamedTuple):
    """One block in the log or the history.

    `height`: 1 for the first block. `input_hash`, `root`: 32 bytes each; `root` is the state root
    after the block. `changed`: how many accounts it changed. `seconds`: duration of the execution.
    `time`: of the commit, in seconds since 1970 UTC.
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
        """Whether the times are possible. A valid checksum does not show who wrote the record."""
        return 0 <= self.seconds < math.inf and 0 <= self.time <= _TIME_MAX

    def encode(self) -> bytes:
        """The record as RECORD_LEN bytes."""
        return _RECORD.pack(*self)

    @classmethod
    def decode(cls, raw: bytes) -> BlockRecord:
        return cls(*_RECORD.unpack(raw))
