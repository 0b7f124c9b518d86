"""The worker processes of one runtime.

         Runtime (parent)                       worker 1 … N
    ┌──────────────────────┐   two integers   ┌──────────────┐
    │ plan, one step after │ ───── pipe ────▶ │ executes its │
    │ the other; waits for │ ◀──── done ───── │ share        │
    │ all lanes of a step  │                  └──────┬───────┘
    └──────────┬───────────┘                         │
               └──────── shared memory: block, accounts, outcomes

Workers are started by a fork server (spawned where there is none), never forked from the parent,
whose threads and locks a fork would copy half-way. They live as long as the pool. A worker that
dies is noticed through its sentinel, also while the parent waits for its answer.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from types import ModuleType, TracebackType
from typing import Any, Final, Self, cast

import multiprocess  # pyright: ignore[reportMissingTypeStubs]
from multiprocess import connection as pipes  # pyright: ignore[reportMissingTypeStubs]

from ..primitives import InternalError, WorkerDied
from ..programs.kit import Program
from .messages import DONE, FAILED, PROGRAMS, STOP
from .program_source import source_of
from .worker import Connection, run_worker

WORKERS_MAX: Final = 256
_STOP_TIMEOUT_S: Final = 2.0


class WorkerPool:
    """`worker_count` processes; lane i is worker i, counted from 1 (lane 0 is the parent).

    `hash_seed` gives the workers a hash seed of their own, for `verify`; starting them takes
    longer then, as each is a fresh interpreter.
    """

    def __init__(self, worker_count: int, *, hash_seed: int | None = None) -> None:
        if not 1 <= worker_count <= WORKERS_MAX:
            raise ValueError(f"{worker_count} workers; 1 to {WORKERS_MAX} are possible")
        self._known: list[Program] = []
        self._workers: list[_Worker] = []
        context = _context(fresh=hash_seed is not None)
        with _without_main_module(), _environment("PYTHONHASHSEED", hash_seed):
            for lane in range(1, worker_count + 1):
                self._workers.append(_Worker(context, lane))

    def __len__(self) -> int:
        return len(self._workers)

    def learn(self, programs: Iterable[Program]) -> None:
        """Make programs known to every worker; those known already cost nothing."""
        new = [p for p in programs if not any(p is known for known in self._known)]
        if not new:
            return
        self.broadcast(PROGRAMS + pickle.dumps([source_of(program) for program in new]))
        self._known += new

    def broadcast(self, message: bytes) -> list[bytes]:
        """Send one message to every worker and return their answers, by lane."""
        for worker in self._workers:
            worker.send(message)
        return self.gather(len(self._workers))

    def send(self, lane: int, message: bytes) -> None:
        """Send a message to one worker, by lane."""
        self._workers[lane - 1].send(message)

    def gather(self, lane_count: int) -> list[bytes]:
        """The answers of the first lanes, each of which was sent one message."""
        return [worker.receive() for worker in self._workers[:lane_count]]

    def close(self) -> None:
        """Stop every worker, and wait until it is gone."""
        for worker in self._workers:
            worker.request_stop()
        for worker in self._workers:
            worker.stop()
        self._workers.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class _Worker:
    """One worker as the parent sees it: process, pipe, lane."""

    def __init__(self, context: Any, lane: int) -> None:
        self.lane = lane
        ours, theirs = context.Pipe(duplex=True)
        self._connection: Connection = ours
        self._process = context.Process(
            target=run_worker, args=(theirs, lane), name=f"sealane-worker-{lane}", daemon=True
        )
        self._process.start()
        theirs.close()

    def send(self, message: bytes) -> None:
        try:
            self._connection.send_bytes(message)
        except OSError as error:
            raise self._died() from error

    def receive(self) -> bytes:
        """The answer to the last message. Raises WorkerDied, or InternalError for our own bug."""
        _wait([self._connection, self._process.sentinel])
        try:
            answer = self._connection.recv_bytes()
        except (EOFError, OSError) as error:
            raise self._died() from error
        if answer[:1] == FAILED:
            raise InternalError(f"worker {self.lane}: {pickle.loads(answer[1:])}")
        return answer

    def request_stop(self) -> None:
        try:
            self._connection.send_bytes(STOP)
        except OSError:
            return  # it is gone already

    def stop(self) -> None:
        self._process.join(_STOP_TIMEOUT_S)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._connection.close()
        self._process.close()

    def _died(self) -> WorkerDied:
        self._process.join(_STOP_TIMEOUT_S)
        code = self._process.exitcode
        if code is not None and code < 0:
            return WorkerDied(f"signal {signal.Signals(-code).name}")
        return WorkerDied(f"exit code {code}")


def require_done(answers: Sequence[bytes]) -> None:
    """Raise InternalError unless every worker answered DONE."""
    for answer in answers:
        if answer != DONE:
            raise InternalError(f"a worker answered {answer[:1]!r} where DONE was due")


def _context(*, fresh: bool) -> Any:
    method = "forkserver" if sys.platform == "linux" and not fresh else "spawn"
    context = cast(Any, multiprocess).get_context(method)
    if method == "forkserver":
        context.set_forkserver_preload([run_worker.__module__])
    return context


def _wait(objects: list[Any]) -> None:
    cast(Any, pipes).wait(objects)


@contextmanager
def _environment(name: str, value: int | None) -> Generator[None]:
    """Set an environment variable for the processes started inside; None changes nothing."""
    before = os.environ.get(name)
    if value is not None:
        os.environ[name] = str(value)
    try:
        yield
    finally:
        if value is not None and before is None:
            del os.environ[name]
        elif before is not None:
            os.environ[name] = before


@contextmanager
def _without_main_module() -> Generator[None]:
    """Keep a starting worker from running the user's script again.

    The start of a process imports the parent's main module there, for functions defined in it.
    Workers get their programs another way, so a script needs no `if __name__ == "__main__"`.
    """
    main = sys.modules.get("__main__")
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        if main is not None:
            sys.modules["__main__"] = main
