"""Caveats about figures of a recorded block: what is missing, and what replaces it."""

from __future__ import annotations

from collections.abc import Iterator

from ...primitives.cost_note import CostNote
from .recorded import RecordedBlock


def notes_on(recorded: RecordedBlock) -> Iterator[str]:
    """The caveats as sentences; empty if the block records everything."""
    count, missing = len(recorded.ids), recorded.units_missing
    if missing and missing == count:
        yield CostNote("no compute units are recorded: every transaction counts 1")
    elif missing:
        yield CostNote(
            f"no compute units are recorded for {missing:,} of {count:,} transactions: the median "
            "of the others stands in"
        )
    for unread in recorded.unread:
        yield f"left out: {unread.transaction}: {unread.reason}"
