"""The processes of a survey: each reads one file at a time.

    survey ── path ──▶ worker ─▶ rows ──▶ survey, which hands it the next path
                         └─ dies ──▶ its file's row says so; another worker takes its place

Workers come from a fork server of their own. Guarantees: when the generator is done or closed, for
whatever reason, no process is left; and a worker that dies costs its file's row, not the others.
Does not: survey in several threads at a time.
"""

from __future__ import annotations

import os
import pickle
import select
from collections.abc import Generator, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from ...primitives import MachineError
from ...runtime.process.fork_server import ForkServer
from ...runtime.process.forked_process import ForkedProcess
from .row import Row
from .server import SERVER
from .settings import Settings

if TYPE_CHECKING:
    from ...runtime.workers.program_source import ProgramSource

WORKERS_MAX: Final = 256


def survey_in_workers(
    jobs: Iterable[tuple[int, str]], settings: Settings, workers: int
) -> Generator[tuple[int, list[Row]]]:
    """The rows of numbered files, each with its number, in the order in which they are done.

    Close it if it is not exhausted. Raises MachineError if a worker cannot be started.
    """
    pool = _Pool(SERVER, sent_settings(settings))
    try:
        for number, file in jobs:
            if len(pool) == workers:
                yield from pool.finished()
            pool.begin(number, file)
        while len(pool):
            yield from pool.finished()
    finally:
        pool.kill()
        SERVER.stop()


def sent_settings(settings: Settings) -> bytes:
    """Settings as they travel: programs by name where they can be imported."""
    sources: tuple[ProgramSource, ...] = ()
    if settings.programs:
        from ...runtime.workers.program_source import source_of

        sources = tuple(map(source_of, settings.programs))
    return pickle.dumps((settings.no_votes, sources, dict(settings.labels)))


class _Pool:
    """Workers that are busy, by descriptor, each with its job; and those that are idle."""

    def __init__(self, server: ForkServer, settings: bytes) -> None:
        self._server = server
        self._settings = settings
        self._idle: list[ForkedProcess] = []
        self._busy: dict[int, tuple[ForkedProcess, int, str]] = {}
        self._poll = select.poll()

    def __len__(self) -> int:
        """The number of workers that are busy."""
        return len(self._busy)

    def begin(self, number: int, file: str) -> None:
        """Give a file to an idle worker, or to a new one."""
        worker = self._idle.pop() if self._idle else self._started()
        descriptor = worker.connection.fileno()
        self._busy[descriptor] = worker, number, file
        self._poll.register(descriptor, select.POLLIN)
        with suppress(OSError):  # it has died: reading its answer says why
            worker.connection.send(number, os.fsencode(file))

    def finished(self) -> list[tuple[int, list[Row]]]:
        """The rows of those that are done: one at least."""
        return [self._finish(descriptor) for descriptor, _ in self._poll.poll()]

    def kill(self) -> None:
        for worker in [*self._idle, *(worker for worker, _, _ in self._busy.values())]:
            worker.kill()
            worker.release()
        self._idle.clear()
        self._busy.clear()

    def _started(self) -> ForkedProcess:
        try:
            worker = ForkedProcess(self._server)
        except OSError as error:
            raise MachineError(
                f"a worker process could not be started ({error}); end other processes, allow "
                "more open files (ulimit -n) or use fewer --workers"
            ) from error
        with suppress(OSError):
            worker.connection.send(0, self._settings)
        return worker

    def _finish(self, descriptor: int) -> tuple[int, list[Row]]:
        worker, number, file = self._busy[descriptor]
        try:
            answer = worker.connection.receive()
            if (answer.number, answer.sender) != (number, worker.pid):
                raise EOFError  # a stray process wrote it: nothing in this pipe can be trusted
            rows: list[Row] = pickle.loads(answer.body)
        except (EOFError, OSError):
            rows = [Row(file, error=_died(worker))]
        else:
            self._idle.append(worker)
        self._poll.unregister(descriptor)
        del self._busy[descriptor]
        return number, rows


def _died(worker: ForkedProcess) -> str:
    """Why there is no row. Ends the worker for good."""
    how = worker.cause_of_death()
    worker.kill()
    worker.release()
    return (
        f"the worker process that read it ended ({how}), perhaps out of memory; survey the file "
        "alone, or with fewer workers"
    )
