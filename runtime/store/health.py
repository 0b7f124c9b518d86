"""Tracks whether a store object may still be used, and translates its failures.

Guarantees: after a failure that leaves memory and disk different, or the disk in an unknown state,
every later use is refused. Does not: detect failures by itself; code that may fail runs inside
`appending` or `changing`.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from ...primitives import MachineError, StoreCorrupt, StoreFailed, UsageError
from .file_system import SyncFailed

_NO_ROOM: Final = {
    errno.ENOSPC: "the disk is full ({reason}); make room",
    errno.EDQUOT: "the disk quota of this user is used up ({reason}); make room",
    errno.EFBIG: "a limit on the size of files is reached ({reason}); raise it (ulimit -f)",
}


class StoreHealth:
    """The health of the store in `folder`, which this process opened."""

    def __init__(self, folder: Path) -> None:
        self.closed = False
        self._folder = folder
        self._owner = os.getpid()
        self._failure: MachineError | None = None

    def require(self) -> None:
        """Raise UsageError or StoreFailed unless the store may be used."""
        if self.closed:
            raise UsageError("this store is closed; open it anew")
        if os.getpid() != self._owner:
            raise UsageError(
                f"the store {self._folder} was opened in process {self._owner}, and this is a "
                "fork of it; open the store where it is used"
            )
        if isinstance(self._failure, StoreFailed):
            what = f"an earlier write failed half-way: {self._failure.what}"
            raise StoreFailed(str(self._folder), what, usable=False) from self._failure
        if self._failure is not None:
            raise self._failure

    @contextmanager
    def appending(self) -> Generator[None]:
        """For steps whose failure changes nothing that counts: the store stays usable."""
        try:
            yield
        except OSError as error:
            raise StoreFailed(str(self._folder), _told(error), usable=True) from error

    @contextmanager
    def changing(self, *, up_to_full_disk: bool = False) -> Generator[None]:
        """For steps whose failure makes the store unusable.

        With `up_to_full_disk`, it stays usable if the disk is too full for new files.
        """
        try:
            yield
        except BaseException as error:
            failure = self._failure_of(error, up_to_full_disk)
            if not (isinstance(failure, StoreFailed) and failure.usable):
                self._failure = failure
            if isinstance(error, OSError | MemoryError):
                raise failure from error
            raise

    def _failure_of(self, error: BaseException, up_to_full_disk: bool) -> MachineError:
        if isinstance(error, StoreCorrupt):
            return error
        full = isinstance(error, OSError) and error.errno in _NO_ROOM
        usable = up_to_full_disk and full and not isinstance(error, SyncFailed)
        return StoreFailed(str(self._folder), _told(error), usable=usable)


def _told(error: BaseException) -> str:
    if not isinstance(error, OSError):
        return f"a commit was interrupted by {type(error).__name__}"
    reason = error.strerror or str(error)
    if isinstance(error, SyncFailed):
        return f"what was written may not have reached the disk ({reason})"
    if error.errno in _NO_ROOM:
        return _NO_ROOM[error.errno].format(reason=reason)
    return f"the store could not be written ({reason})"
