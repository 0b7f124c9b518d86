"""Descriptors of this process: none of ours has the number of a standard stream.

A caller may have closed its standard streams; what is opened next would get their numbers, and with
them whatever a program prints.
"""

from __future__ import annotations

import fcntl
import socket
from typing import Final

_STANDARD_STREAMS: Final = 3  # descriptors below are stdin's, stdout's and stderr's


def above_standard(descriptor: int) -> int:
    """A copy of a descriptor under a number that no standard stream has. Not inherited."""
    return fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, _STANDARD_STREAMS)


def above_standard_streams(end: socket.socket) -> socket.socket:
    """The same socket under such a descriptor."""
    return socket.socket(fileno=above_standard(end.fileno()))
