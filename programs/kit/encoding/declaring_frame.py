"""Where a class or decorated function is declared: the code around the statement."""

from __future__ import annotations

import sys
from types import FrameType


def declaring_frame() -> FrameType:
    """The frame of the caller's caller: its names, file and line.

    The public inspect.currentframe calls the same function, and is None on a Python without it.
    """
    return sys._getframe(2)  # pyright: ignore[reportPrivateUsage]
