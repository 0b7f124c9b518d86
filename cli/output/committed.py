"""What the command that runs has committed, so that nothing that goes wrong later denies it.

Guarantees: an error that comes up between a commit and the end of its report is Unreported, for
which there is an exit code of its own. Errors about the next block or file stay what they are.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Protocol

_heights: list[int] = []
_deeds: list[str] = []


class Unreported(Exception):
    """Something was committed and its report could not be written; `__cause__` says why."""


class _Durable(Protocol):
    @property
    def height(self) -> int: ...


@contextmanager
def committing(store: _Durable) -> Generator[None]:
    """While inside, the next block of a store is run, and what it commits is noted."""
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
    """Something that lasts, other than a block, is done: a sentence."""
    _deeds.append(deed)


def forget_committed() -> None:
    """A new command begins: it has committed nothing yet."""
    _heights.clear()
    _deeds.clear()


def committed() -> str:
    """What is committed, in words; empty if nothing is."""
    return ", ".join([*_blocks(), *_deeds])


def _blocks() -> list[str]:
    if not _heights:
        return []
    first, last = _heights[0], _heights[-1]
    if first == last:
        return [f"block {last:,} is committed"]
    return [f"blocks {first:,} to {last:,} are committed"]
