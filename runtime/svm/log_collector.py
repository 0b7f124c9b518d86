"""The log lines of one transaction, bounded.

Guarantees: lines are text that UTF-8 can hold, LOG_BYTES_MAX bytes of it at most; where more was
logged, a last line says that it was cut.
"""

from __future__ import annotations

from ..block.limits import LOG_BYTES_MAX
from .failure_mapping import printable

CUT_LINE = "Log truncated"


class LogCollector:
    """Collects lines in `lines`, until the limit."""

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
