"""The garbage collector while what is made stays: less often.

It would go through ever more objects and find nothing: up to half of the time of a large file, a
sixth of the start of a command, whose modules stay. Guarantees: it runs, and is afterwards as it
was.
"""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

_NEW_OBJECTS_MIN: Final = 10_000  # between two runs; more gains nothing


@contextmanager
def infrequent_gc() -> Generator[None]:
    """As a decorator, for the time that the function takes."""
    before = gc.get_threshold()
    if before[0]:  # else somebody turned it off
        gc.set_threshold(max(before[0], _NEW_OBJECTS_MIN), *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
