"""All file system calls of the store, in one place, so that a test can make the nth one fail.

Guarantees: reads and writes are complete or raise. Nothing is memory-mapped, so a file that shrinks
while it is read is an error and not a SIGBUS. Only regular files are opened or written; symbolic
links are not followed. Does not: retry; that is up to the caller.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ...primitives import StoreCorrupt, StoreFailed, StoreUnavailable

DRAFT_SUFFIX: Final = ".new"
# Non-blocking, as opening a named pipe would wait for its other end.
_PLAIN: Final = os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
_KINDS: Final = {
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFBLK: "a device",
    stat.S_IFCHR: "a device",
}
_FORBIDDEN: Final = (errno.EACCES, errno.EPERM, errno.EROFS)


class FileSystem:
    """The real file system. Errors are OSErrors; a read past the end returns fewer bytes."""

    def create(self, path: Path) -> int:
        """Create an empty file, replacing an existing one; opened for reading and writing."""
        path.unlink(missing_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _PLAIN, 0o644)

    def open(self, path: Path) -> int:
        """Open for reading and writing. Raises NotRegular."""
        return _regular(os.open(path, os.O_RDWR | _PLAIN))

    def open_to_read(self, path: Path) -> int:
        """Open for reading. Raises NotRegular."""
        return _regular(os.open(path, os.O_RDONLY | _PLAIN))

    def is_regular(self, path: Path) -> bool:
        """Whether there is a regular file at `path`; a link to one does not count."""
        try:
            return stat.S_ISREG(path.lstat().st_mode)
        except FileNotFoundError:
            return False

    def close(self, descriptor: int) -> None:
        os.close(descriptor)

    def size(self, descriptor: int) -> int:
        return os.fstat(descriptor).st_size

    def reserve(self, descriptor: int, size: int) -> None:
        """Make the file `size` bytes long, with disk space allocated for all of them."""
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(descriptor, 0, size)

    def read(self, descriptor: int, size: int, offset: int) -> bytes:
        """Read `size` bytes, or fewer at the end of the file."""
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
        """Return once the content and the file's size are on the disk."""
        getattr(os, "fdatasync", os.fsync)(descriptor)

    def sync_folder(self, path: Path) -> None:
        """Return once the folder's entries are on the disk."""
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
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


class NotRegular(OSError):
    """There is something other than a regular file."""


class SyncFailed(OSError):
    """Written data may or may not be on the disk, and another sync would not tell."""


def open_part(files: FileSystem, path: Path, *, writable: bool) -> int:
    """Open a file that a store must have.

    Raises StoreCorrupt if there is none, StoreUnavailable if this user may not open it, and
    StoreFailed if the system cannot.
    """
    try:
        return files.open(path) if writable else files.open_to_read(path)
    except FileNotFoundError:
        raise StoreCorrupt(str(path), "the file is missing") from None
    except OSError as error:
        kind = kind_of(path)
        if kind is not None:
            raise StoreCorrupt(str(path), f"{kind} is there, and no regular file") from error
        reason = error.strerror or str(error)
        if error.errno in _FORBIDDEN:
            remedy = "let this user read it" + (" and write it" if writable else "")
            raise StoreUnavailable(str(path), f"cannot be opened ({reason}); {remedy}") from error
        what = f"the file cannot be opened ({reason})"
        raise StoreFailed(str(path), what, usable=True) from error


def kind_of(path: Path) -> str | None:
    """What is there instead of a regular file, in words; None for a regular file or nothing."""
    try:
        return _KINDS.get(stat.S_IFMT(path.lstat().st_mode))
    except OSError:
        return None


def _regular(descriptor: int) -> int:
    """The descriptor, if it is of a regular file; otherwise closes it and raises NotRegular."""
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    raise NotRegular(errno.EINVAL, "no regular file")


def sync_file(files: FileSystem, descriptor: int) -> None:
    """Sync a file. Raises SyncFailed, after which no file of the store may be written."""
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
    """`FileSystem.read`. Raises StoreFailed if the disk cannot be read."""
    try:
        return files.read(descriptor, size, offset)
    except OSError as error:
        what = f"the file cannot be read ({error.strerror})"
        raise StoreFailed(str(path), what, usable=True) from error


def write_whole(files: FileSystem, path: Path, content: bytes) -> None:
    """Replace a file atomically: complete and on the disk, or unchanged. The caller syncs the
    folder."""
    draft = path.with_name(path.name + DRAFT_SUFFIX)
    descriptor = files.create(draft)
    try:
        files.write(descriptor, content, 0)
        sync_file(files, descriptor)
    finally:
        files.close(descriptor)
    files.replace(draft, path)
