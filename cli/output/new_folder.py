"""A folder of new files: all of them, or nothing.

Guarantees: nothing that is there is changed or replaced.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator
from contextlib import contextmanager

from ...primitives import UsageError


@contextmanager
def new_folder(name: str) -> Generator[Callable[[str, str], None]]:
    """A function to write files into a new folder with: file name, text.

    Raises UsageError if something of that name is there. If anything is raised inside, the folder
    is gone again.
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
