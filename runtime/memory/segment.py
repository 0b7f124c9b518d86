"""Shared memory: files mapped by the parent and its workers, in one folder for each runtime.

Plain files under /dev/shm where there is one (the system's temporary folder elsewhere), mapped
shared. Guarantees: room is reserved before it is used, so a full /dev/shm is an error and not a
SIGBUS; the folder goes when its owner closes it, is collected or exits; the next start removes the
folders of owners that were killed. A process that only attached never removes anything.
Mappings are unmapped when the last array over them is gone, not by an explicit close.

Why not memfd, which nobody could resize: /dev/shm has a size that its administrator chose, and to
fill it is an error; memory behind a memfd ends with the OOM killer. A segment is nameless from
when everybody has mapped it, which nearly comes to the same.
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
# Pid and start time of the owner, and a token. Others make names here, too; those are left alone.
_OUR_NAME: Final = re.compile(r"sealane-([1-9][0-9]{0,9})-([0-9]{1,20}|running)-[0-9a-f]{4,16}")
_PID_MAX: Final = 2**31 - 1  # the largest that pid_t holds
# A start removes no more than this, which takes some ms; what is left waits for the next.
SWEPT_MAX: Final = 100
_SHARED_MEMORY: Final = Path("/dev/shm")
# No room, no quota, past the file size limit.
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def shared_memory_root() -> Path:
    """Where segment folders are made."""
    if _SHARED_MEMORY.is_dir() and os.access(_SHARED_MEMORY, os.W_OK):
        return _SHARED_MEMORY
    return Path(tempfile.gettempdir())


class SegmentFolder:
    """The segments of one runtime. Made by its owner, removed with everything in it on close."""

    def __init__(self, root: Path | None = None) -> None:
        root = shared_memory_root() if root is None else root
        sweep_dead_owners(root)
        owner = os.getpid()
        name = f"{_PREFIX}{owner}-{_start_time(owner)}-{secrets.token_hex(4)}"
        self.path = root / name
        descriptors: list[int] = []
        # Before there is a folder: an interrupt at any later moment leaves none behind.
        self._remove = weakref.finalize(self, _remove_folder, self.path, owner, descriptors)
        try:
            self.path.mkdir(mode=0o700)
        except OSError as error:
            raise _full(error, root, mmap.PAGESIZE) from error
        descriptors.append(os.open(self.path, os.O_RDONLY | os.O_DIRECTORY))
        # Tells processes that cannot see this one, as from another container, that it lives.
        fcntl.flock(descriptors[0], fcntl.LOCK_EX | fcntl.LOCK_NB)

    def create(self, name: str, size: int) -> mmap.mmap:
        """A new zeroed segment of at least `size` bytes. Raises SharedMemoryFull, OutOfMemory."""
        try:
            return create_segment(self.path / name, size)
        except MemoryError as error:
            raise OutOfMemory(None) from error

    def remove(self, name: str) -> None:
        """Unlink a segment; who has mapped it keeps it until it lets go."""
        (self.path / name).unlink(missing_ok=True)

    def close(self) -> None:
        """Remove the folder. In a process forked from its owner, only forget it."""
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
    """A new zeroed, mapped file of at least `size` bytes.

    Raises SharedMemoryFull, and MemoryError where only this process lacks memory: a worker may map
    no more than its limit, however much is free.
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
    """Map a segment of `size` bytes or more that another process made. Raises SegmentLost."""
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
    """SharedMemoryFull, SegmentLost or MemoryError, if that is what the error stands for."""
    if error.errno in _FULL:
        free = shutil.disk_usage(root).free
        if error.errno == errno.ENOMEM and free >= needed:
            # The process may not map so much: a worker's own limit, and no fault of the folder's.
            return MemoryError(f"no address space for {needed:,} bytes more")
        return SharedMemoryFull(str(root), needed, free)
    if error.errno == errno.ENOENT:
        return SegmentLost(str(error.filename))
    return error


def sweep_dead_owners(root: Path) -> None:
    """Remove the segment folders of this user's processes that are gone, SWEPT_MAX at most.

    Whatever else has a name like one, or belongs to somebody else, is passed over.
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
        return  # not to be listed: to make a folder there will say why


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
        return False  # gone meanwhile


def _is_locked(folder: str) -> bool:
    """Whether its owner lives after all, in another container, say."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return True  # gone meanwhile, or not ours: nothing to sweep
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
