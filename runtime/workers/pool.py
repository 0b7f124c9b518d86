"""The worker processes of one runtime.

         Runtime (parent)                        worker 1 … N
    ┌────────────────────────┐   one message   ┌───────────────┐
    │ packs the block and    │ ───── pipe ───▶ │ runs its lane │ ◀─┐ wait for
    │ its plan; waits for    │ ◀─── report ─── │ of the plan   │   │ each other
    │ all lanes              │                 └───────┬───────┘ ◀─┘
    └───────────┬────────────┘                         │
                └──────── shared memory: block, plan, accounts, outcomes, progress

An inline block travels in the message itself, to one worker, and its changes in the report.

Workers are started by a fork server, never forked from the parent: a fork would copy locks that
other threads of the parent hold, but not those threads. Workers live as long as the pool. A worker
that dies is noticed through its sentinel, one that hangs by a deadline; either way `exchange`
raises LaneFailed, and the pool cannot be used until `restart`.
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
from ...programs.kit.accounts.added_record import AddsDoubtful
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
    DOUBTED,
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
# For everything except executing transactions: loading programs, mapping a block.
ANSWER_TIMEOUT_S: Final = 60.0
# How often the parent checks that the workers make progress.
_LOOK_INTERVAL_S: Final = 0.1
_CORES: Final = os.cpu_count() or 1


class LaneFailed(Exception):
    """A worker died, hung or ran out of memory. `hung`: it was running, but missed a deadline."""

    def __init__(self, lane: int, how: str, *, hung: bool = False) -> None:
        self.lane = lane
        self.how = how
        self.hung = hung
        super().__init__(f"worker {lane}: {how}")


class WorkerPool:
    """`worker_count` processes; lane i is worker i, counted from 1 (lane 0 is the parent).

    `hash_seed`: a different hash seed for the workers, for `verify`; they then take longer to
    start, as they need a new interpreter. `spoofed`: see environment_spoofing.py. Raises
    MachineError if workers cannot be started.
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
        self._lane_of: dict[int, int] = {}  # by polled descriptor
        _open_pools.add(self)
        self._start(worker_count)

    def __len__(self) -> int:
        return len(self._workers)

    def set_environment(self, programs: ProgramSet, sysvars: Sysvars) -> None:
        """Make every worker execute with these. Sends only what has changed."""
        self.learn(programs)
        self.set_sysvars(sysvars)
        self.set_impure(programs.impure)

    def learn(self, programs: Iterable[Program]) -> None:
        """Make programs known to every worker. Sends only those that are not known yet.

        A program whose instructions have changed since then is sent again.
        """
        wanted = {program: tuple(program.instructions.values()) for program in programs}
        new = [program for program, specs in wanted.items() if self._known.get(program) != specs]
        if not new:
            return
        self.broadcast(PROGRAMS + pickle.dumps([source_of(program) for program in new]))
        self._known |= {program: wanted[program] for program in new}

    def set_sysvars(self, sysvars: Sysvars) -> None:
        """Set the sysvars of the next block. Sends nothing if they are unchanged."""
        if sysvars != self._sysvars:
            require_done(self.broadcast(SYSVARS + pickle.dumps(sysvars)))
            self._sysvars = sysvars

    def set_impure(self, programs: frozenset[Pubkey]) -> None:
        """Set the impure programs, whose transactions run alone. Sends nothing if unchanged."""
        if programs != self._restless:
            require_done(self.broadcast(IMPURE + pickle.dumps(programs)))
            self._restless = programs

    def map_memory(self, segment: tuple[Path, int] | None) -> None:
        """Make every worker map a segment in place of the previous one. None: only unmap that."""
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

        `meanwhile` is called once, when all messages are sent. `while_waiting` is called after each
        answer, and ten times a second. With `stall_detector` a lane may take any time as long as it
        makes progress, otherwise ANSWER_TIMEOUT_S. Raises LaneFailed; MachineError, UsageError or
        ProcessChanged and AddsDoubtful if a worker raised it; InternalError for our own bug.
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
        """Kill every worker, and start `worker_count` new ones."""
        _log.info("restarting the workers: %d end, %d start", len(self), worker_count)
        with held_signals():
            self._end(ask=False)
            self._start(worker_count)

    def dismiss(self, worker_count: int) -> None:
        """Keep the first `worker_count` workers and end the others."""
        surplus, self._workers = self._workers[worker_count:], self._workers[:worker_count]
        for worker in surplus:
            self._forget(worker)
        end_workers(surplus, self._server, ask=True)

    def close(self) -> None:
        """Stop every worker, and wait until it and all processes that it started are gone."""
        self._close(ask=True)

    def kill(self) -> None:
        """Like `close`, but without asking: workers may be in the middle of anything."""
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
            return  # in a fork: the workers belong to the original process
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
            # A poll that took longer means that this process did not run: no worker's fault.
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
        """Read the answers to this request that have arrived.

        Raises LaneFailed for a worker that ended, and for an answer that another process wrote or
        that belongs to no request.
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
        # An answer from before the worker's end counts, but the end is still a failure.
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
        if kind == DOUBTED:
            raise AddsDoubtful(pickle.loads(answer[1:]))
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
    """Kill the workers of all pools that were not closed, and stop the shared fork server.

    That is kept until now, since starting one takes 0.3 s.
    """
    for pool in list(_open_pools):
        pool.kill()
    SHARED.stop()


atexit.register(_close_at_exit)
