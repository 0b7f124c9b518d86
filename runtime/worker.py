"""A worker process: waits for messages, executes shares, answers. See messages.py.

It ends when told to or when the parent's end of the pipe closes, so it never outlives its parent.
"""

from __future__ import annotations

import pickle
import signal
from typing import Protocol

from .block import Block
from .messages import (
    BLOCK,
    COLLECT,
    DETAILS,
    DONE,
    FAILED,
    PROGRAMS,
    SHARE,
    SHARE_BODY,
    STOP,
    BlockTicket,
)
from .program_set import ProgramSet
from .program_source import ProgramSource, load_program
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


def run_worker(connection: Connection, lane: int) -> None:
    """Serve the parent until it says stop or is gone."""
    # Ctrl-C reaches the whole foreground group; what it means is for the parent to decide.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    worker = _Worker(lane)
    while True:
        try:
            message = connection.recv_bytes()
        except (EOFError, OSError):
            return
        kind, body = message[:1], message[1:]
        if kind == STOP:
            return
        try:
            answer = worker.answer(kind, body)
        except Exception as error:
            answer = FAILED + pickle.dumps(describe_exception(error))
        try:
            connection.send_bytes(answer)
        except OSError:
            return


class _Worker:
    """One worker's state between messages."""

    def __init__(self, lane: int) -> None:
        self._lane = lane
        self._programs = ProgramSet()
        self._runner: ShareRunner | None = None

    def answer(self, kind: bytes, body: bytes) -> bytes:
        if kind == SHARE:
            start, end = SHARE_BODY.unpack(body)
            self._current_block().run(start, end)
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
        columns = attach_columns(ticket.block)
        return ShareRunner(
            Block.from_columns(columns),
            Shapes(columns["shape_of"], ticket.shapes),
            self._programs,
            ticket.sysvars,
            WorkingSet.attach(ticket.accounts, self._lane),
            attach_columns(ticket.outcomes),
        )

    def _add_programs(self, sources: list[ProgramSource]) -> None:
        for source in sources:
            self._programs.add(load_program(source))
