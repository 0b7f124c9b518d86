"""Where something is declared: the code around a class statement or a decorator."""

from __future__ import annotations

import sys
from types import FrameType


def declaring_frame() -> FrameType:
    """The frame that called the function which asks: its names, file and line.

    The public way, inspect.currentframe, calls the same, and is None where a Python lacks it.
    """
    return sys._getframe(2)  # pyright: ignore[reportPrivateUsage]
