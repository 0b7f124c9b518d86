"""Looking again and again for a message, for a moment, before going to sleep over it.

To be woken takes some 50 µs, in a virtual machine at least: as long as two simple transactions.
So who expects a message soon stays awake, and leaves the core to whoever wants it meanwhile.
"""

from __future__ import annotations

import os
import select
from time import perf_counter
from typing import Final, Protocol

# Between two blocks that follow each other the parent needs some 300 µs; a small block takes a
# worker 0.2 to 2 ms.
SPIN_S: Final = 0.002


class Readable(Protocol):
    """What has a descriptor to read from."""

    def fileno(self) -> int: ...


def spin_until_readable(connection: Readable) -> None:
    """Return when there is something to read, or when it has taken too long."""
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    spin_until_ready(poll)


def spin_until_ready(poll: select.poll) -> None:
    """Return when one of the polled descriptors is ready, or when it has taken too long."""
    end = perf_counter() + SPIN_S
    while not poll.poll(0) and perf_counter() < end:
        os.sched_yield()
