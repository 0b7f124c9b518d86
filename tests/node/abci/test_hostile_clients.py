"""Clients that mean harm: typed errors where they can be read, and nobody else notices."""

from __future__ import annotations

import gc
import os
import resource
import select
import socket
import struct
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import pytest

from sealane.node.abci.client import Client
from sealane.node.abci.codec import encode_request
from sealane.node.abci.connection import CONNECTIONS_MAX, PIPELINED_MAX, ServerLimits
from sealane.node.abci.errors import ProtocolError
from sealane.node.abci.framing import framed
from sealane.node.abci.messages import (
    CheckTxRequest,
    EchoRequest,
    EchoResponse,
    ExceptionResponse,
    QueryRequest,
    QueryResponse,
)
from sealane.node.answers import Answer

from .nodes import DEADLINE_S, MadeUp, Node, Watching, running
from .raw_sockets import answers_in, connected, exchange, rest_of

LIMITS = ServerLimits(
    message_len_max=128 * 1024, connections_max=4, message_timeout_s=0.2, write_timeout_s=0.2
)
ECHO = framed(encode_request(EchoRequest("hello")))


@pytest.fixture
def watching() -> Watching:
    return Watching()


@pytest.fixture
def application() -> MadeUp:
    return MadeUp()


@pytest.fixture
def node(application: MadeUp, watching: Watching) -> Iterator[Node]:
    files = len(os.listdir("/proc/self/fd"))
    with running(application, limits=LIMITS, observer=watching) as node:
        yield node
    assert node.failure is None
    assert len(os.listdir("/proc/self/fd")) == files


@pytest.fixture
def bystander(node: Node) -> Iterator[Client]:
    """Connected throughout, and answered at the end as at the beginning."""
    with Client(node.address) as client:
        assert client.check(b"begin").code == 0
        yield client
        assert client.check(b"end").code == 0


def error_of(received: bytes) -> str:
    (answer,) = answers_in(received)
    assert isinstance(answer, ExceptionResponse)
    return answer.error


def test_garbage(node: Node, bystander: Client, watching: Watching) -> None:
    with connected(node.address) as client:
        client.sendall(b"\xff" * 64)
        assert "message of 2^21 and more bytes" in error_of(rest_of(client))
    assert watching.refusals == ["too long"]


def test_a_byte_at_a_time_is_a_message_in_the_end() -> None:
    with running(MadeUp()) as node, connected(node.address) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in ECHO:
            client.send(bytes([byte]))
        client.shutdown(socket.SHUT_WR)
        assert answers_in(rest_of(client)) == [EchoResponse("hello")]


def test_a_message_that_never_ends_has_a_deadline(
    node: Node, bystander: Client, watching: Watching
) -> None:
    """A byte now and then does not put it off."""
    with connected(node.address) as client:
        client.sendall(framed(bytes(100_000))[:10])
        for _ in range(10_000):
            if select.select([client], [], [], LIMITS.message_timeout_s / 100)[0]:
                break
            client.send(b"\0")
        else:
            pytest.fail("not refused in a hundred times the time that it had")
        assert "not there whole after 0.2 s" in error_of(rest_of(client))
    assert watching.refusals == ["slow"]


def test_the_deadline_is_of_a_message_not_of_a_connection(node: Node, bystander: Client) -> None:
    """Whole messages for longer than one may take, with nothing but waiting in between."""
    with connected(node.address) as client:
        for _ in range(3):
            client.sendall(ECHO)
            assert client.recv(100)
            assert not select.select([client], [], [], LIMITS.message_timeout_s * 0.6)[0]
        client.sendall(ECHO)
        assert client.recv(100)


def test_the_deadline_is_of_a_message_also_if_the_next_one_has_begun(application: MadeUp) -> None:
    """As an engine under load sends them: what comes always ends in the middle of a message."""
    limits = LIMITS._replace(message_timeout_s=0.5)
    with running(application, limits=limits) as node, connected(node.address) as client:
        client.sendall(ECHO[:3])
        for _ in range(3):
            assert not select.select([client], [], [], limits.message_timeout_s * 0.4)[0]
            client.sendall(ECHO[3:] + ECHO[:3])
            assert answers_in(client.recv(100)) == [EchoResponse("hello")]


def test_a_message_that_is_too_long_is_refused_before_it_is_sent(
    node: Node, bystander: Client, watching: Watching
) -> None:
    with connected(node.address) as client:
        client.sendall(framed(bytes(LIMITS.message_len_max + 1))[:3])
        assert "131,073 bytes; 131,072 are accepted" in error_of(rest_of(client))
    assert watching.refusals == ["too long"]


def test_as_many_connections_as_allowed_and_one_more(node: Node, watching: Watching) -> None:
    with ExitStack() as stack:
        clients = [stack.enter_context(Client(node.address)) for _ in range(LIMITS.connections_max)]
        for each in clients:
            assert each.echo("") == ""
        with connected(node.address) as one_more:
            assert "serves 4 connections at a time" in error_of(rest_of(one_more))
        assert watching.refusals == ["too many connections"]
        for each in clients:
            assert each.echo("") == ""
        clients[0].close()
        watching.wait_until(lambda: watching.count == LIMITS.connections_max - 1)
        assert stack.enter_context(Client(node.address)).echo("room again") == "room again"


def test_an_engine_has_room_by_default() -> None:
    assert CONNECTIONS_MAX == ServerLimits().connections_max == 16


def test_who_takes_no_answers_gets_no_more_and_is_let_go(
    node: Node, bystander: Client, watching: Watching
) -> None:
    """It can send what the sockets hold and one batch, and no more; its connection ends."""
    request = framed(encode_request(EchoRequest("x" * 64 * 1024)))
    sent = 0
    with connected(node.address) as client:
        client.setblocking(False)
        # Until the node takes no more for as long as it waits for its answers to be taken.
        with suppress(ConnectionError):
            while select.select([], [client], [], DEADLINE_S)[1]:
                with suppress(BlockingIOError):
                    sent += client.send(request)
        assert bystander.echo("unaffected") == "unaffected"
        watching.wait_until(lambda: watching.count == 1)
    assert sent < 2 * PIPELINED_MAX * len(request) + 16 * 1024 * 1024


def test_who_takes_no_answers_does_not_make_the_application_wait(
    node: Node, bystander: Client, application: MadeUp
) -> None:
    with connected(node.address) as client:
        client.sendall(framed(encode_request(CheckTxRequest(b"x" * 1000))) * 20)
        for _ in range(20):
            assert bystander.check(b"unaffected").code == 0


class Large(MadeUp):
    """Its answers to queries are longer than what sockets hold."""

    def __init__(self) -> None:
        super().__init__()
        self.queries = 0

    def query(self, path: str, data: bytes, *, height: int = 0, prove: bool = False) -> Answer:
        self.queries += 1
        return Answer(0, "", "", b"", bytes(16 * 1024 * 1024), 0, b"")


def test_queries_sent_ahead_are_not_answered_before_the_client_takes_answers(
    watching: Watching,
) -> None:
    """A few bytes ask for so much that the node must not hold many such answers."""
    application = Large()
    query = framed(encode_request(QueryRequest(path="/account")))
    with running(application, limits=LIMITS, observer=watching) as node:
        with connected(node.address) as client:
            client.sendall(query * 4)
            watching.wait_until(lambda: watching.count == 1)
            watching.wait_until(lambda: watching.count == 0)
        assert application.queries == 1
        (name,) = [type(each).__name__ for each in exchange(node.address, query)]
        assert name == "QueryResponse"


def test_a_node_that_stops_does_not_wait_for_queries_sent_ahead(application: MadeUp) -> None:
    """Nor complain; `running` sees to that."""
    query = framed(encode_request(QueryRequest()))
    with running(application) as node, connected(node.address) as client:
        client.sendall(framed(encode_request(CheckTxRequest(b"hold"))) + query * 3)
        assert application.held.wait(DEADLINE_S)
        node.server.stop()
        application.released.set()


def test_queries_between_other_requests_are_answered_in_order(node: Node) -> None:
    requests = [
        EchoRequest("1"),
        QueryRequest(path="2"),
        QueryRequest(path="3"),
        CheckTxRequest(b"4"),
        EchoRequest("5"),
        QueryRequest(path="6"),
    ]
    answers = exchange(node.address, b"".join(framed(encode_request(each)) for each in requests))
    assert [type(each).__name__[:4] for each in answers] == [
        type(each).__name__[:4] for each in requests
    ]
    assert [each.log for each in answers if isinstance(each, QueryResponse)] == ["2", "3", "6"]


def test_a_client_that_only_sends_is_answered_to_the_end(node: Node, bystander: Client) -> None:
    assert exchange(node.address, ECHO * 100) == [EchoResponse("hello")] * 100


@pytest.mark.parametrize("raw", [b"", ECHO[:3], ECHO])
@pytest.mark.parametrize("reset", [False, True])
def test_clients_that_come_and_go(
    node: Node, bystander: Client, watching: Watching, raw: bytes, reset: bool
) -> None:
    for _ in range(20):
        with connected(node.address) as client:
            client.sendall(raw)
            if reset:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert bystander.echo("unaffected") == "unaffected"
    watching.wait_until(lambda: watching.count == 1)
    gc.collect()
    assert node.complaints == []  # asyncio's, about errors that nobody asked for


def test_idle_clients_may_stay(node: Node, bystander: Client) -> None:
    with connected(node.address) as client:
        assert not select.select([client], [], [], LIMITS.message_timeout_s * 2)[0]
        client.sendall(ECHO)
        assert client.recv(100)


def test_a_node_without_files_serves_again_when_it_has_some(node: Node, bystander: Client) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    taken: list[int] = []
    with connected(node.address) as first:
        first.sendall(ECHO)
        assert first.recv(100)
        waiting = socket.socket()
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
        try:
            take_all_files(taken)
            waiting.connect(first.getpeername())
            first.sendall(ECHO)
            assert first.recv(100)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
            for each in taken:
                os.close(each)
            node.complaints.clear()
        with waiting:
            waiting.settimeout(DEADLINE_S)
            waiting.sendall(ECHO)
            assert waiting.recv(100)


def take_all_files(taken: list[int]) -> None:
    with suppress(OSError):
        while True:
            taken.append(os.open(os.devnull, os.O_RDONLY))


def test_an_answer_that_is_no_message_is_an_error_of_the_client(node: Node) -> None:
    """A client at another server's port: it gets an error, too, not a wrong answer."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        client = Client(f"tcp://127.0.0.1:{other.getsockname()[1]}")
        accepted, _ = other.accept()
        with accepted:
            accepted.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n" * 3)
            with pytest.raises(ProtocolError, match="no message"):
                client.info()
        client.close()
