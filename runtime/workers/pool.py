"""The worker processes of one runtime.

         Runtime (parent)                        worker 1 … N
    ┌────────────────────────┐   one message   ┌───────────────┐
    │ lays out the block and │ ───── pipe ───▶ │ runs its lane │ ◀─┐ wait for
    │ its plan; waits for    │ ◀─── report ─── │ of the plan   │   │ each other
    │ all lanes              │                 └───────┬───────┘ ◀─┘
    └───────────┬────────────┘                         │
                └──────── shared memory: block, plan, accounts, outcomes, progress

An inline block travels in the message itself, to one worker, and what it changed in the report.

Workers are started by a fork server, never forked from the parent, whose threads and locks a fork
would copy half-way. They live as long as the pool. A worker that dies is noticed through its
sentinel, one that hangs by a deadline; either way `exchange` raises LaneFailed, and the pool is of
no use until `restart`.
"""

from __future__ import annotations

import atexit
import logging
import os
import pickle
import select
import weakref
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import count
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Final, Self, cast

from ...primitives import InternalError, Pubkey, SealaneError
from ...programs.kit import InstructionSpec, Program, Sysvars
from ...programs.kit.program.program_set import ProgramSet
from ..block.limits import Limits
from ..memory.progress import StallDetector
from ..process.fork_server import SHARED, ForkServer
from ..process.interrupts import held_signals
from ..process.spin_wait import spin_until_ready
from ..svm.process_guard import ProcessChanged
from .environment_spoofing import ENVIRONMENT
from .messages import (
    CHANGED,
    DONE,
    FAILED,
    IMPURE,
    MEMORY,
    OUT_OF_MEMORY,
    PROGRAMS,
    RAISED,
    SYSVARS,
)
from .program_source import source_of
from .worker_process import WorkerProcess, end_workers

_log = logging.getLogger(__package__)

WORKERS_MAX: Final = 256
# For everything but the execution of transactions: loading programs, mapping a block.
ANSWER_TIMEOUT_S: Final = 60.0
# How often the parent looks whether a worker still gets ahead.
_LOOK_INTERVAL_S: Final = 0.1
_CORES: Final = os.cpu_count() or 1


class LaneFailed(Exception):
    """A worker died, hung or ran out of memory. `hung`: it missed a deadline, though it ran."""

    def __init__(self, lane: int, how: str, *, hung: bool = False) -> None:
        self.lane = lane
        self.how = how
        self.hung = hung
        super().__init__(f"worker {lane}: {how}")


class WorkerPool:
    """`worker_count` processes; lane i is worker i, counted from 1 (lane 0 is the parent).

    `hash_seed` gives the workers a hash seed of their own, for `verify`; starting them takes
    longer then, as their interpreter is a fresh one. `spoofed`: see environment_spoofing.py. Raises
    MachineError if they cannot be started.
    """

    def __init__(
        self,
        worker_count: int,
        *,
        hash_seed: int | None = None,
        spoofed: bool = False,
        limits: Limits | None = None,
    ) -> None:
        if not 1 <= worker_count <= WORKERS_MAX:
            raise ValueError(f"{worker_count} workers; 1 to {WORKERS_MAX} are possible")
        self.limits = Limits() if limits is None else limits
        self._server = SHARED
        self._spoofed = spoofed
        if hash_seed is not None or spoofed:
            environment = ENVIRONMENT if spoofed else {}
            self._server = ForkServer({"PYTHONHASHSEED": str(hash_seed or 0)} | environment)
        self._requests = count(1)
        self._owner = os.getpid()
        self._known: dict[Program, tuple[InstructionSpec, ...]] = {}
        self._sysvars: Sysvars | None = None
        self._restless: frozenset[Pubkey] = frozenset()
        self._workers: list[WorkerProcess] = []
        self._poll = select.poll()
        self._lane_of: dict[int, int] = {}  # by the descriptors that are polled
        _open_pools.add(self)
        self._start(worker_count)

    def __len__(self) -> int:
        return len(self._workers)

    def set_environment(self, programs: ProgramSet, sysvars: Sysvars) -> None:
        """Have every worker execute with these; what is known already costs nothing."""
        self.learn(programs)
        self.set_sysvars(sysvars)
        self.set_impure(programs.impure)

    def learn(self, programs: Iterable[Program]) -> None:
        """Make programs known to every worker; those known already cost nothing.

        One that has other instructions than when it was learned is learned again.
        """
        wanted = {program: tuple(program.instructions.values()) for program in programs}
        new = [program for program, specs in wanted.items() if self._known.get(program) != specs]
        if not new:
            return
        self.broadcast(PROGRAMS + pickle.dumps([source_of(program) for program in new]))
        self._known |= {program: wanted[program] for program in new}

    def set_sysvars(self, sysvars: Sysvars) -> None:
        """Make the sysvars of the next block known; the same again costs nothing."""
        if sysvars != self._sysvars:
            require_done(self.broadcast(SYSVARS + pickle.dumps(sysvars)))
            self._sysvars = sysvars

    def set_impure(self, programs: frozenset[Pubkey]) -> None:
        """Name the programs whose transactions are executed alone; the same again costs nothing."""
        if programs != self._restless:
            require_done(self.broadcast(IMPURE + pickle.dumps(programs)))
            self._restless = programs

    def map_memory(self, segment: tuple[Path, int] | None) -> None:
        """Have every worker map a segment, in place of the one before; None lets go of that."""
        require_done(self.broadcast(MEMORY + pickle.dumps(segment)))

    def broadcast(self, message: bytes) -> list[bytes]:
        """Send one message to every worker and return their answers, by lane."""
        return self.exchange({worker.lane: message for worker in self._workers})

    def exchange(
        self,
        messages: Mapping[int, bytes],
        stall_detector: StallDetector | None = None,
        while_waiting: Callable[[], None] | None = None,
        meanwhile: Callable[[], object] | None = None,
    ) -> list[bytes]:
        """Send each lane its message, and return the answers in the same order.

        `meanwhile` is called once, when all have theirs.

        With `stall_detector` a lane may take as long as it gets ahead, else ANSWER_TIMEOUT_S.
        `while_waiting` is called whenever an answer has come, and ten times a second. Raises
        LaneFailed; MachineError, UsageError or ProcessChanged as a worker met it; InternalError for
        our own bug.
        """
        number = next(self._requests)
        for lane, message in messages.items():
            try:
                self._workers[lane - 1].connection.send(number, message)
            except OSError:
                raise self._failed(lane) from None
        if meanwhile is not None:
            meanwhile()
        if len(messages) < _CORES:
            spin_until_ready(self._poll)
        return self._gather(number, list(messages), stall_detector, while_waiting)

    def restart(self, worker_count: int) -> None:
        """Kill every worker, and start as many anew."""
        _log.info("restarting the workers: %d end, %d start", len(self), worker_count)
        with held_signals():
            self._end(ask=False)
            self._start(worker_count)

    def dismiss(self, worker_count: int) -> None:
        """Go on with this many workers, the first ones."""
        surplus, self._workers = self._workers[worker_count:], self._workers[:worker_count]
        for worker in surplus:
            self._forget(worker)
        end_workers(surplus, self._server, ask=True)

    def close(self) -> None:
        """Stop every worker, and wait until it is gone, its program's processes too."""
        self._close(ask=True)

    def kill(self) -> None:
        """As close, for workers that may be in the middle of anything."""
        self._close(ask=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            self.close()
        else:
            self.kill()

    def _close(self, *, ask: bool) -> None:
        with held_signals():
            self._end(ask=ask)
            if self._server is not SHARED:
                self._server.stop()
            _open_pools.discard(self)

    def _start(self, worker_count: int) -> None:
        try:
            with held_signals():
                for lane in range(1, worker_count + 1):
                    worker = WorkerProcess(self._server, lane, self.limits, spoofed=self._spoofed)
                    self._workers.append(worker)
                    _log.info("worker %d started, process %d", lane, worker.pid)
                    for descriptor in (worker.connection.fileno(), worker.sentinel):
                        self._poll.register(descriptor, select.POLLIN)
                        self._lane_of[descriptor] = lane
        except BaseException:
            self.kill()
            raise

    def _end(self, *, ask: bool) -> None:
        workers, self._workers = self._workers, []
        self._known = {}
        self._sysvars = None
        self._restless = frozenset()
        if os.getpid() != self._owner:
            return  # forked: they are the other process's
        for worker in workers:
            self._forget(worker)
        end_workers(workers, self._server, ask=ask)

    def _forget(self, worker: WorkerProcess) -> None:
        for descriptor in (worker.connection.fileno(), worker.sentinel):
            self._poll.unregister(descriptor)
            del self._lane_of[descriptor]

    def _gather(
        self,
        number: int,
        lanes: Sequence[int],
        stall_detector: StallDetector | None,
        while_waiting: Callable[[], None] | None,
    ) -> list[bytes]:
        answers: dict[int, bytes] = {}
        pending = dict.fromkeys(lanes)
        waited_s = 0.0
        while pending:
            before = monotonic()
            ready = [fd for fd, _ in self._poll.poll(int(_LOOK_INTERVAL_S * 1000))]
            self._receive(number, ready, pending, answers)
            # Longer than asked for: this process did not run, and blames nobody for it.
            elapsed_s = min(monotonic() - before, 2 * _LOOK_INTERVAL_S)
            waited_s += elapsed_s
            self._require_progress(pending, stall_detector, elapsed_s, waited_s)
            if while_waiting is not None:
                while_waiting()
        return [answers[lane] for lane in lanes]

    def _receive(
        self,
        number: int,
        ready: Sequence[int],
        pending: dict[int, None],
        answers: dict[int, bytes],
    ) -> None:
        """Take the answers to this request that have come.

        Raises LaneFailed for a worker that ended, and for one in whose place somebody else answers,
        or that answers what it was not asked.
        """
        ended: list[int] = []
        for descriptor in ready:
            lane = self._lane_of[descriptor]
            worker = self._workers[lane - 1]
            if descriptor == worker.sentinel:
                ended.append(lane)
                continue
            try:
                answer = worker.connection.receive()
            except (EOFError, OSError):
                raise self._failed(lane) from None
            if answer.sender != worker.pid or answer.number != number or lane not in pending:
                raise LaneFailed(lane, "an answer came from it that nobody had asked it for")
            answers[lane] = self._checked(lane, answer.body)
            del pending[lane]
        # An answer that came before the end counts; the end is noticed all the same.
        if ended:
            raise self._failed(ended[0])

    def _require_progress(
        self,
        pending: Collection[int],
        stall_detector: StallDetector | None,
        elapsed_s: float,
        waited_s: float,
    ) -> None:
        """Raise LaneFailed for a worker that missed its deadline."""
        late = list(pending) if waited_s > ANSWER_TIMEOUT_S else []
        if stall_detector is not None:
            late = stall_detector.stalled(pending, elapsed_s)
        for lane in late:
            _log.warning("worker %d is late, process %d", lane, self._workers[lane - 1].pid)
            if self._workers[lane - 1].stopped:
                raise LaneFailed(lane, "it was stopped from outside")
        for lane in late:
            raise LaneFailed(lane, "it did not answer in time", hung=True)

    def _checked(self, lane: int, answer: bytes) -> bytes:
        kind = answer[:1]
        if kind == OUT_OF_MEMORY:
            allowed = self.limits.worker_memory_bytes
            raise LaneFailed(lane, f"out of memory; worker_memory_bytes allows it {allowed:,}")
        if kind == CHANGED:
            raise ProcessChanged(pickle.loads(answer[1:]))
        if kind == RAISED:
            raise cast(SealaneError, pickle.loads(answer[1:]))
        if kind == FAILED:
            raise InternalError(f"worker {lane}: {pickle.loads(answer[1:])}")
        return answer

    def _failed(self, lane: int) -> LaneFailed:
        worker = self._workers[lane - 1]
        how = worker.cause_of_death()
        _log.warning("worker %d died, process %d: %s", lane, worker.pid, how)
        return LaneFailed(lane, how)


def require_done(answers: Sequence[bytes]) -> None:
    """Raise InternalError unless every worker answered DONE."""
    for answer in answers:
        if answer != DONE:
            raise InternalError(f"a worker answered {answer[:1]!r} where DONE was due")


_open_pools: Final[weakref.WeakSet[WorkerPool]] = weakref.WeakSet()


def _close_at_exit() -> None:
    """Leave no process behind, whatever was not closed.

    The shared fork server is kept until now, since starting one takes 0.3 s.
    """
    for pool in list(_open_pools):
        pool.kill()
    SHARED.stop()


atexit.register(_close_at_exit)
