"""A small HTTP server for a few fixed pages, in a thread of its own.

Answers GET and HEAD, one request a connection, and closes it. Everything is bounded: the request,
the time it may take, the time its answer may take, and how many are connected.

Guarantees: a hostile client gets an error or nothing, never keeps others out for longer than
REQUEST_TIMEOUT_S + ANSWER_TIMEOUT_S, and never ends the server. No path leads to a file.
Does not: encrypt or authenticate; it is on loopback unless the operator names another host.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import threading
from collections.abc import Callable, Mapping
from http import HTTPStatus
from types import TracebackType
from typing import Final, NamedTuple, Self

from ...primitives import UsageError
from .address import Address

_log = logging.getLogger(__package__)

REQUEST_LEN_MAX: Final = 8_192
CONNECTIONS_MAX: Final = 16
REQUEST_TIMEOUT_S: Final = 5.0
ANSWER_TIMEOUT_S: Final = 5.0
ACCEPT_AGAIN_S: Final = 1.0
_TEXT: Final = "text/plain; charset=utf-8"
_END: Final = b"\r\n\r\n"


class Page(NamedTuple):
    """An answer: status code, content type, body."""

    status: int
    content_type: str
    body: bytes


class Timeouts(NamedTuple):
    """Seconds for a request to arrive, and for its answer to be read."""

    request_s: float = REQUEST_TIMEOUT_S
    answer_s: float = ANSWER_TIMEOUT_S


class HttpServer:
    """Serves pages by path; each is made from the request's Accept header.

    Serves from when it is created until it is closed; `address` is where. Raises UsageError if it
    cannot listen there. `timeouts`: for tests.
    """

    def __init__(
        self,
        address: Address,
        pages: Mapping[str, Callable[[str], Page]],
        *,
        timeouts: Timeouts | None = None,
    ) -> None:
        self._pages = pages
        self._timeouts = Timeouts() if timeouts is None else timeouts
        self._serving: set[asyncio.Task[None]] = set()
        self._listener = _listening(address)
        self.address = Address(address.host, self._listener.getsockname()[1])
        self._loop = asyncio.new_event_loop()
        self._closing = False
        self._await_clients()
        self._thread = threading.Thread(
            target=self._loop.run_forever, name="sealane-metrics", daemon=True
        )
        self._thread.start()

    @property
    def connection_count(self) -> int:
        """How many connections are served now."""
        return len(self._serving)

    def close(self) -> None:
        """Stop listening, cut connections off, and end the thread. Idempotent."""
        if self._loop.is_closed():
            return
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._listener.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    async def _end(self) -> None:
        self._closing = True
        self._loop.remove_reader(self._listener)
        for task in self._serving:
            task.cancel()
        if self._serving:
            await asyncio.wait(self._serving)

    def _await_clients(self) -> None:
        if not self._closing:
            self._loop.add_reader(self._listener, self._accept)

    def _accept(self) -> None:
        """Accept one client. Called when there is one, so it never waits."""
        try:
            client, _ = self._listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return  # it has gone away
        except OSError as error:
            _log.warning("no connection can be accepted: %s", error)
            self._loop.remove_reader(self._listener)
            self._loop.call_later(ACCEPT_AGAIN_S, self._await_clients)
            return
        client.setblocking(False)
        busy = len(self._serving) >= CONNECTIONS_MAX
        task = self._loop.create_task(self._serve(client, busy=busy))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)
        # Here rather than in the task, which may be cancelled before it begins.
        task.add_done_callback(lambda _task: client.close())

    async def _serve(self, client: socket.socket, *, busy: bool) -> None:
        with contextlib.suppress(OSError, TimeoutError):
            answer = _plain(HTTPStatus.SERVICE_UNAVAILABLE) if busy else await self._answer(client)
            async with asyncio.timeout(self._timeouts.answer_s):
                await self._loop.sock_sendall(client, answer)

    async def _answer(self, client: socket.socket) -> bytes:
        """The whole response to one request; empty if the client goes away."""
        head = b""
        try:
            async with asyncio.timeout(self._timeouts.request_s):
                while _END not in head:
                    if len(head) == REQUEST_LEN_MAX:
                        return _plain(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
                    part = await self._loop.sock_recv(client, REQUEST_LEN_MAX - len(head))
                    if not part:
                        return b""
                    head += part
        except TimeoutError:
            return _plain(HTTPStatus.REQUEST_TIMEOUT)
        return self._respond(head.partition(_END)[0])

    def _respond(self, head: bytes) -> bytes:
        line, *rest = head.decode("latin-1").split("\r\n")
        words = line.split(" ")
        if len(words) != 3 or words[2] not in ("HTTP/1.1", "HTTP/1.0"):
            return _plain(HTTPStatus.BAD_REQUEST)
        method, target, _ = words
        if method not in ("GET", "HEAD"):
            return _plain(HTTPStatus.METHOD_NOT_ALLOWED, "Allow: GET, HEAD\r\n")
        made = self._pages.get(target.partition("?")[0])
        if made is None:
            return _plain(HTTPStatus.NOT_FOUND)
        try:
            page = made(_header(rest, "accept"))
        except Exception:
            # One page that cannot be made must not end the thread that makes all others.
            _log.exception("%s could not be made", target.partition("?")[0])
            return _plain(HTTPStatus.INTERNAL_SERVER_ERROR)
        return _response(page, with_body=method == "GET")


def _listening(address: Address) -> socket.socket:
    """A socket that listens there. Raises UsageError if none can."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    try:
        listener = socket.create_server(address, family=family, backlog=CONNECTIONS_MAX)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(
            f"{address}: cannot listen there: {reason}; choose another address"
        ) from error
    listener.setblocking(False)
    return listener


def _header(lines: list[str], name: str) -> str:
    """The values of a header, joined; empty if there is none."""
    pairs = (line.partition(":") for line in lines)
    return ",".join(value.strip() for key, _, value in pairs if key.strip().lower() == name)


def _plain(status: HTTPStatus, headers: str = "") -> bytes:
    page = Page(status, _TEXT, f"{status.phrase}\n".encode())
    return _response(page, with_body=True, headers=headers)


def _response(page: Page, *, with_body: bool, headers: str = "") -> bytes:
    head = (
        f"HTTP/1.1 {page.status} {HTTPStatus(page.status).phrase}\r\n"
        f"Content-Type: {page.content_type}\r\n"
        f"Content-Length: {len(page.body)}\r\n"
        "Cache-Control: no-store\r\n"
        "X-Content-Type-Options: nosniff\r\n"
        f"{headers}Connection: close\r\n\r\n"
    )
    return head.encode("latin-1") + (page.body if with_body else b"")
