"""Opens the recorded blocks of a file, to replay them."""

from __future__ import annotations

from collections.abc import Sequence

from ...ingest.building.recording import Reading, Recording
from ...ingest.chosen_case import chosen_blocks
from ...ingest.fixture.model import FixtureFile
from ...ingest.read_input import read_input
from ...primitives import InputError
from ...testing.checked_runs.prepared_replay import PreparedReplay, prepare_replay


def open_replays(file: str, reading: Reading, case: str | None) -> list[PreparedReplay]:
    """Each block of the file, or the one that `case` names. Raises InputError, with the path."""
    found = read_input(file, reading)
    if isinstance(found, FixtureFile):
        raise InputError(
            "a fixture records no balances to replay; use run, or name a recorded block", path=file
        )
    return replays_of(found, file, reading, case)


def replays_of(
    found: Sequence[Recording], file: str, reading: Reading, case: str | None
) -> list[PreparedReplay]:
    """What was read from a file, ready to be replayed; as `open_replays`."""
    chosen = chosen_blocks(found, case, file)
    try:
        return [prepare_replay(each, votes=reading.votes) for each in chosen]
    except InputError as error:
        raise InputError(error.message, path=error.path or file) from error
