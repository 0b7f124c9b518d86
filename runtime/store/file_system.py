"""Every call of the store on the file system, in one place, so that a test can fail the nth one.

Guarantees: reads and writes are whole or raise; nothing is mapped into memory, so a file that
shrinks under a reader is an error and not a SIGBUS. Does not: retry; whoever calls decides.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ...primitives import StoreFailed

DRAFT_SUFFIX: Final = ".new"


class FileSystem:
    """The real one. Errors are OSErrors; a read past the end returns fewer bytes."""

    def create(self, path: Path) -> int:
        """A new, empty file, or an old one of that name emptied; open for reading and writing."""
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)

    def open(self, path: Path) -> int:
        return os.open(path, os.O_RDWR | os.O_CLOEXEC)

    def close(self, descriptor: int) -> None:
        os.close(descriptor)

    def size(self, descriptor: int) -> int:
        return os.fstat(descriptor).st_size

    def reserve(self, descriptor: int, size: int) -> None:
        """Make the file `size` bytes long, with room on the disk for all of them."""
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(descriptor, 0, size)

    def read(self, descriptor: int, size: int, offset: int) -> bytes:
        """`size` bytes, or fewer where the file ends."""
        first = os.pread(descriptor, size, offset)
        if len(first) in (0, size):
            return first
        parts = [first]
        done = len(first)
        while done < size and (part := os.pread(descriptor, size - done, offset + done)):
            parts.append(part)
            done += len(part)
        return b"".join(parts)

    def write(self, descriptor: int, content: bytes | memoryview, offset: int) -> None:
        view = memoryview(content)
        while view:
            done = os.pwrite(descriptor, view, offset)
            view = view[done:]
            offset += done

    def sync(self, descriptor: int) -> None:
        """Return once the content, and the size it needs, is on the disk."""
        getattr(os, "fdatasync", os.fsync)(descriptor)

    def sync_folder(self, path: Path) -> None:
        """Return once the folder's list of names is on the disk."""
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def replace(self, source: Path, target: Path) -> None:
        os.replace(source, target)

    def remove(self, path: Path) -> None:
        path.unlink(missing_ok=True)

    def names(self, folder: Path) -> Sequence[str]:
        return sorted(os.listdir(folder))


class SyncFailed(OSError):
    """What was written may be on the disk or not, and asking again would not tell."""


def sync_file(files: FileSystem, descriptor: int) -> None:
    """Sync. Raises SyncFailed, after which no file of the store may be written any more."""
    try:
        files.sync(descriptor)
    except OSError as error:
        raise SyncFailed(error.errno, error.strerror) from error


def sync_names(files: FileSystem, folder: Path) -> None:
    """Sync the folder itself. Raises SyncFailed."""
    try:
        files.sync_folder(folder)
    except OSError as error:
        raise SyncFailed(error.errno, error.strerror) from error


def read_from(files: FileSystem, descriptor: int, path: Path, size: int, offset: int) -> bytes:
    """`FileSystem.read`; a disk that cannot be read is told as StoreFailed."""
    try:
        return files.read(descriptor, size, offset)
    except OSError as error:
        what = f"the file cannot be read ({error.strerror})"
        raise StoreFailed(str(path), what, usable=True) from error


def write_whole(files: FileSystem, path: Path, content: bytes) -> None:
    """Put a file in place, whole and on the disk, or leave what was there. The caller syncs the
    folder."""
    draft = path.with_name(path.name + DRAFT_SUFFIX)
    descriptor = files.create(draft)
    try:
        files.write(descriptor, content, 0)
        sync_file(files, descriptor)
    finally:
        files.close(descriptor)
    files.replace(draft, path)
