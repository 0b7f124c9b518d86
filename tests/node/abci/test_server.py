"""A node and its clients: every request over a socket, in order, and what ends a node."""

from __future__ import annotations

import threading
from collections.abc import Generator
from pathlib import Path

import pytest

from sealane.node.abci.client import PENDING_MAX, Client
from sealane.node.abci.connection import PIPELINED_MAX
from sealane.node.abci.dispatch import ERROR_LEN_MAX
from sealane.node.abci.endpoint import parse_endpoint
from sealane.node.abci.errors import NodeUnreachable, RequestRefused
from sealane.node.abci.messages import (
    ApplySnapshotChunkRequest,
    ApplySnapshotChunkResponse,
    CheckTxRequest,
    CheckTxResponse,
    EchoRequest,
    EchoResponse,
    ExecTxResult,
    ExtendVoteRequest,
    ExtendVoteResponse,
    InfoResponse,
    ListSnapshotsRequest,
    ListSnapshotsResponse,
    LoadSnapshotChunkRequest,
    LoadSnapshotChunkResponse,
    OfferSnapshotRequest,
    OfferSnapshotResponse,
    ProofOp,
    ProofOps,
    QueryResponse,
    VerifyVoteExtensionRequest,
    VerifyVoteExtensionResponse,
)
from sealane.node.abci.server import Server
from sealane.primitives import StoreFailed, UsageError

from .nodes import DEADLINE_S, MadeUp, Node, Watching, running


@pytest.fixture
def application() -> MadeUp:
    return MadeUp()


@pytest.fixture
def node(application: MadeUp) -> Generator[Node]:
    with running(application) as node:
        yield node
    assert node.failure is None


@pytest.fixture
def client(node: Node) -> Generator[Client]:
    with Client(node.address) as client:
        yield client


def test_a_block_from_its_check_to_its_commit(client: Client, application: MadeUp) -> None:
    assert client.echo("hello") == "hello"
    client.flush()
    assert client.init_chain("chain", b"{}", time_s=5) == bytes(32)
    assert application.begun == ("chain", None, b"{}", 1, 5_000)
    assert client.check(b"a") == CheckTxResponse(0, b"", "a", "", 9, 0, "made-up")
    assert client.check(b"a", again=True).code == 1
    assert client.prepare(1, [b"a", b"long"], len_max=3) == (b"a",)
    assert client.process(1, [b"a"])
    assert not client.process(1, [b"a", b"bad"])
    finalized = client.finalize(1, [b"a"])
    assert finalized.tx_results == (ExecTxResult(0, b"a", "", "61", 9, 5, ""),)
    assert finalized.app_hash == bytes([1]) * 32
    client.commit()
    assert client.info() == InfoResponse("sealane", "1.2.3", 7, 1, bytes([1]) * 32)


def test_a_query_and_its_proof(client: Client) -> None:
    proof = ProofOps((ProofOp("ics23:smt", b"key", b"proof"),))
    assert client.query("/store", b"key", height=3, prove=True) == QueryResponse(
        0, "/store", b"key", b"value", proof, 3, ""
    )
    assert client.query("/store", b"key").proof_ops is None


def test_votes_have_no_extensions(client: Client) -> None:
    assert client.call(ExtendVoteRequest(b"h", 1), ExtendVoteResponse).vote_extension == b""
    for extension, status in ((b"", 1), (b"x", 2)):
        request = VerifyVoteExtensionRequest(b"h", b"v", 1, extension)
        assert client.call(request, VerifyVoteExtensionResponse).status == status


def test_state_sync_is_refused_politely(client: Client) -> None:
    assert client.call(ListSnapshotsRequest(), ListSnapshotsResponse) == ()
    assert client.call(OfferSnapshotRequest(b"h"), OfferSnapshotResponse).result == 2
    assert client.call(ApplySnapshotChunkRequest(b"c"), ApplySnapshotChunkResponse).result == 2
    assert client.call(LoadSnapshotChunkRequest(1), LoadSnapshotChunkResponse).chunk == b""


def test_a_call_that_is_not_legal_is_refused_and_the_connection_lives(client: Client) -> None:
    with pytest.raises(RequestRefused, match="nothing to commit") as caught:
        client.commit()
    assert caught.value.request == "CommitRequest"
    with pytest.raises(RequestRefused, match="block 3 cannot follow block 0"):
        client.finalize(3, [])
    assert client.finalize(1, []).app_hash


@pytest.mark.parametrize("length", [ERROR_LEN_MAX, ERROR_LEN_MAX + 1])
def test_an_exception_is_no_longer_than_allowed(
    client: Client, application: MadeUp, length: int
) -> None:
    application.raising[b"refuse"] = UsageError("x" * length)
    with pytest.raises(RequestRefused) as caught:
        client.check(b"refuse")
    cut = "x" * (ERROR_LEN_MAX - 1) + "…"
    assert caught.value.error == ("x" * length if length == ERROR_LEN_MAX else cut)


def test_answers_come_in_the_order_of_requests(client: Client) -> None:
    """More at once than are answered in one go, and of both kinds: the I/O thread's own as well."""
    for number in range(PIPELINED_MAX * 3):
        client.send(CheckTxRequest(b"%d" % number) if number % 3 else EchoRequest(f"{number}"))
    for number in range(PIPELINED_MAX * 3):
        answer = client.receive()
        match answer:
            case CheckTxResponse():
                assert answer.log == f"{number}"
            case _:
                assert answer == EchoResponse(f"{number}")
    assert client.pending == 0


def test_as_many_requests_ahead_as_allowed_and_one_more(client: Client) -> None:
    for _ in range(PENDING_MAX):
        client.send(EchoRequest())
    with pytest.raises(UsageError, match="1,024 requests were sent ahead"):
        client.send(EchoRequest())
    with pytest.raises(UsageError, match="1024 requests were sent ahead"):
        client.echo("")
    assert client.receive() == EchoResponse()
    client.send(EchoRequest("last"))


def test_sending_ahead_more_than_sockets_hold_is_no_deadlock(client: Client) -> None:
    """32 MiB there and 32 MiB back, none of it received in between."""
    text = "x" * 1024 * 1024
    for _ in range(32):
        client.send(EchoRequest(text))
    assert [client.receive() for _ in range(32)] == [EchoResponse(text)] * 32


def test_a_block_that_takes_long_stops_neither_echo_nor_health(
    node: Node, client: Client, application: MadeUp
) -> None:
    client.send(CheckTxRequest(b"hold"))
    assert application.held.wait(DEADLINE_S)
    with Client(node.address) as other:
        assert other.echo("still here") == "still here"
    application.released.set()
    assert client.receive() == CheckTxResponse(0, b"", "hold", "", 9, 0, "made-up")


def test_the_application_is_asked_in_the_thread_that_runs_it(
    node: Node, client: Client, application: MadeUp
) -> None:
    with Client(node.address) as other:
        client.check(b"a")
        other.check(b"b")
    assert len(application.threads) == 1
    assert threading.get_ident() not in application.threads


def test_four_connections_as_an_engine_opens_them(node: Node) -> None:
    clients = [Client(node.address) for _ in range(4)]
    for number, each in enumerate(clients):
        each.send(CheckTxRequest(b"%d" % number))
    for number, each in reversed(list(enumerate(clients))):
        answer = each.receive()
        assert isinstance(answer, CheckTxResponse)
        assert answer.log == f"{number}"
        each.close()


def test_a_client_that_goes_without_waiting_harms_nobody(
    node: Node, client: Client, application: MadeUp
) -> None:
    with Client(node.address) as other:
        other.send(CheckTxRequest(b"hold"))
        assert application.held.wait(DEADLINE_S)
    application.released.set()
    assert client.check(b"a").code == 0
    assert application.checked == [b"hold", b"a"]


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (StoreFailed("state", "no space left", usable=False), "state: no space left"),
        (ZeroDivisionError("a bug"), "ZeroDivisionError: a bug"),
    ],
)
def test_a_failure_of_the_machine_halts_the_node(
    application: MadeUp, failure: Exception, said: str
) -> None:
    """Who met it gets an exception; nobody else gets anything."""
    application.raising[b"fail"] = failure
    watching = Watching()
    with (
        running(application, observer=watching) as node,
        Client(node.address) as met,
        Client(node.address) as other,
    ):
        other.send(CheckTxRequest(b"hold"))
        assert application.held.wait(DEADLINE_S)
        met.send(CheckTxRequest(b"before"))
        met.send(CheckTxRequest(b"fail"))
        met.send(CheckTxRequest(b"after"))
        application.released.set()
        assert met.receive() == CheckTxResponse(0, b"", "before", "", 9, 0, "made-up")
        with pytest.raises(RequestRefused, match=f"{said}.*this node stops"):
            met.receive()
        assert node.ended.wait(DEADLINE_S)
    assert node.failure is failure
    assert application.checked == [b"hold", b"before"]
    assert [why.partition(";")[0] for why in watching.failures] == [said]


def test_stopping_sends_what_is_owed_and_drops_the_rest(application: MadeUp) -> None:
    with running(application, "tcp://127.0.0.1:0") as node:
        clients = [Client(node.address) for _ in range(3)]
        answered, waiting, idle = clients
        idle.echo("")
        answered.send(CheckTxRequest(b"hold"))
        assert application.held.wait(DEADLINE_S)
        node.server.stop()
        waiting.send(CheckTxRequest(b"late"))
        application.released.set()
        assert node.ended.wait(DEADLINE_S)
    assert isinstance(answered.receive(), CheckTxResponse)
    for each in (waiting, idle):
        with pytest.raises(NodeUnreachable, match=r"closed|reset"):
            each.receive()
    for each in clients:
        each.close()
    with pytest.raises(NodeUnreachable, match="refused"):
        Client(node.address)


def test_a_unix_socket(application: MadeUp, tmp_path: Path) -> None:
    path = tmp_path / "node.sock"
    with running(application, f"unix://{path}") as node, Client(node.address) as client:
        assert client.check(b"a").code == 0
    assert not path.exists()


def test_a_node_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NodeUnreachable, match=r"none\.sock: No such file"):
        Client(f"unix://{tmp_path}/none.sock")


def test_a_node_that_does_not_answer_in_time(node: Node, application: MadeUp) -> None:
    with (
        Client(node.address, timeout_s=0.05) as client,
        pytest.raises(NodeUnreachable, match=r"no answer within 0\.05 s"),
    ):
        client.check(b"hold")
    application.released.set()


def test_a_server_that_was_never_run_stops(application: MadeUp) -> None:
    with Server(application, parse_endpoint("tcp://127.0.0.1:0")) as server:
        client = Client(server.address)
        client.send(CheckTxRequest(b"a"))
    with pytest.raises(NodeUnreachable):
        client.receive()
    client.close()
