"""One process, and one store object in it, has a store open; the lock says which process.

The lock is the kernel's (flock), so it goes with its holder however that ends: a lock file left
behind is free, and is taken over. The file stays; removing it would race with the next opener.
A forked child has the holder's descriptor, and would hold the lock for as long as it lives: it
closes it at once, and the holder unlocks by name before it closes.

Readers of a store share the lock; where there is no lock file they go without, as they do with a
copy on a medium that cannot be written.
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
_WAIT_S: Final = 0.3  # for a holder that is just closing, or has not written its pid yet
_POLL_S: Final = 0.02
_TEXT: Final = re.compile(rb"[0-9]{0,20}\n?")  # the pid of the last holder
_TEXT_LEN_MAX: Final = 21


class StoreLock:
    """Held from creation to `release`. Raises StoreLocked with the holder's pid within 1 s."""

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
        """Let the next one in. In a forked child, of the holder's lock, nothing happens."""
        if self._descriptor >= 0 and os.getpid() == self._owner:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)
        self.drop()

    def drop(self) -> None:
        """Close the file and leave the lock to others that have the same descriptor."""
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
        """The file gets overwritten: it must not be one that somebody wants to keep."""
        text = os.pread(self._descriptor, _TEXT_LEN_MAX + 1, 0)
        if not _TEXT.fullmatch(text):
            raise StoreCorrupt(str(path), "it holds something else than the number of a process")

    def _holder(self) -> int | None:
        text = os.pread(self._descriptor, _TEXT_LEN_MAX, 0).strip()
        return int(text) if text else None


def _open(files: FileSystem, path: Path, *, writable: bool) -> int:
    """The lock file, made if it is to be written and missing."""
    try:
        if writable and not os.path.lexists(path):
            flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
            return os.open(path, flags, 0o644)
        return open_part(files, path, writable=writable)
    except StoreUnavailable as error:
        # About the folder: what cannot be had is the right to use it.
        raise StoreUnavailable(str(path.parent), f"its lock {error.reason}") from error


_held: Final[WeakSet[StoreLock]] = WeakSet()


def _drop_in_child() -> None:
    for lock in tuple(_held):
        lock.drop()


os.register_at_fork(after_in_child=_drop_in_child)
