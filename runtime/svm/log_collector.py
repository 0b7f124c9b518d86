"""The log lines of one transaction, bounded.

Guarantees: lines can be encoded as UTF-8, and take LOG_BYTES_MAX bytes at most; if more was logged,
a last line says that the log was truncated.
"""

from __future__ import annotations

from ..block.limits import LOG_BYTES_MAX
from .failure_mapping import printable

CUT_LINE = "Log truncated"


class LogCollector:
    """Collects lines in `lines`, up to the limit."""

    __slots__ = ("_byte_count", "lines")

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._byte_count = 0

    def add(self, line: str) -> None:
        if self._byte_count > LOG_BYTES_MAX:
            return
        line = printable(line)
        self._byte_count += len(line.encode())
        self.lines.append(line if self._byte_count <= LOG_BYTES_MAX else CUT_LINE)
