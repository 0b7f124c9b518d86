"""One process, and one store object in it, has a store open; the lock says which process.

The lock is the kernel's (flock), so it goes with its holder however that ends: a lock file left
behind is free, and is taken over. The file stays; removing it would race with the next opener.
"""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from typing import Final

from ...primitives import StoreLocked

LOCK_NAME: Final = "lock"
_WAIT_S: Final = 0.3  # for a holder that is just closing, or has not written its pid yet
_POLL_S: Final = 0.02
_PID_LEN_MAX: Final = 20


class StoreLock:
    """Held from creation to `release`. Raises StoreLocked with the holder's pid within 1 s."""

    def __init__(self, folder: Path) -> None:
        self._descriptor = os.open(folder / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            self._acquire(folder)
            os.ftruncate(self._descriptor, 0)
            os.pwrite(self._descriptor, b"%d\n" % os.getpid(), 0)
        except BaseException:
            os.close(self._descriptor)
            raise

    def release(self) -> None:
        os.close(self._descriptor)

    def _acquire(self, folder: Path) -> None:
        deadline = time.monotonic() + _WAIT_S
        while True:
            try:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise StoreLocked(str(folder), self._holder()) from None
                time.sleep(_POLL_S)
            else:
                return

    def _holder(self) -> int | None:
        text = os.pread(self._descriptor, _PID_LEN_MAX, 0).strip()
        return int(text) if text.isdigit() else None
