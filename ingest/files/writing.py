"""Writing a file that a user named.

Guarantees: the file is there whole, on the disk, or what was there before is; nothing but a regular
file is replaced, and no other file is touched: the draft has a name that nobody else has.
"""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from ...primitives import InputError


@contextmanager
def whole_file(path: str) -> Generator[TextIO]:
    """A text file that is put in place at the end, if that is reached. Raises InputError."""
    _require_replaceable(path)
    # The folder and not the name of the file: that may be as long as a name can be.
    draft = Path(path).parent / f".sealane-{secrets.token_hex(8)}.new"
    try:
        with open(draft, "x", encoding="utf-8") as file:
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


def _require_replaceable(path: str) -> None:
    """Raise InputError where something is that a file must not take the place of."""
    try:
        mode = os.lstat(path).st_mode
    except OSError:
        return  # nothing is there, or writing will say why not
    if stat.S_ISLNK(mode):
        raise InputError("is a symbolic link; name the file itself", path=path)
    if not stat.S_ISREG(mode):
        raise InputError("is no regular file; name one, or a new one", path=path)
