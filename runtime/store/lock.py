"""The lock of a store: only one process, and one store object in it, may write to it at a time.

The lock is the kernel's (flock), so it is released however its holder ends: a lock file that was
left behind is free. The file is never removed, as that would race with the next opener. A forked
child inherits the holder's descriptor, and would hold the lock as long as it lives. So it closes it
at once, and the holder unlocks explicitly before it closes the file.

Readers of a store share the lock. If there is no lock file, they do without, as for a copy on a
read-only medium.
"""

from __future__ import annotations

import fcntl
import os
import re
import time
from pathlib import Path
from typing import Final
from weakref import WeakSet

from ...primitives import StoreCorrupt, StoreLocked, StoreUnavailable
from .file_system import FileSystem, open_part

LOCK_NAME: Final = "lock"
_WAIT_S: Final = 0.3  # for a holder that is closing, or has not written its pid yet
_POLL_S: Final = 0.02
_TEXT: Final = re.compile(rb"[0-9]{0,20}\n?")  # the pid of the last holder
_TEXT_LEN_MAX: Final = 21


class StoreLock:
    """Held from its creation to `release`. Raises StoreLocked with the holder's pid, within 1 s."""

    def __init__(self, files: FileSystem, folder: Path, *, shared: bool = False) -> None:
        path = folder / LOCK_NAME
        self._descriptor = -1
        self._owner = os.getpid()
        if shared and not files.is_regular(path):
            return
        self._descriptor = _open(files, path, writable=not shared)
        _held.add(self)
        try:
            self._require_text(path)
            self._acquire(folder, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
            if not shared:
                os.ftruncate(self._descriptor, 0)
                os.pwrite(self._descriptor, b"%d\n" % self._owner, 0)
        except BaseException:
            self.drop()
            raise

    def release(self) -> None:
        """Unlock. Does nothing in a forked child, as the lock is its parent's."""
        if self._descriptor >= 0 and os.getpid() == self._owner:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)
        self.drop()

    def drop(self) -> None:
        """Close the file without unlocking: another process has the same descriptor."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
        self._descriptor = -1

    def _acquire(self, folder: Path, kind: int) -> None:
        deadline = time.monotonic() + _WAIT_S
        while True:
            try:
                fcntl.flock(self._descriptor, kind | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise StoreLocked(str(folder), self._holder()) from None
                time.sleep(_POLL_S)
            else:
                return

    def _require_text(self, path: Path) -> None:
        """Raise StoreCorrupt if the file is not a lock file, as it would be overwritten."""
        text = os.pread(self._descriptor, _TEXT_LEN_MAX + 1, 0)
        if not _TEXT.fullmatch(text):
            raise StoreCorrupt(str(path), "it holds something else than the number of a process")

    def _holder(self) -> int | None:
        text = os.pread(self._descriptor, _TEXT_LEN_MAX, 0).strip()
        return int(text) if text else None


def _open(files: FileSystem, path: Path, *, writable: bool) -> int:
    """Open the lock file; if it is missing and `writable`, create it."""
    try:
        if writable and not os.path.lexists(path):
            flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
            return os.open(path, flags, 0o644)
        return open_part(files, path, writable=writable)
    except StoreUnavailable as error:
        # Names the folder, as that is what the user cannot use.
        raise StoreUnavailable(str(path.parent), f"its lock {error.reason}") from error


_held: Final[WeakSet[StoreLock]] = WeakSet()


def _drop_in_child() -> None:
    for lock in tuple(_held):
        lock.drop()


os.register_at_fork(after_in_child=_drop_in_child)
