"""The thread that has the sockets: accepts clients, and hands their requests over as jobs.

Guarantees: its end is orderly: it listens no more, waits until clients have taken the answers that
they are owed, though not for ever, and closes all. Does not: answer what is about the state.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from functools import partial
from socket import SO_KEEPALIVE, SOL_SOCKET, socket
from typing import Final, NamedTuple

from ...primitives.one_line import counted
from ..observer import Observer
from .codec import encode_response
from .connection import CHUNK_LEN, Connection, ServerLimits
from .dispatch import respond_alone
from .framing import framed
from .messages import ExceptionResponse, Request

STOP_TIMEOUT_S: Final = 5.0  # until clients have taken the answers that they are owed
ACCEPT_RETRY_S: Final = 0.1  # after a connection that the system could not give us
_log = logging.getLogger(__package__)


class Job(NamedTuple):
    """Requests of one client, in order. `answer` takes their encoded responses, from any thread:
    fewer than there are requests only if nothing is answered any more."""

    requests: list[Request]
    answer: Callable[[list[bytes]], None]


Submit = Callable[[Job | BaseException], None]


@contextmanager
def serving(
    listener: socket, submit: Submit, limits: ServerLimits, observer: Observer
) -> Generator[None]:
    """Serve the clients of a listening socket, in a thread, until the end of the block.

    `submit` gets their jobs, and an exception if the thread ends by one.
    """
    sockets = _Sockets(submit, limits, observer)
    begun = threading.Event()
    thread = threading.Thread(
        target=sockets.main, args=(listener, begun), name="sealane-abci", daemon=True
    )
    thread.start()
    begun.wait()
    try:
        yield
    finally:
        sockets.stop()
        thread.join()


class _Sockets:
    """All that follows runs in the thread, `stop` apart."""

    def __init__(self, submit: Submit, limits: ServerLimits, observer: Observer) -> None:
        self._submit = submit
        self._limits = limits
        self._observer = observer
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()
        self._clients: set[asyncio.Task[None]] = set()
        self._connections: set[Connection] = set()
        self._owed: set[asyncio.Future[list[bytes]]] = set()

    def main(self, listener: socket, begun: threading.Event) -> None:
        """The thread, from its beginning to its end."""
        try:
            with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
                runner.run(self._serve(listener, begun))
        except BaseException as error:
            self._submit(error)
        finally:
            begun.set()

    def stop(self) -> None:
        """From any thread. Answers that were given before are sent; others are not waited for."""
        _call(self._loop, self._stopping.set)

    async def _serve(self, listener: socket, begun: threading.Event) -> None:
        accepting = self._loop.create_task(self._accept_all(listener))
        begun.set()
        stopping = self._loop.create_task(self._stopping.wait())
        await asyncio.wait((accepting, stopping), return_when=asyncio.FIRST_COMPLETED)
        if accepting.done():
            accepting.result()  # raises: it ends by an error only
        accepting.cancel()
        for connection in self._connections:
            connection.stop()
        for answers in self._owed:
            _fulfil(answers, [])
        if self._clients:
            _, late = await asyncio.wait(self._clients, timeout=STOP_TIMEOUT_S)
            if late:
                _log.warning("%s cut: answers not taken", counted(len(late), "connection"))

    async def _accept_all(self, listener: socket) -> None:
        listener.setblocking(False)
        while True:
            try:
                accepted, _ = await self._loop.sock_accept(listener)
            except OSError as error:  # the client has gone already, or there are no more files
                _log.warning("a connection was not accepted: %s", error)
                await asyncio.sleep(ACCEPT_RETRY_S)
            else:
                # So that a client whose machine is gone does not keep its place for ever.
                accepted.setsockopt(SOL_SOCKET, SO_KEEPALIVE, 1)
                self._accept(accepted)

    def _accept(self, accepted: socket) -> None:
        if len(self._clients) >= self._limits.connections_max:
            with accepted:
                self._turn_away(accepted)
            return
        task = self._loop.create_task(self._converse(accepted))
        self._clients.add(task)
        task.add_done_callback(self._left)
        self._count_clients()

    def _turn_away(self, accepted: socket) -> None:
        """Say why, without waiting: a new connection takes so few bytes at once."""
        text = f"this node serves {self._limits.connections_max} connections at a time; close one"
        self._observer.refused_message("too many connections")
        _log.info("refused a connection: %s", text)
        accepted.setblocking(False)
        with suppress(OSError):
            accepted.send(framed(encode_response(ExceptionResponse(text))))

    async def _converse(self, accepted: socket) -> None:
        reader, writer = await asyncio.open_connection(sock=accepted, limit=CHUNK_LEN)
        connection = Connection(reader, writer, self._limits, self._observer)
        self._connections.add(connection)
        try:
            if self._stopping.is_set():
                connection.stop()
            await connection.serve(self._respond)
        finally:
            self._connections.discard(connection)

    def _left(self, task: asyncio.Task[None]) -> None:
        self._clients.discard(task)
        self._count_clients()
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("a connection ended by a bug in sealane", exc_info=error)

    def _count_clients(self) -> None:
        self._observer.connections(len(self._clients))
        _log.info("%s", counted(len(self._clients), "connection"))

    async def _respond(self, requests: list[Request]) -> list[bytes]:
        alone = [respond_alone(each) for each in requests]
        if None not in alone:
            return [encode_response(each) for each in alone if each is not None]
        answers: asyncio.Future[list[bytes]] = self._loop.create_future()
        self._owed.add(answers)
        try:
            self._submit(Job(requests, partial(_call, self._loop, _fulfil, answers)))
            return await answers
        finally:
            self._owed.discard(answers)


def _fulfil(future: asyncio.Future[list[bytes]], answers: list[bytes]) -> None:
    if not future.done():
        future.set_result(answers)


def _call(loop: asyncio.AbstractEventLoop, function: Callable[..., None], *given: object) -> None:
    """Call it in the thread of the loop, unless that has ended."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(function, *given)
