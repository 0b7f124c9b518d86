"""A client as an engine has it: sends requests, ahead if it likes, and receives their answers.

    with Client("tcp://127.0.0.1:26658") as client:
        client.info().last_block_height

Guarantees: answers come in the order of their requests; no wait is longer than `timeout_s`; sending
ahead cannot end in a deadlock, since answers are taken in meanwhile. Does not: reconnect, or decide
on blocks. For one thread.
"""

from __future__ import annotations

import select
from collections import deque
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from time import monotonic
from types import TracebackType
from typing import Final, Self, TypeVar

from ...primitives import UsageError
from . import messages
from .codec import decode_response, encode_request
from .endpoint import parse_endpoint
from .errors import NodeUnreachable, ProtocolError, RequestRefused
from .framing import MESSAGE_LEN_MAX, FrameBuffer, framed
from .messages import Request, Response

TIMEOUT_S: Final = 30.0
PENDING_MAX: Final = 1024  # requests sent ahead of their answers
_CHUNK_LEN: Final = 256 * 1024
_Kind = TypeVar("_Kind", bound=Response)


class Client:
    """A connection to the node at `address`, as text. Raises NodeUnreachable if none answers in
    `timeout_s`, which is also the longest that it waits later, and UsageError for a bad address."""

    def __init__(self, address: str, *, timeout_s: float = TIMEOUT_S) -> None:
        self.address = address
        self._timeout_s = timeout_s
        self._buffer = FrameBuffer(MESSAGE_LEN_MAX)
        self._frames: deque[bytes] = deque()
        self._pending: deque[str] = deque()
        endpoint = parse_endpoint(address)
        with self._reaching():
            self._socket = endpoint.connect(timeout_s)
        self._socket.setblocking(False)

    @property
    def pending(self) -> int:
        """How many requests have been sent whose answers have not been received."""
        return len(self._pending)

    def send(self, request: Request) -> None:
        """Send a request. Raises UsageError if PENDING_MAX answers have not been received."""
        if len(self._pending) == PENDING_MAX:
            raise UsageError(f"{PENDING_MAX:,} requests were sent ahead; receive an answer first")
        self.send_bytes(framed(encode_request(request)))
        self._pending.append(type(request).__name__)

    def send_bytes(self, raw: bytes) -> None:
        """Send bytes as they are, also such as are not a request."""
        deadline_s = monotonic() + self._timeout_s
        rest = memoryview(raw)
        with self._reaching():
            while rest:
                if self._wait(deadline_s, sending=True):
                    rest = rest[self._socket.send(rest) :]

    def receive(self) -> Response:
        """The answer to the oldest pending request. Raises RequestRefused if the node refused it,
        and NodeUnreachable if there is none."""
        deadline_s = monotonic() + self._timeout_s
        with self._reaching():
            while not self._frames:
                self._wait(deadline_s, sending=False)
            response = decode_response(self._frames.popleft())
        request = self._pending.popleft() if self._pending else "what was sent"
        if isinstance(response, messages.ExceptionResponse):
            raise RequestRefused(request, response.error)
        return response

    def call(self, request: Request, kind: type[_Kind]) -> _Kind:
        """Send a request and receive its answer, of this kind."""
        if self._pending:
            raise UsageError(f"{self.pending} requests were sent ahead; receive their answers")
        self.send(request)
        response = self.receive()
        if not isinstance(response, kind):
            raise ProtocolError(
                "other answer", f"{type(request).__name__}: answered by {type(response).__name__}"
            )
        return response

    def echo(self, message: str) -> str:
        return self.call(messages.EchoRequest(message), messages.EchoResponse).message

    def flush(self) -> None:
        self.call(messages.FlushRequest(), messages.FlushResponse)

    def info(self) -> messages.InfoResponse:
        return self.call(messages.InfoRequest(), messages.InfoResponse)

    def init_chain(
        self, chain_id: str, app_state: bytes = b"", *, initial_height: int = 1, time_s: int = 0
    ) -> bytes:
        """Begin a chain; its app hash, 32 bytes."""
        time = messages.Timestamp(time_s)
        request = messages.InitChainRequest(time, chain_id, app_state, initial_height)
        return self.call(request, messages.InitChainResponse).app_hash

    def query(
        self, path: str, data: bytes = b"", *, height: int = 0, prove: bool = False
    ) -> messages.QueryResponse:
        """What the committed state says. `height`: 0 for the last."""
        request = messages.QueryRequest(data, path, height, prove)
        return self.call(request, messages.QueryResponse)

    def check(self, transaction: bytes, *, again: bool = False) -> messages.CheckTxResponse:
        """Whether a transaction may wait for a block; `code` is 0 if so."""
        kind = messages.CheckType.RECHECK if again else messages.CheckType.NEW
        return self.call(messages.CheckTxRequest(transaction, kind), messages.CheckTxResponse)

    def prepare(
        self, height: int, transactions: Sequence[bytes], *, len_max: int = MESSAGE_LEN_MAX
    ) -> tuple[bytes, ...]:
        """The transactions of a proposal that have `len_max` bytes at most."""
        request = messages.PrepareProposalRequest(len_max, tuple(transactions), height)
        return self.call(request, messages.PrepareProposalResponse).txs

    def process(self, height: int, transactions: Sequence[bytes], block_hash: bytes = b"") -> bool:
        """Whether the application accepts a proposal."""
        request = messages.ProcessProposalRequest(tuple(transactions), block_hash, height)
        status = self.call(request, messages.ProcessProposalResponse).status
        return status == messages.ProposalStatus.ACCEPT

    def finalize(
        self, height: int, transactions: Sequence[bytes], block_hash: bytes = b""
    ) -> messages.FinalizeBlockResponse:
        """Have a block executed: outcomes, and the app hash after it."""
        request = messages.FinalizeBlockRequest(tuple(transactions), block_hash, height)
        return self.call(request, messages.FinalizeBlockResponse)

    def commit(self) -> None:
        """Have the block that was finalized last committed, durably."""
        self.call(messages.CommitRequest(), messages.CommitResponse)

    def close(self) -> None:
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def _reaching(self) -> Generator[None]:
        try:
            yield
        except TimeoutError:
            what = f"no answer within {self._timeout_s:g} s"
            raise NodeUnreachable(self.address, what) from None
        except OSError as error:
            raise NodeUnreachable(self.address, error.strerror or str(error)) from error
        except ProtocolError as error:
            what = f"{self.address}: what answers there does not speak ABCI: {error}"
            raise ProtocolError(error.reason, f"{what}; name the node's --abci address") from error

    def _wait(self, deadline_s: float, *, sending: bool) -> bool:
        """Take in what has come; wait for it, or until something can be sent. Whether it can."""
        poll = select.poll()
        poll.register(self._socket, select.POLLIN | (select.POLLOUT if sending else 0))
        events = poll.poll(max(0.0, deadline_s - monotonic()) * 1000)
        if not events:
            raise TimeoutError
        if events[0][1] & ~select.POLLOUT:
            chunk = self._socket.recv(_CHUNK_LEN)
            if not chunk:
                raise ConnectionResetError(0, "the node closed the connection")
            self._buffer.feed(chunk)
            self._frames.extend(self._buffer.take(PENDING_MAX + 1))
        return bool(events[0][1] & select.POLLOUT)
