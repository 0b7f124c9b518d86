"""What the parent and a worker say to each other: one byte of kind, then a small body.

    parent → worker    PROGRAMS  pickled list of ProgramSource     answered by DONE
                       BLOCK     pickled BlockTicket               answered by DONE
                       SHARE     start, end in `order`, by column? answered by DONE
                       COLLECT   nothing                           answered by DETAILS
                       STOP      nothing                           not answered
    worker → parent    DONE      nothing
                       DETAILS   pickled dict of position → Detail
                       FAILED    pickled text: our own code failed there
                       RAISED    pickled MachineError; UsageError for a program not to be had
                       OUT_OF_MEMORY   nothing: there may be no room for more

Transactions never travel: they lie in shared memory, and a share is two numbers.
"""

from __future__ import annotations

import struct
from typing import Final, NamedTuple

from ..programs.kit.sysvars import Sysvars
from .shapes import Shape
from .shared_columns import SharedColumns
from .working_set import WorkingSetPlace

PROGRAMS: Final = b"P"
BLOCK: Final = b"B"
SHARE: Final = b"S"
COLLECT: Final = b"C"
STOP: Final = b"X"
DONE: Final = b"D"
DETAILS: Final = b"R"
FAILED: Final = b"F"
RAISED: Final = b"E"
OUT_OF_MEMORY: Final = b"O"

SHARE_BODY: Final = struct.Struct("<qq?")


class BlockTicket(NamedTuple):
    """Where a worker finds a block, its accounts and the place for its outcomes."""

    block: SharedColumns
    shapes: tuple[Shape, ...]
    outcomes: SharedColumns  # see ShareRunner
    accounts: WorkingSetPlace
    sysvars: Sysvars
