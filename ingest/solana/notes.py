"""Caveats about figures of a recorded block: what is missing, and what replaces it."""

from __future__ import annotations

from collections.abc import Iterator

from ...primitives.cost_note import notes_on_gaps
from .recorded import RecordedBlock


def notes_on(recorded: RecordedBlock) -> Iterator[str]:
    """The caveats as sentences; empty if the block records everything."""
    what = "no compute units are recorded"
    yield from notes_on_gaps(what, recorded.units_missing, len(recorded.ids))
    for unread in recorded.unread:
        yield f"left out: {unread.transaction}: {unread.reason}"
