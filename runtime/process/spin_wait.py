"""Spins briefly when waiting for a message, before going to sleep.

Waking up takes some 50 µs, at least in a virtual machine: as long as two simple transactions. So a
process that expects a message soon spins, yielding the core in between. If another process used the
core, cores count as contended, and for some blocks to come it sleeps at once: beside one other busy
process, blocks of ten took twice as long if both ends of the pipe kept spinning.
"""

from __future__ import annotations

import os
import select
from time import perf_counter
from typing import Final, Protocol

# The parent needs some 300 µs between two consecutive blocks; a small block takes a worker 0.2 to
# 2 ms.
SPIN_S: Final = 0.002
# A yield that takes longer means contention: it takes a microsecond if the core is free.
_YIELD_MAX_S: Final = 2e-4
# How long cores then count as contended: twenty small blocks or more.
_CONTENDED_S: Final = 0.02

_contended_until = 0.0


class Readable(Protocol):
    """An object with a descriptor to read from."""

    def fileno(self) -> int: ...


def spin_until_readable(connection: Readable) -> None:
    """Return when the connection is readable, after SPIN_S, or if the core is contended."""
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    spin_until_ready(poll)


def spin_until_ready(poll: select.poll) -> None:
    """Return when a polled descriptor is ready, after SPIN_S, or if the core is contended."""
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
