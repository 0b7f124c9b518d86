"""Opens a file named by the user: a fixture, or a file of recorded blocks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...ingest.building.recording import Reading
from ...ingest.files.labels import read_label_files
from ...ingest.fixture.model import FixtureFile
from ...ingest.loaded_block import LoadedBlock, load_block, load_blocks
from ...ingest.read_input import read_input
from ...primitives import InputError
from ..output.name_warnings import show_name_warnings
from .known_programs import import_program

if TYPE_CHECKING:
    from ...scheduler import Schedule


def open_block(
    file: str,
    programs: Sequence[str] | None,
    *,
    reading: Reading,
    labels: Sequence[str] | None = None,
    case: str | None = None,
    quiet: bool = False,
) -> LoadedBlock:
    """Read the file, with warnings on stderr. `labels`: files of labels. Raises InputError."""
    given = [import_program(option) for option in programs or ()]
    known = read_label_files(labels or ())
    block = load_block(file, programs=given, reading=reading, labels=known, case=case)
    _warn(block, quiet=quiet)
    return block


def open_blocks(
    file: str,
    programs: Sequence[str] | None,
    *,
    reading: Reading,
    labels: Sequence[str] | None = None,
    case: str | None = None,
    quiet: bool = False,
) -> list[LoadedBlock]:
    """Every block of the file, or the one that `case` names, as `open_block`."""
    given = [import_program(option) for option in programs or ()]
    known = read_label_files(labels or ())
    blocks = load_blocks(file, programs=given, reading=reading, labels=known, case=case)
    for block in blocks:
        _warn(block, quiet=quiet)
    return blocks


def _warn(block: LoadedBlock, *, quiet: bool) -> None:
    if not quiet:
        show_name_warnings(block.path, block.warnings)


def open_schedule(
    file: str,
    programs: Sequence[str] | None,
    *,
    reading: Reading,
    labels: Sequence[str] | None = None,
    case: str | None = None,
    quiet: bool = False,
) -> Schedule:
    """Read the file and schedule it, as `open_block`."""
    block = open_block(file, programs, reading=reading, labels=labels, case=case, quiet=quiet)
    return block.schedule()


def load_fixture(file: str, doing: str) -> FixtureFile:
    """Load a fixture. For a recorded block, the error says which commands take it."""
    loaded = read_input(file)
    if isinstance(loaded, FixtureFile):
        return loaded
    chain = loaded[0].chain.capitalize()
    raise InputError(
        f"a recorded block of {chain} names only its locks, so it cannot be {doing}; "
        "use plan, graph, explain, or replay where it records values",
        path=file,
    )
