"""A worker process: waits for messages, executes shares, answers. See messages.py.

It ends when told to, when the parent's end of the pipe closes, and in any case when its parent
ends: it never outlives that.
"""

from __future__ import annotations

import errno
import os
import pickle
import signal
import sys
from typing import Protocol, cast

from ..primitives import MachineError, UsageError
from .address_space import AddressSpace
from .block import Block
from .fork_server import let_go_of_fork_server
from .lifeline import die_with_parent
from .limits import Limits
from .messages import (
    BLOCK,
    COLLECT,
    DETAILS,
    DONE,
    FAILED,
    OUT_OF_MEMORY,
    PROGRAMS,
    RAISED,
    SHARE,
    SHARE_BODY,
    STOP,
    BlockTicket,
)
from .program_set import ProgramSet
from .program_source import ProgramSource, load_program
from .progress import ProgressCell
from .raised import describe_exception
from .shapes import Shapes
from .share import ShareRunner
from .shared_columns import attach_columns
from .working_set import WorkingSet


class Connection(Protocol):
    """The part of a multiprocess Connection that the two sides use."""

    def send_bytes(self, buf: bytes) -> None: ...
    def recv_bytes(self) -> bytes: ...
    def close(self) -> None: ...
    def fileno(self) -> int: ...


def run_worker(connection: Connection, lane: int, limits: Limits) -> None:
    """Serve the parent until it says stop or is gone."""
    _settle()
    worker = _Worker(lane, AddressSpace(limits.worker_memory_bytes))
    while True:
        try:
            message = connection.recv_bytes()
        except (EOFError, OSError):
            return
        kind, body = message[:1], message[1:]
        if kind == STOP:
            return
        answer = _answer(worker, kind, body)
        try:
            connection.send_bytes(answer)
        except OSError:
            return


def _settle() -> None:
    """Make this a process that ends with its parent, and takes what its programs start along."""
    # Ctrl-C reaches the whole foreground group; what it means is for the parent to decide.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.setsid()  # by their session the parent finds the processes that a program starts
    die_with_parent()
    let_go_of_fork_server()
    # What a program prints is talk: stdout belongs to whoever runs the block.
    # Python has neither where the caller closed them; the numbers may be anybody's then.
    if all(cast("list[object | None]", [sys.stdout, sys.stderr])):
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())


def _answer(worker: _Worker, kind: bytes, body: bytes) -> bytes:
    try:
        return worker.answer(kind, body)
    except MemoryError:
        return OUT_OF_MEMORY
    except (MachineError, UsageError) as error:
        return RAISED + pickle.dumps(error)
    except BaseException as error:
        if isinstance(error, OSError) and error.errno == errno.ENOMEM:
            return OUT_OF_MEMORY
        return FAILED + pickle.dumps(describe_exception(error))


class _Worker:
    """One worker's state between messages."""

    def __init__(self, lane: int, address_space: AddressSpace) -> None:
        self._lane = lane
        self._address_space = address_space
        self._programs = ProgramSet()
        self._runner: ShareRunner | None = None

    def answer(self, kind: bytes, body: bytes) -> bytes:
        if kind == SHARE:
            start, end, by_column = SHARE_BODY.unpack(body)
            self._current_block().run(start, end, by_column=by_column)
            return DONE
        if kind == BLOCK:
            self._runner = None  # lets go of the last block's memory before the next is mapped
            self._runner = self._open_block(pickle.loads(body))
            return DONE
        if kind == COLLECT:
            details = self._current_block().details
            self._runner = None
            return DETAILS + pickle.dumps(details)
        if kind == PROGRAMS:
            self._add_programs(pickle.loads(body))
            return DONE
        raise ValueError(f"unknown message {kind!r}")

    def _current_block(self) -> ShareRunner:
        if self._runner is None:
            raise ValueError("a share was sent before its block")
        return self._runner

    def _open_block(self, ticket: BlockTicket) -> ShareRunner:
        shared = (ticket.block, ticket.outcomes, ticket.accounts.columns)
        self._address_space.allow_beside(sum(columns.size for columns in shared))
        columns, outcomes = attach_columns(ticket.block), attach_columns(ticket.outcomes)
        return ShareRunner(
            Block.from_columns(columns),
            Shapes(columns["shape_of"], ticket.shapes),
            self._programs,
            ticket.sysvars,
            WorkingSet.attach(ticket.accounts, self._lane),
            outcomes,
            progress=ProgressCell(outcomes["progress"], self._lane),
        )

    def _add_programs(self, sources: list[ProgramSource]) -> None:
        for source in sources:
            self._programs.add(load_program(source))
