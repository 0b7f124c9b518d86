"""Creates a folder of files, completely or not at all.

Guarantees: nothing existing is changed or replaced.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Final

from ...primitives import UsageError

_FORBIDDEN: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT})


@contextmanager
def new_folder(name: str) -> Generator[Callable[[str, str], None]]:
    """A function that writes a file into a new folder, given its name and text.

    Raises UsageError if the name is taken, or nothing may be made here. If the block raises, the
    folder is removed.
    """
    try:
        os.mkdir(name)
    except FileExistsError:
        raise UsageError(f"there is a {name!r} here already; choose another name") from None
    except OSError as error:
        if error.errno not in _FORBIDDEN:
            raise
        raise UsageError(
            f"the folder {name!r} cannot be made in {_here()}: {error.strerror}; change to a "
            "folder in which you may write"
        ) from error

    def write(file: str, text: str) -> None:
        with open(os.path.join(name, file), "x", encoding="utf-8") as opened:
            opened.write(text)

    try:
        yield write
    except BaseException:
        shutil.rmtree(name)
        raise


def _here() -> str:
    try:
        return os.getcwd()
    except FileNotFoundError:
        return "the current folder, which was removed"
