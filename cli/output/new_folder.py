"""Creates a folder of files, completely or not at all.

Guarantees: nothing existing is changed or replaced.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator
from contextlib import contextmanager

from ...primitives import UsageError


@contextmanager
def new_folder(name: str) -> Generator[Callable[[str, str], None]]:
    """A function that writes a file into a new folder, given its name and text.

    Raises UsageError if the name is taken. If the block raises, the folder is removed.
    """
    try:
        os.mkdir(name)
    except FileExistsError:
        raise UsageError(f"there is a {name!r} here already; choose another name") from None

    def write(file: str, text: str) -> None:
        with open(os.path.join(name, file), "x", encoding="utf-8") as opened:
            opened.write(text)

    try:
        yield write
    except BaseException:
        shutil.rmtree(name)
        raise
