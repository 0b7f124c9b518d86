"""Shared memory: files mapped by the parent and its workers, in one folder for each runtime.

Plain files under /dev/shm where there is one (the system's temporary folder elsewhere), mapped
shared. Guarantees: room is reserved before it is used, so a full /dev/shm is an error and not a
SIGBUS; the folder goes when its owner closes it, and the next start removes the folders of
owners that died. A process that only attached never removes anything.
Mappings are unmapped when the last array over them is gone, not by an explicit close.
"""

from __future__ import annotations

import errno
import mmap
import os
import secrets
import shutil
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from ..primitives import SharedMemoryFull

_PREFIX: Final = "sealane-"
_SHARED_MEMORY: Final = Path("/dev/shm")


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
        self.path.mkdir(mode=0o700)

    def create(self, name: str, size: int) -> mmap.mmap:
        """A new zeroed segment of at least `size` bytes. Raises SharedMemoryFull."""
        return create_segment(self.path / name, size)

    def remove(self, name: str) -> None:
        """Unlink a segment; who has mapped it keeps it until it lets go."""
        (self.path / name).unlink(missing_ok=True)

    def close(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def create_segment(path: Path, size: int) -> mmap.mmap:
    """A new zeroed, mapped file of at least `size` bytes. Raises SharedMemoryFull."""
    size = max(size, mmap.PAGESIZE)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        _reserve(descriptor, size, path)
        return mmap.mmap(descriptor, size)
    finally:
        os.close(descriptor)


def attach_segment(path: Path) -> mmap.mmap:
    """Map a segment that another process made."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        return mmap.mmap(descriptor, 0)
    finally:
        os.close(descriptor)


def _reserve(descriptor: int, size: int, path: Path) -> None:
    try:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(descriptor, 0, size)
        else:
            os.ftruncate(descriptor, size)
    except OSError as error:
        path.unlink(missing_ok=True)
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            free = shutil.disk_usage(path.parent).free
            raise SharedMemoryFull(str(path.parent.parent), size, free) from error
        raise


def sweep_dead_owners(root: Path) -> None:
    """Remove the segment folders of processes that are gone."""
    for folder in root.glob(f"{_PREFIX}*-*-*"):
        owner, _, start = folder.name.removeprefix(_PREFIX).partition("-")
        start = start.partition("-")[0]
        if owner.isdigit() and _start_time(int(owner)) != start:
            shutil.rmtree(folder, ignore_errors=True)


def _start_time(pid: int) -> str:
    """When a process started, in clock ticks: with its pid, who it is. "gone" if it is not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return "running" if _is_running(pid) else "gone"
    fields = stat.rpartition(")")[2].split()
    return "gone" if fields[0] == "Z" else fields[19]


def _is_running(pid: int) -> bool:
    """For systems without /proc."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not Path("/proc/self").exists()
