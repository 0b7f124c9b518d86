"""Bytes that nobody meant: every one is answered or refused, and nobody else notices.

Each example is a connection of its own to one node; a second client stays connected throughout.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sealane.node.abci.client import Client
from sealane.node.abci.codec import decode_request, encode_request
from sealane.node.abci.connection import ServerLimits
from sealane.node.abci.errors import ProtocolError
from sealane.node.abci.framing import framed
from sealane.node.abci.messages import (
    CheckTxRequest,
    CommitRequest,
    EchoRequest,
    ExceptionResponse,
    FinalizeBlockRequest,
    FlushRequest,
    InfoRequest,
    InitChainRequest,
    PrepareProposalRequest,
    ProcessProposalRequest,
    QueryRequest,
    Request,
)

from .nodes import MadeUp, Node, running
from .raw_sockets import exchange, split

LEN_MAX = 4_096


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with running(MadeUp(), limits=ServerLimits(message_len_max=LEN_MAX)) as node:
        yield node
    assert node.failure is None


@pytest.fixture(scope="module")
def bystander(node: Node) -> Iterator[Client]:
    with Client(node.address) as client:
        yield client


def expected(raw: bytes) -> tuple[int, bool]:
    """How many requests these bytes have before the first that is none, and whether one is."""
    frames, rest = split(raw)
    for place, frame in enumerate(frames):
        try:
            if len(frame) > LEN_MAX:
                return place, True
            decode_request(frame)
        except ProtocolError:
            return place, True
    return len(frames), bool(rest)


def is_answered(node: Node, bystander: Client, raw: bytes) -> None:
    answers = exchange(node.address, raw)
    requests, refused = expected(raw)
    assert len(answers) == requests + refused
    if refused:
        last = answers[-1]
        assert isinstance(last, ExceptionResponse)
        assert last.error.endswith("this connection is closed")
    assert bystander.echo("unaffected") == "unaffected"


SOME_BYTES = st.binary(max_size=40)
REQUESTS: st.SearchStrategy[Request] = st.one_of(
    st.sampled_from([FlushRequest(), CommitRequest(), InfoRequest("0.38.17", 11, 8, "2.0.0")]),
    st.text(max_size=20).map(EchoRequest),
    SOME_BYTES.map(lambda raw: InitChainRequest(None, "chain", raw, 1)),
    SOME_BYTES.map(lambda raw: QueryRequest(raw, "/account")),
    SOME_BYTES.map(CheckTxRequest),
    SOME_BYTES.map(lambda raw: PrepareProposalRequest(100, (raw, b"other"))),
    SOME_BYTES.map(lambda raw: ProcessProposalRequest((raw, b"other"))),
    SOME_BYTES.map(lambda raw: FinalizeBlockRequest((raw, b"other"), b"hash", 1)),
)
STREAMS = st.lists(REQUESTS, min_size=1, max_size=8).map(
    lambda requests: b"".join(framed(encode_request(each)) for each in requests)
)


@settings(max_examples=150)
@given(raw=st.binary(max_size=300))
@example(raw=b"")
@example(raw=b"\x00")
@example(raw=b"\x80")
@example(raw=b"\x80\x00")
@example(raw=b"\xff" * 20)
@example(raw=b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
@example(raw=b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(512))
def test_random_bytes(node: Node, bystander: Client, raw: bytes) -> None:
    is_answered(node, bystander, raw)


@settings(max_examples=150)
@given(raw=STREAMS, data=st.data())
def test_requests_with_damage(
    node: Node, bystander: Client, raw: bytes, data: st.DataObject
) -> None:
    """Bytes that are changed, put in or taken out, anywhere in a stream of requests."""
    damaged = bytearray(raw)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(damaged)))
        damaged[place : place + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=2))
    is_answered(node, bystander, bytes(damaged))


@settings(max_examples=50)
@given(raw=STREAMS, data=st.data())
def test_requests_that_are_cut(
    node: Node, bystander: Client, raw: bytes, data: st.DataObject
) -> None:
    is_answered(node, bystander, raw[: data.draw(st.integers(0, len(raw)))])


@settings(max_examples=50)
@given(before=STREAMS, length=st.integers(LEN_MAX + 1, 2**64), after=st.binary(max_size=30))
@example(before=b"", length=LEN_MAX + 1, after=b"")
def test_lengths_beyond_the_bound(
    node: Node, bystander: Client, before: bytes, length: int, after: bytes
) -> None:
    prefix = bytearray()
    while length > 127:
        prefix.append(length & 127 | 128)
        length >>= 7
    prefix.append(length)
    is_answered(node, bystander, before + bytes(prefix) + after)


def test_the_longest_message(node: Node, bystander: Client) -> None:
    text = "x" * (LEN_MAX - 6)  # behind two tags and two lengths
    assert len(encode_request(EchoRequest(text))) == LEN_MAX
    is_answered(node, bystander, framed(encode_request(EchoRequest(text))))
    is_answered(node, bystander, framed(encode_request(EchoRequest(text + "x"))))
