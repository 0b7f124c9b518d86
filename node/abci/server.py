"""The server: sockets in a thread of their own, the application in the thread that calls `run`.

    ┌── I/O thread: asyncio ──────────┐            ┌── the caller's thread ───┐
    │ 1 … CONNECTIONS_MAX connections │ ── jobs ─▶ │ application, one request │
    │ read, decode, write             │ ◀─ answers │ after the other; encode  │
    └─────────────────────────────────┘            └──────────────────────────┘

The runtime is used by one thread only, and in the process's main thread signals interrupt it as
they do in every command; meanwhile the I/O thread goes on reading, and answers what is not about
the state. Each connection has one job at most, so CONNECTIONS_MAX bounds the queue.

Guarantees: an answer is sent whole or not at all; after a failure of the machine or of our code the
client that met it gets an exception, nobody gets anything else, and `run` raises. Does not: open or
close the application.
"""

from __future__ import annotations

import queue
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from ...primitives import Account, InternalError, Pubkey
from ..observer import Observer
from .codec import encode_response
from .connection import ServerLimits
from .dispatch import Driven, Halt, exception, respond
from .endpoint import Endpoint, listening
from .sockets import Job, serving


class Server:
    """Serves an application at an endpoint.

    A context manager: it listens from the beginning to the end of the block. `address` says where,
    with the port that the system chose. `genesis`: the accounts that the chain begins with, unless
    the engine gives them. Raises UsageError if it cannot listen there.
    """

    def __init__(
        self,
        application: Driven,
        endpoint: Endpoint,
        *,
        public: bool = False,
        genesis: Mapping[Pubkey, Account] | None = None,
        limits: ServerLimits | None = None,
        observer: Observer | None = None,
    ) -> None:
        self._application = application
        self._endpoint = endpoint
        self._public = public
        self._genesis = genesis
        self._limits = ServerLimits() if limits is None else limits
        self._observer = Observer() if observer is None else observer
        self._jobs: queue.SimpleQueue[Job | BaseException | None] = queue.SimpleQueue()
        self._stack = ExitStack()
        self.address = str(endpoint)

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            listener, self.address = stack.enter_context(
                listening(self._endpoint, public=self._public)
            )
            stack.enter_context(serving(listener, self._jobs.put, self._limits, self._observer))
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def run(self, between: Callable[[], None] = lambda: None) -> None:
        """Answer requests until `stop`. `between` is called after each client's, and may raise.
        Raises what ended the node otherwise."""
        while (job := self._jobs.get()) is not None:
            if isinstance(job, BaseException):
                raise InternalError("the thread that serves clients ended") from job
            self._answer(job)
            between()

    def stop(self) -> None:
        """Let `run` return after the requests that came before. From any thread."""
        self._jobs.put(None)

    def _answer(self, job: Job) -> None:
        answers: list[bytes] = []
        try:
            for each in job.requests:
                response = respond(self._application, each, self._genesis)
                answers.append(encode_response(response))
        except Halt as halt:
            answers.append(encode_response(exception(str(halt))))
            self._observer.failed(str(halt))
            raise halt.error from halt.error.__cause__
        finally:
            # In a finally: what interrupts a request must not take the answers before it along.
            job.answer(answers)
