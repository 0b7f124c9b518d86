"""Surveys files: those in the journal are done, the others are read, here or in workers.

Guarantees: rows in the order of the files, the same for any number of workers. Runs no block.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Generator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from ...ingest.files.opening import STDIN
from ...primitives import UsageError
from .journal import FileIdentity
from .pool import WORKERS_MAX, survey_in_workers
from .row import Row
from .settings import Settings

if TYPE_CHECKING:
    from .journal import Journal


class _Job(NamedTuple):
    """A file that is not done; `number` is its place. `identity`: as it was before it is read."""

    number: int
    file: str
    identity: FileIdentity | None


def survey(
    files: Sequence[str],
    *,
    workers: int | None = None,
    settings: Settings | None = None,
    journal: Journal | None = None,
    done: Callable[[int], None] | None = None,
) -> list[Row]:
    """A row for each block, in the order of the files as given. `-` is standard input.

    `workers`: processes; 0 reads in this one, None stands for the number of cores. Rows that are
    new go to `journal`. `done` is called with how many files are done, at first with those that the
    journal has. Raises UsageError for an impossible number of workers, MachineError if they cannot
    be started, InputError if the journal cannot be written.
    """
    count = (os.cpu_count() or 1) if workers is None else workers
    if not 0 <= count <= WORKERS_MAX:
        raise UsageError(f"workers={count}: 0 to {WORKERS_MAX} are possible")
    rows: dict[int, list[Row]] = {}
    jobs: dict[int, _Job] = {}
    for number, file in enumerate(files):
        identity = FileIdentity.of(file)
        known = None if journal is None else journal.rows(file, identity)
        if known is None:
            jobs[number] = _Job(number, file, identity)
        else:
            rows[number] = known
    if done is not None:
        done(len(rows))
    with closing(_surveyed(list(jobs.values()), settings or Settings(), count)) as found:
        for number, of_file in found:
            rows[number] = of_file
            if journal is not None:
                journal.add(jobs[number].identity, of_file)
            if done is not None:
                done(len(rows))
    return [row for number in range(len(files)) for row in rows[number]]


def _surveyed(
    jobs: Collection[_Job], settings: Settings, workers: int
) -> Generator[tuple[int, list[Row]]]:
    """The rows of each file, in the order in which they are done."""
    # Only this process has the standard input.
    here = [job for job in jobs if workers == 0 or job.file == STDIN]
    if here:
        from .block_row import survey_file

        for job in here:
            yield job.number, survey_file(job.file, settings)
    # The largest first: begun last, it would keep one worker busy when all others are done.
    away = sorted((job for job in jobs if workers and job.file != STDIN), key=_size, reverse=True)
    if away:
        numbered = [(job.number, job.file) for job in away]
        yield from survey_in_workers(numbered, settings, workers)


def _size(job: _Job) -> int:
    return 0 if job.identity is None else job.identity.size
