"""Shared memory: files mapped by the parent and its workers, in one folder per runtime.

Plain files in /dev/shm if it exists (otherwise in the system's temporary folder), mapped shared.
Guarantees: space is reserved before it is used, so a full /dev/shm is an error and not a SIGBUS.
The folder is removed when its owner closes it, is collected or exits; the next start removes the
folders of owners that were killed. A process that only attached never removes anything.
A mapping ends when the last array over it is collected, not by an explicit close.

Why not memfd, which others could not resize: /dev/shm has a size that the administrator chose, and
filling it is an error, while memory in a memfd is bounded only by the OOM killer. A segment is
unlinked as soon as all workers have mapped it, which protects it nearly as well.
"""

from __future__ import annotations

import errno
import fcntl
import logging
import mmap
import os
import re
import secrets
import shutil
import tempfile
import weakref
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from ...primitives import OutOfMemory, SealaneError, SegmentLost, SharedMemoryFull
from ..process.proc import has_proc
from ..process.process_table import process_entry

_log = logging.getLogger(__package__)

_PREFIX: Final = "sealane-"
# Pid and start time of the owner, and a token. Other names in the folder are left alone.
_OUR_NAME: Final = re.compile(r"sealane-([1-9][0-9]{0,9})-([0-9]{1,20}|running)-[0-9a-f]{4,16}")
_PID_MAX: Final = 2**31 - 1  # the largest pid_t
# A start removes at most this many, which takes some ms; the next start continues.
SWEPT_MAX: Final = 100
_SHARED_MEMORY: Final = Path("/dev/shm")
# No space left, quota exceeded, file size limit exceeded.
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def shared_memory_root() -> Path:
    """The folder in which segment folders are created."""
    if _SHARED_MEMORY.is_dir() and os.access(_SHARED_MEMORY, os.W_OK):
        return _SHARED_MEMORY
    return Path(tempfile.gettempdir())


class SegmentFolder:
    """The folder of one runtime's segments. Created by its owner, removed on close."""

    def __init__(self, root: Path | None = None) -> None:
        root = shared_memory_root() if root is None else root
        sweep_dead_owners(root)
        owner = os.getpid()
        name = f"{_PREFIX}{owner}-{_start_time(owner)}-{secrets.token_hex(4)}"
        self.path = root / name
        descriptors: list[int] = []
        # Before the folder is created, so that an interrupt at any later moment leaves none behind.
        self._remove = weakref.finalize(self, _remove_folder, self.path, owner, descriptors)
        try:
            self.path.mkdir(mode=0o700)
        except OSError as error:
            raise _full(error, root, mmap.PAGESIZE) from error
        descriptors.append(os.open(self.path, os.O_RDONLY | os.O_DIRECTORY))
        # Shows processes that cannot see this one's pid, as in another container, that it lives.
        fcntl.flock(descriptors[0], fcntl.LOCK_EX | fcntl.LOCK_NB)

    def create(self, name: str, size: int) -> mmap.mmap:
        """A new zeroed segment of at least `size` bytes. Raises SharedMemoryFull, OutOfMemory."""
        try:
            return create_segment(self.path / name, size)
        except MemoryError as error:
            raise OutOfMemory(None) from error

    def remove(self, name: str) -> None:
        """Unlink a segment. Processes that have mapped it keep it until they unmap it."""
        (self.path / name).unlink(missing_ok=True)

    def close(self) -> None:
        """Remove the folder. In a process forked from its owner, do nothing."""
        self._remove()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _remove_folder(path: Path, owner: int, descriptors: list[int]) -> None:
    if os.getpid() == owner:
        shutil.rmtree(path, ignore_errors=True)
    for descriptor in descriptors:
        os.close(descriptor)


def create_segment(path: Path, size: int) -> mmap.mmap:
    """Create a zeroed file of at least `size` bytes and map it.

    Raises SharedMemoryFull; MemoryError if only this process lacks memory: a worker cannot map more
    than its limit, however much is free.
    """
    size = max(size, mmap.PAGESIZE)
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise _full(error, path.parent.parent, size) from error
    try:
        _reserve(descriptor, size)
        return mmap.mmap(descriptor, size)
    except OSError as error:
        path.unlink(missing_ok=True)
        if error.errno == errno.ENOMEM:
            raise MemoryError(f"{size:,} bytes of shared memory") from error
        raise _full(error, path.parent.parent, size) from error
    finally:
        os.close(descriptor)


def attach_segment(path: Path, size: int) -> mmap.mmap:
    """Map a segment of `size` bytes or more that another process created. Raises SegmentLost."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError as error:
        raise SegmentLost(str(path)) from error
    try:
        found = os.fstat(descriptor).st_size
        if found < max(size, mmap.PAGESIZE):
            raise SegmentLost(str(path))
        return mmap.mmap(descriptor, found)
    finally:
        os.close(descriptor)


def _reserve(descriptor: int, size: int) -> None:
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(descriptor, 0, size)
    else:
        os.ftruncate(descriptor, size)


def _full(error: OSError, root: Path, needed: int) -> OSError | MemoryError | SealaneError:
    """The SharedMemoryFull, SegmentLost or MemoryError that an OSError means; else the error."""
    if error.errno in _FULL:
        free = shutil.disk_usage(root).free
        if error.errno == errno.ENOMEM and free >= needed:
            # This process must not map so much: a worker's own limit, not a full folder.
            return MemoryError(f"no address space for {needed:,} bytes more")
        return SharedMemoryFull(str(root), needed, free)
    if error.errno == errno.ENOENT:
        return SegmentLost(str(error.filename))
    return error


def sweep_dead_owners(root: Path) -> None:
    """Remove the segment folders of this user's processes that are gone, SWEPT_MAX at most.

    Skips anything else with such a name, and other users' folders.
    """
    swept = 0
    try:
        with os.scandir(root) as entries:
            for entry in entries:
                if swept < SWEPT_MAX and _owner_is_dead(entry):
                    shutil.rmtree(entry.path, ignore_errors=True)
                    swept += 1
                    _log.info("removed %s: the process that made it is gone", entry.path)
    except OSError:
        return  # cannot be listed: creating a folder there will raise the error


def _owner_is_dead(entry: os.DirEntry[str]) -> bool:
    """Whether this is a segment folder of a process of this user that is gone."""
    name = _OUR_NAME.fullmatch(entry.name)
    if name is None or int(name[1]) > _PID_MAX or not _is_own_folder(entry):
        return False
    return _start_time(int(name[1])) != name[2] and not _is_locked(entry.path)


def _is_own_folder(entry: os.DirEntry[str]) -> bool:
    try:
        is_folder = entry.is_dir(follow_symlinks=False)
        return is_folder and entry.stat(follow_symlinks=False).st_uid == os.geteuid()
    except OSError:
        return False  # already removed


def _is_locked(folder: str) -> bool:
    """Whether its owner is alive, for example in another container."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return True  # already removed, or not ours: nothing to remove
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


def _start_time(pid: int) -> str:
    """When a process started, in clock ticks: with its pid, who it is. "gone" if it is not."""
    entry = process_entry(pid)
    if entry is None:
        return "running" if _is_running(pid) else "gone"
    return "gone" if entry.state == "Z" else entry.start_time


def _is_running(pid: int) -> bool:
    """For systems without /proc."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not has_proc()
