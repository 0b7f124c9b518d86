"""Tracks what the running command has committed, so that no later error message denies it.

Guarantees: an error between a commit and the end of its report becomes Unreported, which has its
own exit code. Errors about the next block or file are left unchanged.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Protocol

_heights: list[int] = []
_deeds: list[str] = []


class Unreported(Exception):
    """Something was committed, but its report could not be written; `__cause__` says why."""


class _Durable(Protocol):
    @property
    def height(self) -> int: ...


@contextmanager
def committing(store: _Durable) -> Generator[None]:
    """Enter while running the next block of a store: records what it commits."""
    before = store.height
    try:
        yield
    except Exception as error:
        if store.height > before:
            raise Unreported from error
        raise
    finally:
        if store.height > before:
            _heights.append(store.height)


def note_done(deed: str) -> None:
    """Record, as a sentence, a lasting effect other than a block."""
    _deeds.append(deed)


def forget_committed() -> None:
    """Reset for a new command, which has committed nothing yet."""
    _heights.clear()
    _deeds.clear()


def committed() -> str:
    """What was committed, in words; empty if nothing was."""
    return ", ".join([*_blocks(), *_deeds])


def _blocks() -> list[str]:
    if not _heights:
        return []
    first, last = _heights[0], _heights[-1]
    if first == last:
        return [f"block {last:,} is committed"]
    return [f"blocks {first:,} to {last:,} are committed"]
