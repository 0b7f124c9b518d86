"""One client's connection: messages in, answers out, in order.

    read ──▶ whole messages, PIPELINED_MAX at most ──▶ answer them all ──▶ write, wait until taken

While a batch is being answered nothing is read, so what a client sends ahead stays in its socket;
while a client does not take its answers nothing is answered. A query is a batch of its own: a few
bytes may ask for an account of 10 MiB, and so many such answers must not be held at once.

Guarantees: every wait for a client in the middle of a message or of an answer has an end; a client
that sends garbage is told so where it can be, and only its own connection is closed. Does not: end
a connection that is merely idle.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from itertools import groupby
from typing import Final, NamedTuple

from ..observer import Observer
from .codec import decode_request, encode_response
from .errors import ProtocolError
from .framing import MESSAGE_LEN_MAX, FrameBuffer, framed
from .messages import ExceptionResponse, QueryRequest, Request

PIPELINED_MAX: Final = 64  # requests of one connection that are answered in one go
CONNECTIONS_MAX: Final = 16  # an engine opens 4
MESSAGE_TIMEOUT_S: Final = 30.0  # from the first byte of a message to its last
WRITE_TIMEOUT_S: Final = 30.0  # until a client has taken its answers
CHUNK_LEN: Final = 256 * 1024
_log = logging.getLogger(__package__)


class ServerLimits(NamedTuple):
    """What a node takes from its clients."""

    message_len_max: int = MESSAGE_LEN_MAX
    connections_max: int = CONNECTIONS_MAX
    message_timeout_s: float = MESSAGE_TIMEOUT_S
    write_timeout_s: float = WRITE_TIMEOUT_S


# Answers requests, each with an encoded response.
Respond = Callable[[list[Request]], Awaitable[list[bytes]]]


class Connection:
    """Serves one client until it goes, or must go."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        limits: ServerLimits,
        observer: Observer,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._limits = limits
        self._observer = observer
        self._buffer = FrameBuffer(limits.message_len_max)
        self._deadline_s: float | None = None  # of the message that has begun
        self._stopped = False

    async def serve(self, respond: Respond) -> None:
        """Returns when the client has gone, or must go, and has got what it is owed."""
        try:
            await self._converse(respond)
            async with asyncio.timeout(self._limits.write_timeout_s):
                self._writer.close()
                await self._writer.wait_closed()
        except OSError:  # among them a client that goes, or does not take its answers in time
            pass
        finally:
            self._writer.transport.abort()
            with suppress(OSError):  # asked for, so that asyncio does not log it
                await self._writer.wait_closed()

    def stop(self) -> None:
        """Receive nothing more."""
        self._stopped = True
        self._reader.feed_eof()

    async def _converse(self, respond: Respond) -> None:
        try:
            while frames := await self._receive():
                requests, refusal = _decoded(frames)
                for batch in _batches(requests):
                    await self._send(await respond(batch))
                    if self._stopped:
                        return
                if refusal is not None:
                    raise refusal
        except ProtocolError as error:
            self._refuse(error)

    def _refuse(self, error: ProtocolError) -> None:
        """Tell the client why its connection is closed."""
        self._observer.refused_message(error.reason)
        _log.info("closed a connection: %s", error)
        text = f"{error}; this connection is closed"
        self._writer.write(framed(encode_response(ExceptionResponse(text))))

    async def _receive(self) -> list[bytes]:
        """The next messages; none when the client has gone. Raises ProtocolError."""
        frames = self._buffer.take(PIPELINED_MAX)
        while not frames and (chunk := await self._read()):
            self._buffer.feed(chunk)
            frames = self._buffer.take(PIPELINED_MAX)
        if frames:
            self._deadline_s = None  # what has come of the next message has a time of its own
        if self._stopped:
            return []
        if not frames and not self._buffer.empty:
            raise ProtocolError("unfinished", "the last message was not sent to its end")
        return frames

    async def _read(self) -> bytes:
        """What comes next, however long that takes between messages; b"" at the end."""
        loop = asyncio.get_running_loop()
        if self._buffer.empty:
            self._deadline_s = None
        elif self._deadline_s is None:
            self._deadline_s = loop.time() + self._limits.message_timeout_s
        try:
            async with asyncio.timeout_at(self._deadline_s):
                return await self._reader.read(CHUNK_LEN)
        except TimeoutError:
            raise ProtocolError(
                "slow",
                f"a message was not there whole after {self._limits.message_timeout_s:g} s",
            ) from None

    async def _send(self, responses: list[bytes]) -> None:
        if responses:
            self._writer.write(b"".join(map(framed, responses)))
            async with asyncio.timeout(self._limits.write_timeout_s):
                await self._writer.drain()


def _batches(requests: list[Request]) -> Iterator[list[Request]]:
    """The requests in order; those that are answered together in one list."""
    for alone, group in groupby(requests, lambda each: isinstance(each, QueryRequest)):
        if alone:
            yield from ([each] for each in group)
        else:
            yield list(group)


def _decoded(frames: list[bytes]) -> tuple[list[Request], ProtocolError | None]:
    """The requests up to the first message that is none, and what is wrong with that one."""
    requests: list[Request] = []
    for frame in frames:
        try:
            requests.append(decode_request(frame))
        except ProtocolError as error:
            return requests, error
    return requests, None
