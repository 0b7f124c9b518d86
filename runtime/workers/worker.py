"""A worker process: waits for messages, runs its lanes of blocks, answers. See messages.py.

It ends when told to, when the parent's end of the pipe closes, and in any case when its parent
ends: it never outlives that.
"""

from __future__ import annotations

import errno
import mmap
import os
import pickle
import signal
import sys
from pathlib import Path
from time import process_time
from typing import cast

from ...primitives import MachineError, UsageError
from ...programs.kit import Sysvars
from ...programs.kit.program.program_set import ProgramSet
from ..batch.share import ShareRunner
from ..block.block import Block
from ..block.limits import Limits
from ..block.shapes import Shapes
from ..columns.shared_columns import columns_at
from ..memory.progress import ProgressCell, progress_at
from ..memory.segment import attach_segment
from ..memory.working_set import WorkingSet
from ..process.address_space import AddressSpace
from ..process.connection import Connection
from ..process.lifeline import die_with_parent
from ..process.spinning import spin_until_readable
from ..svm.execution_inputs import BlockEnvironment
from ..svm.process_guard import ProcessChanged
from ..svm.raised import describe_exception
from .disguise import disguise, move_down
from .lane import run_lane
from .messages import (
    BLOCK,
    CHANGED,
    DONE,
    FAILED,
    MEMORY,
    OUT_OF_MEMORY,
    PROGRAMS,
    RAISED,
    REPORT,
    RESTLESS,
    SMALL,
    START,
    STOP,
    SYSVARS,
    BlockTicket,
    LaneReport,
    Surroundings,
)
from .program_source import ProgramSource, load_program
from .small_blocks import SmallReport, SmallTicket, run_small_block


def run_worker(connection: Connection) -> None:
    """Serve the parent until it says stop or is gone."""
    _settle()
    worker: _Worker | None = None
    while True:
        try:
            spin_until_readable(connection)
            number, _, message = connection.receive()
        except (EOFError, OSError):
            return
        kind, body = message[:1], message[1:]
        if kind == STOP:
            return
        if kind == START:
            worker = _begun(body)
            continue
        try:
            connection.send(number, _answer(worker, kind, body))
        except OSError:
            return


def _begun(body: bytes) -> _Worker:
    """The worker that the parent wants, in its surroundings."""
    wanted: tuple[int, Limits, Surroundings, bool] = pickle.loads(body)
    lane, limits, surroundings, disguised = wanted
    surroundings.take_over()
    if disguised:
        disguise()
    return _Worker(lane, AddressSpace(limits.worker_memory_bytes), disguised=disguised)


def _settle() -> None:
    """Make this a process that ends with its parent, and takes what its programs start along."""
    # What Ctrl-C means is for the parent to decide.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.setsid()  # by their session the parent finds the processes that a program starts
    die_with_parent()
    # What a program prints is talk: stdout belongs to whoever runs the block.
    # Python has neither where the caller closed them; the numbers may be anybody's then.
    if all(cast("list[object | None]", [sys.stdout, sys.stderr])):
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())


def _answer(worker: _Worker | None, kind: bytes, body: bytes) -> bytes:
    try:
        if worker is None:
            raise ValueError(f"message {kind!r} came before the start")
        return worker.answer(kind, body)
    except MemoryError:
        return OUT_OF_MEMORY
    except ProcessChanged as changed:
        return CHANGED + pickle.dumps(changed.programs)
    except (MachineError, UsageError) as error:
        return RAISED + pickle.dumps(error)
    except BaseException as error:
        if isinstance(error, OSError) and error.errno == errno.ENOMEM:
            return OUT_OF_MEMORY
        return FAILED + pickle.dumps(describe_exception(error))


class _Worker:
    """One worker's state between messages."""

    def __init__(self, lane: int, address_space: AddressSpace, *, disguised: bool) -> None:
        self._lane = lane
        self._disguised = disguised
        self._address_space = address_space
        self._programs = ProgramSet()
        self._sysvars = Sysvars()
        self._memory: mmap.mmap | None = None

    def answer(self, kind: bytes, body: bytes) -> bytes:
        if kind == BLOCK:
            return REPORT + pickle.dumps(self._run_lane(pickle.loads(body)))
        if kind == SMALL:
            return REPORT + pickle.dumps(self._run_small_block(pickle.loads(body)))
        if kind == MEMORY:
            self._map(pickle.loads(body))
            return DONE
        if kind == PROGRAMS:
            self._add_programs(pickle.loads(body))
            return DONE
        if kind == RESTLESS:
            self._programs.restless = pickle.loads(body)
            return DONE
        if kind == SYSVARS:
            self._sysvars = pickle.loads(body)
            return DONE
        raise ValueError(f"unknown message {kind!r}")

    def _map(self, segment: tuple[Path, int] | None) -> None:
        self._memory = None  # let go of before the next is mapped
        if segment is not None:
            self._address_space.allow_beside(segment[1])
            self._memory = attach_segment(*segment)

    @property
    def _mapped(self) -> mmap.mmap:
        """The memory of blocks. What numpy makes of None is an array over nobody knows what."""
        if self._memory is None:
            raise ValueError("a block came before the memory that it lies in")
        return self._memory

    def _run_lane(self, ticket: BlockTicket) -> LaneReport:
        began = process_time()
        memory = self._mapped
        columns = columns_at(memory, ticket.block)
        outcomes = columns_at(memory, ticket.outcomes)
        accounts = WorkingSet(columns_at(memory, ticket.accounts), self._lane, ticket.heaps)
        progress = progress_at(memory)
        block = Block.from_columns(columns, Shapes(columns["shape_of"], ticket.shapes))
        runner = ShareRunner(
            BlockEnvironment(block, self._programs, self._sysvars),
            accounts,
            outcomes,
            progress=ProgressCell(progress, self._lane),
        )
        waited_s = run_lane(runner, outcomes, progress, self._lane)
        runner.finish()
        return LaneReport(runner.details, accounts.grew, process_time() - began - waited_s)

    def _run_small_block(self, ticket: SmallTicket) -> SmallReport:
        cell = ProgressCell(progress_at(self._mapped), self._lane)
        return run_small_block(ticket, self._programs, self._sysvars, cell)

    def _add_programs(self, sources: list[ProgramSource]) -> None:
        for source in sources:
            program = load_program(source)
            if self._disguised:
                move_down(program)
            self._programs.replace(program)
