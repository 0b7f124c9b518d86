"""One end of the pipe between a runtime and a worker: whole messages, numbered, with their sender.

An answer carries the number of what it answers and the pid of who wrote it. So what a process
writes that has no business here, such as one that a program forked in a worker, is never taken for
the answer to something else.
"""

from __future__ import annotations

import fcntl
import os
import socket
import struct
import weakref
from typing import Final, NamedTuple

_HEADER: Final = struct.Struct("<QQQ")  # length of the body, number, sender
_STANDARD_STREAMS: Final = 3  # descriptors below are stdin's, stdout's and stderr's
_TIMEVAL: Final = struct.Struct("@ll")


class Message(NamedTuple):
    """`number`: of the request, or of the one that is answered. `sender`: a pid."""

    number: int
    sender: int
    body: bytes


class Connection:
    """Sends and receives messages. One thread at a time. Closed when it is collected, too."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        self.close = weakref.finalize(self, end.close)
        self.close.atexit = False  # at exit pools are closed first, which needs it

    @classmethod
    def pair(cls) -> tuple[Connection, Connection]:
        """Both ends of a new pipe."""
        ours, theirs = socket.socketpair()
        with ours, theirs:
            return cls(above_standard_streams(ours)), cls(above_standard_streams(theirs))

    def bound_waits(self, timeout_s: int) -> None:
        """From now on no read or write here takes longer, even if the other side stops half-way."""
        timeout = _TIMEVAL.pack(timeout_s, 0)
        self._end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, timeout)
        self._end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, timeout)

    def send(self, number: int, body: bytes) -> None:
        """Send a message. Raises OSError where the other side is gone or takes nothing more."""
        self._send(_HEADER.pack(len(body), number, os.getpid()) + body)

    def receive(self) -> Message:
        """The next message. Raises EOFError where the other side is gone, or OSError."""
        length, number, sender = _HEADER.unpack(self._receive(_HEADER.size))
        return Message(number, sender, self._receive(length))

    def fileno(self) -> int:
        return self._end.fileno()

    def _send(self, data: bytes) -> None:
        self._end.sendall(data)

    def _receive(self, length: int) -> bytes:
        chunks: list[bytes] = []
        while length:
            chunk = self._end.recv(length)
            if not chunk:
                raise EOFError
            chunks.append(chunk)
            length -= len(chunk)
        return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def above_standard_streams(end: socket.socket) -> socket.socket:
    """The same socket under a number that no standard stream has, even where those are closed."""
    number = fcntl.fcntl(end.fileno(), fcntl.F_DUPFD_CLOEXEC, _STANDARD_STREAMS)
    return socket.socket(fileno=number)
