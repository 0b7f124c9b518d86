"""Ends a process with its parent, and adopts orphans, by prctl. Does nothing outside Linux.

A worker in a program's endless loop runs none of our code, so only the kernel can end it when its
parent is killed.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from typing import Final

_SET_PARENT_DEATH_SIGNAL: Final = 1  # PR_SET_PDEATHSIG, linux/prctl.h
_SET_CHILD_SUBREAPER: Final = 36  # PR_SET_CHILD_SUBREAPER


def die_with_parent() -> None:
    """From now on the kernel kills this process when its parent ends."""
    if not sys.platform.startswith("linux"):
        return
    parent = os.getppid()
    _prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)  # the parent ended before the call to prctl


def adopt_orphans() -> None:
    """From now on, descendants of this process become its children when their parent ends."""
    if sys.platform.startswith("linux"):
        _prctl(_SET_CHILD_SUBREAPER, 1)


def _prctl(option: int, value: int) -> None:
    ctypes.CDLL(None).prctl(option, value, 0, 0, 0)
