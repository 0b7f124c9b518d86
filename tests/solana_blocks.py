"""Recorded Solana blocks of files, as the commands read them."""

from __future__ import annotations

from sealane.ingest.building.recording import Reading
from sealane.ingest.files.opening import Source
from sealane.ingest.fixture.model import FixtureFile
from sealane.ingest.read_input import read_input
from sealane.ingest.solana.recorded import RecordedBlock
from sealane.ingest.solana.recording import SolanaRecording


def read_solana(source: Source, *, votes: bool = True) -> RecordedBlock:
    """The only block in a source."""
    found = read_input(source, Reading(votes=votes))
    assert not isinstance(found, FixtureFile)
    (recording,) = found
    assert isinstance(recording, SolanaRecording)
    return recording.block
