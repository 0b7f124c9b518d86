"""Spin-waiting for a message for a moment, before going to sleep over it.

To be woken takes some 50 µs, in a virtual machine at least: as long as two simple transactions.
So who expects a message soon stays awake, and leaves the core to whoever wants it meanwhile. If
somebody did, it goes to sleep at once, for some blocks to come: beside one other busy process,
blocks of ten took twice as long where both sides of the pipe had stayed awake.
"""

from __future__ import annotations

import os
import select
from time import perf_counter
from typing import Final, Protocol

# Between two blocks that follow each other the parent needs some 300 µs; a small block takes a
# worker 0.2 to 2 ms.
SPIN_S: Final = 0.002
# To leave the core takes a microsecond where nobody else wants it.
_YIELD_MAX_S: Final = 2e-4
# For how long cores count as contended then: twenty small blocks or more.
_CONTENDED_S: Final = 0.02

_contended_until = 0.0


class Readable(Protocol):
    """What has a descriptor to read from."""

    def fileno(self) -> int: ...


def spin_until_readable(connection: Readable) -> None:
    """Return when there is something to read, or when it has taken too long."""
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    spin_until_ready(poll)


def spin_until_ready(poll: select.poll) -> None:
    """Return when one of the polled descriptors is ready, or it has taken too long, or others want
    the core."""
    global _contended_until
    now = perf_counter()
    if now < _contended_until:
        return
    end = now + SPIN_S
    while not poll.poll(0) and now < end:
        os.sched_yield()
        before, now = now, perf_counter()
        if now - before > _YIELD_MAX_S:
            _contended_until = now + _CONTENDED_S
            return
