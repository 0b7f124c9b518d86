"""Less frequent garbage collection while objects are created to stay.

Collections would scan ever more objects and find nothing: up to half of the time of reading a large
file, and a sixth of a command's start, since modules stay. Guarantees: it stays enabled, and its
settings are restored.
"""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

_NEW_OBJECTS_MIN: Final = 10_000  # between two collections; more gains nothing


@contextmanager
def infrequent_gc() -> Generator[None]:
    """Use as a decorator: applies while the function runs."""
    before = gc.get_threshold()
    if before[0]:  # 0: it is disabled
        gc.set_threshold(max(before[0], _NEW_OBJECTS_MIN), *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
