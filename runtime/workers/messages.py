"""The messages between the parent and a worker: one byte for the kind, then a small body.

    parent → worker    START     pickled lane, Limits, ParentEnvironment,
                                 whether to spoof the environment  not answered
                       PROGRAMS  pickled list of ProgramSource     answered by DONE
                       MEMORY    pickled path and size, or None    answered by DONE
                       SYSVARS   pickled Sysvars                   answered by DONE
                       IMPURE    pickled ids of programs           answered by DONE
                       BLOCK     pickled BlockDescriptor           answered by REPORT
                       INLINE    pickled InlineBlock               answered by REPORT
                       VERIFY    pickled list of tuples, each a
                                 SignatureCheck                    answered by VERDICTS
                       SUM       pickled KeyedStates               answered by LATTICE
                       STOP      nothing                           not answered
    worker → parent    DONE      nothing
                       REPORT    pickled LaneReport or InlineReport
                       VERDICTS  a byte for each signature: 1 where it counts, 0 where it does not
                       LATTICE   the lattice hash of all these accounts
                       FAILED    pickled text: a bug in our own code
                       CHANGED   pickled ids of programs: see ProcessChanged
                       DOUBTED   pickled id of an account: see AddsDoubtful
                       RAISED    pickled MachineError; UsageError if a program cannot be loaded
                       OUT_OF_MEMORY   nothing: there may be no memory for a body

Every message has a number, and an answer has that of its request; see connection.py. Transactions
and the plan are in shared memory; only inline blocks travel in messages. A lane reports once, when
it is done.
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
VERIFY: Final = b"S"
SUM: Final = b"H"
STOP: Final = b"X"
DONE: Final = b"D"
REPORT: Final = b"R"
VERDICTS: Final = b"J"
LATTICE: Final = b"T"
CHANGED: Final = b"C"
DOUBTED: Final = b"U"
FAILED: Final = b"F"
RAISED: Final = b"E"
OUT_OF_MEMORY: Final = b"O"


class ParentEnvironment(NamedTuple):
    """What a worker takes over from its parent, so that both import the same programs.

    `folder`: the current folder; None if it was removed.
    """

    import_path: list[str]
    arguments: list[str]
    folder: str | None

    @classmethod
    def current(cls) -> ParentEnvironment:
        """The environment of this process."""
        folder = None
        with suppress(FileNotFoundError):
            folder = os.getcwd()
        return cls(import_path(), list(sys.argv), folder)

    def apply(self) -> None:
        """Give this process the same environment."""
        sys.path[:] = self.import_path
        sys.argv[:] = self.arguments
        if self.folder is not None:
            with suppress(OSError):  # removed or no longer accessible: stay in the current one
                os.chdir(self.folder)


class BlockDescriptor(NamedTuple):
    """Where a worker finds a block, its plan, its accounts and the place for its outcomes, in
    the memory that it has mapped. `ordered`: see WorkingSet."""

    block: ColumnPlaces
    shapes: tuple[Shape, ...]
    outcomes: ColumnPlaces  # see LaneExecutor and run_lane
    accounts: ColumnPlaces
    heaps: Heaps
    ordered: bool


class LaneReport(NamedTuple):
    """`details`: those of the lane's transactions, by position. `grew`: whether it made heaps.
    `processor_s`: processor time of the worker, without waiting for other lanes."""

    details: dict[int, Detail]
    grew: bool
    processor_s: float
