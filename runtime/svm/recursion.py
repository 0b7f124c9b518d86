"""How deep a program may recurse: the same everywhere, so that a recursion bomb fails alike.

Python's limit counts from the bottom of the process's stack, and how much of it is used when a
handler begins differs between a worker, a script and a test runner. The limit is therefore set
from where the executor stands; see process_guard.py. Same Python version, same depth; other
versions count C calls differently.
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
    """Make up for frames that lie on the stack in one execution and not in another."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(before + frames)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def stack_depth() -> int:
    """How deep the caller is as the interpreter counts; the number of frames is not the same."""
    try:
        # Too low on purpose: the refusal names the depth, which nothing else tells.
        sys.setrecursionlimit(1)
    except RecursionError as refused:
        found = _DEPTH.search(str(refused))
        assert found is not None  # every CPython words it so
        return int(found[1])
    raise AssertionError("a recursion limit of 1 was accepted")
