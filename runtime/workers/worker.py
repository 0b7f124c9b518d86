"""A worker process: waits for messages, runs its lanes of blocks, answers. See messages.py.

It ends when it is told to, when the parent's end of the pipe closes, or when its parent ends, which
it never outlives.
"""

from __future__ import annotations

import errno
import mmap
import os
import pickle
import signal
import sys
from itertools import starmap
from pathlib import Path
from time import process_time
from typing import cast

from ...primitives import MachineError, UsageError
from ...programs.kit import Sysvars
from ...programs.kit.accounts.added_record import AddsDoubtful
from ...programs.kit.program.program_set import ProgramSet
from ...signatures.schemes import SignatureCheck
from ...signatures.verifying import verify
from ..batch.lane_executor import LaneExecutor
from ..block.block import Block
from ..block.limits import Limits
from ..block.shapes import Shapes
from ..columns.shared_columns import columns_at
from ..columns.stopwatch import ExecutionTimes
from ..commitments.lattice_hash import encoded, sum_accounts
from ..memory.progress import ProgressCell, progress_at
from ..memory.segment import attach_segment
from ..memory.timed_cell import timed_cell
from ..memory.working_set import WorkingSet
from ..process.address_space import AddressSpace
from ..process.connection import Connection
from ..process.process_lifetime import die_with_parent
from ..process.spin_wait import spin_until_readable
from ..svm.execution_inputs import BlockEnvironment
from ..svm.failure_mapping import describe_exception
from ..svm.process_guard import ProcessChanged
from .environment_spoofing import shift_lines, spoof_environment
from .inline_blocks import InlineBlock, InlineReport, run_inline_block
from .lane import run_lane
from .messages import (
    BLOCK,
    CHANGED,
    DONE,
    DOUBTED,
    FAILED,
    IMPURE,
    INLINE,
    LATTICE,
    MEMORY,
    OUT_OF_MEMORY,
    PROGRAMS,
    RAISED,
    REPORT,
    START,
    STOP,
    SUM,
    SYSVARS,
    VERDICTS,
    VERIFY,
    BlockDescriptor,
    LaneReport,
    ParentEnvironment,
)
from .program_source import ProgramSource, load_program


def run_worker(connection: Connection) -> None:
    """Serve the parent until it sends STOP or is gone."""
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
    """Set up the worker as the START message describes it."""
    wanted: tuple[int, Limits, ParentEnvironment, bool] = pickle.loads(body)
    lane, limits, environment, spoofed = wanted
    environment.apply()
    if spoofed:
        spoof_environment()
    return _Worker(lane, AddressSpace(limits.worker_memory_bytes), spoofed=spoofed)


def _settle() -> None:
    """Make this process end with its parent, and lead the session of what its programs start."""
    # The parent handles Ctrl-C.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.setsid()  # the parent finds the processes that a program starts by their session
    die_with_parent()
    # Output of programs goes to stderr: stdout is for the caller's data. If the caller closed
    # either, sys has None for it, and its descriptor may be another file's.
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
    except AddsDoubtful as doubtful:
        return DOUBTED + pickle.dumps(doubtful.account)
    except (MachineError, UsageError) as error:
        return RAISED + pickle.dumps(error)
    except BaseException as error:
        if isinstance(error, OSError) and error.errno == errno.ENOMEM:
            return OUT_OF_MEMORY
        return FAILED + pickle.dumps(describe_exception(error))


class _Worker:
    """One worker's state between messages."""

    def __init__(self, lane: int, address_space: AddressSpace, *, spoofed: bool) -> None:
        self._lane = lane
        self._spoofed = spoofed
        self._address_space = address_space
        self._programs = ProgramSet()
        self._sysvars = Sysvars()
        self._memory: mmap.mmap | None = None

    def answer(self, kind: bytes, body: bytes) -> bytes:
        if kind == BLOCK:
            return REPORT + pickle.dumps(self._run_lane(pickle.loads(body)))
        if kind == INLINE:
            return REPORT + pickle.dumps(self._run_inline_block(pickle.loads(body)))
        if kind == VERIFY:
            return VERDICTS + bytes(verify(starmap(SignatureCheck, pickle.loads(body))))
        if kind == SUM:
            return LATTICE + encoded(sum_accounts(pickle.loads(body)))
        if kind == MEMORY:
            self._map(pickle.loads(body))
            return DONE
        if kind == PROGRAMS:
            self._add_programs(pickle.loads(body))
            return DONE
        if kind == IMPURE:
            self._programs.impure = pickle.loads(body)
            return DONE
        if kind == SYSVARS:
            self._sysvars = pickle.loads(body)
            return DONE
        raise ValueError(f"unknown message {kind!r}")

    def _map(self, segment: tuple[Path, int] | None) -> None:
        self._memory = None  # unmapped before the next is mapped
        if segment is not None:
            self._address_space.allow_beside(segment[1])
            self._memory = attach_segment(*segment)

    @property
    def _mapped(self) -> mmap.mmap:
        """The mapped memory. Checked, as numpy would allocate an array if given None."""
        if self._memory is None:
            raise ValueError("a block came before the memory that it lies in")
        return self._memory

    def _run_lane(self, descriptor: BlockDescriptor) -> LaneReport:
        began = process_time()
        memory = self._mapped
        columns = columns_at(memory, descriptor.block)
        outcomes = columns_at(memory, descriptor.outcomes)
        accounts = WorkingSet(
            columns_at(memory, descriptor.accounts),
            self._lane,
            descriptor.heaps,
            ordered=descriptor.ordered,
        )
        progress = progress_at(memory)
        block = Block.from_columns(columns, Shapes(columns["shape_of"], descriptor.shapes))
        executor = LaneExecutor(
            BlockEnvironment(block, self._programs, self._sysvars),
            accounts,
            outcomes,
            progress=timed_cell(ProgressCell(progress, self._lane), ExecutionTimes.among(outcomes)),
        )
        waited_s = run_lane(executor, outcomes, progress, self._lane)
        executor.finish()
        return LaneReport(executor.details, accounts.grew, process_time() - began - waited_s)

    def _run_inline_block(self, descriptor: InlineBlock) -> InlineReport:
        cell = ProgressCell(progress_at(self._mapped), self._lane)
        return run_inline_block(descriptor, self._programs, self._sysvars, cell)

    def _add_programs(self, sources: list[ProgramSource]) -> None:
        for source in sources:
            program = load_program(source)
            if self._spoofed:
                shift_lines(program)
            self._programs.replace(program)
