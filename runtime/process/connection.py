"""One end of the pipe between a runtime and a worker. Carries whole, numbered messages.

An answer carries the number of what it answers and the pid of its writer. So nothing that a stray
process writes, such as one that a program forked in a worker, is ever taken for the answer to
something else. tests/house/test_private_parts.py says when a new multiprocess makes no connection
of a descriptor any more: it does not document that.
"""

from __future__ import annotations

import os
import socket
import struct
from typing import Any, Final, NamedTuple

import multiprocess.connection  # pyright: ignore[reportMissingTypeStubs]

from .descriptors import above_standard

_HEADER: Final = struct.Struct("<QQ")  # number, sender
_TIMEVAL: Final = struct.Struct("@ll")


class Message(NamedTuple):
    """`number`: that of the request, also in its answer. `sender`: the writer's pid."""

    number: int
    sender: int
    body: bytes


class Connection:
    """Sends and receives messages, for one thread at a time. Closed when it is collected."""

    def __init__(self, descriptor: int) -> None:
        self._end: Any = multiprocess.connection.Connection(descriptor)

    @classmethod
    def pair(cls) -> tuple[Connection, Connection]:
        """Both ends of a new pipe."""
        ends: tuple[Any, Any] = multiprocess.connection.Pipe(duplex=True)
        ours, theirs = ends
        with ours, theirs:
            return cls(above_standard(ours.fileno())), cls(above_standard(theirs.fileno()))

    def bound_waits(self, timeout_s: int) -> None:
        """Limit each later read or write to `timeout_s`, even if the other side stops half-way."""
        timeout = _TIMEVAL.pack(timeout_s, 0)
        with socket.socket(fileno=os.dup(self.fileno())) as same:
            same.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, timeout)
            same.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, timeout)

    def send(self, number: int, body: bytes) -> None:
        """Send a message. Raises OSError if the other side is gone or does not read."""
        self._end.send_bytes(_HEADER.pack(number, os.getpid()) + body)

    def receive(self) -> Message:
        """The next message. Raises EOFError if the other side is gone, or OSError."""
        data: bytes = self._end.recv_bytes()
        if len(data) < _HEADER.size:
            raise EOFError  # not written by our side: nothing else in the pipe can be trusted
        number, sender = _HEADER.unpack_from(data)
        return Message(number, sender, data[_HEADER.size :])

    def fileno(self) -> int:
        return self._end.fileno()

    def close(self) -> None:
        self._end.close()
