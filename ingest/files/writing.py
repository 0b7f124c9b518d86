"""Atomic writing of output files.

Guarantees: either the complete file is on disk, or the previous one is unchanged; only a regular
file is replaced, and no other file is touched: the temporary file has a unique name.
"""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TextIO

from ...primitives import InputError


@contextmanager
def whole_file(path: str) -> Generator[TextIO]:
    """A text file that replaces `path` if the block ends without an error. Raises InputError."""
    with _draft(path, "x", encoding="utf-8") as file:
        yield file


def write_whole(path: str, content: bytes) -> None:
    """Write a file, or replace it. Raises InputError."""
    with _draft(path, "xb") as file:
        file.write(content)


@contextmanager
def _draft(path: str, mode: str, **options: Any) -> Generator[Any]:
    """A new file that takes the place of `path` once it is complete."""
    _require_replaceable(path)
    # Not derived from the file's name, which may already have the maximum length.
    draft = Path(path).parent / f".sealane-{secrets.token_hex(8)}.new"
    try:
        with open(draft, mode, **options) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(f"cannot be written: {reason}", path=path) from error
    finally:
        with suppress(OSError):
            draft.unlink()


def require_writable(path: str) -> None:
    """Raise InputError, before work that takes long, if a file of this name cannot be written."""
    _require_replaceable(path)
    folder = os.path.dirname(path) or "."
    if not os.path.isdir(folder):
        raise InputError(f"cannot be written: there is no folder {folder}", path=path)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise InputError(f"cannot be written: the folder {folder} may not be written", path=path)


def _require_replaceable(path: str) -> None:
    """Raise InputError if the path is anything but a regular file or free."""
    try:
        mode = os.lstat(path).st_mode
    except OSError:
        return  # it does not exist, or writing will raise the reason
    if stat.S_ISLNK(mode):
        raise InputError("is a symbolic link; name the file itself", path=path)
    if not stat.S_ISREG(mode):
        raise InputError("is no regular file; name one, or a new one", path=path)
