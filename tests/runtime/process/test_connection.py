"""Messages between a runtime and its workers: complete, numbered, with a verified sender."""

from __future__ import annotations

import os
import pickle

import pytest

from sealane.runtime.process.connection import Connection, Message
from sealane.runtime.workers.messages import MEMORY
from sealane.runtime.workers.pool import LaneFailed, WorkerPool

NOTHING = MEMORY + pickle.dumps(None)


def test_a_message_arrives_whole_with_its_number_and_sender() -> None:
    ours, theirs = Connection.pair()
    for number, body in enumerate([b"", b"x", bytes(100_000)]):
        ours.send(number, body)
        assert theirs.receive() == (number, os.getpid(), body)
    ours.close()
    with pytest.raises(EOFError):
        theirs.receive()
    theirs.close()


def test_a_wait_that_takes_too_long_ends() -> None:
    ours, theirs = Connection.pair()
    ours.bound_waits(1)
    with pytest.raises(OSError, match="unavailable"):
        ours.receive()
    ours.close()
    theirs.close()


class Forged(Connection):
    """A message with the number of another request, or the pid of another process."""

    number = 0
    sender = 0

    def receive(self) -> Message:
        number, sender, body = super().receive()
        return Message(number + self.number, sender + self.sender, body)


@pytest.mark.parametrize("part", ["number", "sender"])
def test_an_answer_to_another_request_is_refused(
    part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with WorkerPool(1) as pool:
        pool.broadcast(NOTHING)
        worker = pool._workers[0]  # pyright: ignore[reportPrivateUsage]
        worker.connection.__class__ = Forged
        pool.broadcast(NOTHING)
        monkeypatch.setattr(Forged, part, 1)
        with pytest.raises(LaneFailed, match="nobody had asked"):
            pool.broadcast(NOTHING)


def test_a_repeated_answer_is_refused() -> None:
    """The second answer is in the pipe when the next request is sent."""
    with WorkerPool(1) as pool:
        worker = pool._workers[0]  # pyright: ignore[reportPrivateUsage]
        worker.connection.send(17, NOTHING)
        with pytest.raises(LaneFailed, match="nobody had asked"):
            pool.broadcast(NOTHING)
