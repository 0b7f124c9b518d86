"""How deep a program may recurse: equally deep everywhere, so that endless recursion fails alike.

Python's limit counts from the bottom of the process's stack, and the depth at which a handler
begins differs between a worker, a script and a test runner. The limit is therefore set relative to
the executor's own depth; see process_guard.py. The depth is the same for the same Python version;
other versions count C calls differently.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

_DEPTH: Final = re.compile(r"recursion depth (\d+)")


@contextmanager
def deeper_recursion(frames: int) -> Generator[None]:
    """Raise the limit by `frames` that are on the stack in one kind of execution only."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(before + frames)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def stack_depth() -> int:
    """The caller's stack depth as the interpreter counts it, which is not the number of frames."""
    try:
        # Too low on purpose: only the error message gives the depth.
        sys.setrecursionlimit(1)
    except RecursionError as refused:
        found = _DEPTH.search(str(refused))
        assert found is not None  # the wording of every CPython
        return int(found[1])
    raise AssertionError("a recursion limit of 1 was accepted")
