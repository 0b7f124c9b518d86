"""What the parent and a worker say to each other: one byte of kind, then a small body.

    parent → worker    START     pickled lane, Limits, ParentEnvironment,
                                 whether to spoof the environment  not answered
                       PROGRAMS  pickled list of ProgramSource     answered by DONE
                       MEMORY    pickled path and size, or None    answered by DONE
                       SYSVARS   pickled Sysvars                   answered by DONE
                       IMPURE    pickled ids of programs           answered by DONE
                       BLOCK     pickled BlockDescriptor           answered by REPORT
                       INLINE    pickled InlineBlock               answered by REPORT
                       STOP      nothing                           not answered
    worker → parent    DONE      nothing
                       REPORT    pickled LaneReport or InlineReport
                       FAILED    pickled text: our own code failed there
                       CHANGED   pickled ids of programs: see ProcessChanged
                       RAISED    pickled MachineError; UsageError for a program not to be had
                       OUT_OF_MEMORY   nothing: there may be no room for more

Every message has a number, and an answer that of what it answers; see connection.py.
Transactions lie in shared memory, and so does the plan; only inline blocks travel. A lane runs all
of its own and reports once.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import Final, NamedTuple

from ..block.shapes import Shape
from ..columns.shared_columns import ColumnPlaces
from ..memory.working_set import Heaps
from ..process.fork_server import import_path
from ..svm.receipt import Detail

START: Final = b"A"
PROGRAMS: Final = b"P"
MEMORY: Final = b"M"
SYSVARS: Final = b"V"
IMPURE: Final = b"Q"
BLOCK: Final = b"B"
INLINE: Final = b"L"
STOP: Final = b"X"
DONE: Final = b"D"
REPORT: Final = b"R"
CHANGED: Final = b"C"
FAILED: Final = b"F"
RAISED: Final = b"E"
OUT_OF_MEMORY: Final = b"O"


class ParentEnvironment(NamedTuple):
    """What a worker takes over from its parent, so that programs are imported alike.

    `folder`: the current one; None if somebody removed it.
    """

    import_path: list[str]
    arguments: list[str]
    folder: str | None

    @classmethod
    def current(cls) -> ParentEnvironment:
        """That of this process."""
        folder = None
        with suppress(FileNotFoundError):
            folder = os.getcwd()
        return cls(import_path(), list(sys.argv), folder)

    def apply(self) -> None:
        """Make this process's the same."""
        sys.path[:] = self.import_path
        sys.argv[:] = self.arguments
        if self.folder is not None:
            with suppress(OSError):  # removed or closed to us meanwhile: the one before will do
                os.chdir(self.folder)


class BlockDescriptor(NamedTuple):
    """Where a worker finds a block in the memory it has mapped, its plan, its accounts and the
    place for its outcomes."""

    block: ColumnPlaces
    shapes: tuple[Shape, ...]
    outcomes: ColumnPlaces  # see LaneExecutor and run_lane
    accounts: ColumnPlaces
    heaps: Heaps


class LaneReport(NamedTuple):
    """Of a lane's transactions: their details, by position. `grew`: whether heaps were made.
    `processor_s`: how long the worker computed, waiting for other lanes aside."""

    details: dict[int, Detail]
    grew: bool
    processor_s: float
