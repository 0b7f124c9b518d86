"""Messages as bytes, held to bytes written by hand from the published field numbers.

A protobuf field is a tag, number × 8 + type (0 varint, 2 length and bytes), and its value. None of
the expected bytes come from a library.
"""

from __future__ import annotations

from typing import Any, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.node.abci import messages
from sealane.node.abci.codec import (
    REPEATED_MAX,
    decode_request,
    decode_response,
    encode_request,
    encode_response,
)
from sealane.node.abci.errors import ProtocolError
from sealane.node.abci.messages import (
    REQUESTS,
    RESPONSES,
    CheckTxRequest,
    CheckTxResponse,
    EchoRequest,
    ExceptionResponse,
    ExecTxResult,
    FinalizeBlockRequest,
    FinalizeBlockResponse,
    FlushRequest,
    InfoResponse,
    InitChainRequest,
    OfferSnapshotResponse,
    PrepareProposalRequest,
    ProcessProposalResponse,
    ProofOp,
    ProofOps,
    QueryRequest,
    QueryResponse,
    Request,
    Response,
    Timestamp,
    VerifyVoteExtensionRequest,
)

# Request.echo = 1, flush = 2, init_chain = 5, query = 6, check_tx = 8, prepare_proposal = 16,
# verify_vote_extension = 19, finalize_block = 20: tags 0a, 12, 2a, 32, 42, 8201, 9a01, a201.
REQUEST_BYTES: list[tuple[Request, str]] = [
    (EchoRequest("hi"), "0a 04  0a 02 6869"),
    (FlushRequest(), "12 00"),
    (CheckTxRequest(b"tx"), "42 04  0a 02 7478"),
    (CheckTxRequest(b"tx", 1), "42 06  0a 02 7478  10 01"),
    (CheckTxRequest(b"tx", 0, 1), "42 06  0a 02 7478  18 01"),
    (QueryRequest(b"\x01", "/a", 300, True), "32 0c  0a 01 01  12 02 2f61  18 ac02  20 01"),
    (
        InitChainRequest(Timestamp(5, 7), "c", b"{}", 1),
        "2a 0f  0a 04 0805 1007  12 01 63  2a 02 7b7d  30 01",
    ),
    (PrepareProposalRequest(128, (b"a", b""), 2), "8201 0a  08 8001  12 01 61  12 00  28 02"),
    (
        VerifyVoteExtensionRequest(b"h", b"v", 3, b"e"),
        "9a01 0b  0a 01 68  12 01 76  18 03  22 01 65",
    ),
    (
        FinalizeBlockRequest((b"a", b"bc"), b"h", 9),
        "a201 0c  0a 01 61  0a 02 6263  22 01 68  28 09",
    ),
]
# Response.exception = 1, info = 4, query = 7, check_tx = 9, offer_snapshot = 14,
# process_proposal = 18, finalize_block = 21: tags 0a, 22, 3a, 4a, 72, 9201, aa01.
RESPONSE_BYTES: list[tuple[Response, str]] = [
    (ExceptionResponse("no"), "0a 04  0a 02 6e6f"),
    (InfoResponse("d", "v", 1, 2, b"r"), "22 0d  0a 01 64  12 01 76  18 01  20 02  2a 01 72"),
    (
        QueryResponse(1, "l", b"k", b"v", ProofOps((ProofOp("t", b"k", b"p"),)), 4, "c"),
        "3a 1d  08 01  1a 01 6c  32 01 6b  3a 01 76  42 0b 0a 09 0a 01 74 12 01 6b 1a 01 70"
        "  48 04  52 01 63",
    ),
    (
        CheckTxResponse(2, b"d", "l", "i", 150, 3, "s"),
        "4a 13  08 02  12 01 64  1a 01 6c  22 01 69  28 9601  30 03  42 01 73",
    ),
    (OfferSnapshotResponse(2), "72 02  08 02"),
    (ProcessProposalResponse(1), "9201 02  08 01"),
    (
        FinalizeBlockResponse((ExecTxResult(code=1, data=b"d", gas_used=-1), ExecTxResult()), b"r"),
        "aa01 17  12 10 08 01 12 01 64 30 ffffffffffffffffff01  12 00  2a 01 72",
    ),
]


@pytest.mark.parametrize(("request_", "raw"), REQUEST_BYTES, ids=str)
def test_requests_are_the_published_bytes(request_: Request, raw: str) -> None:
    assert encode_request(request_).hex() == raw.replace(" ", "")
    assert decode_request(bytes.fromhex(raw)) == request_


@pytest.mark.parametrize(("response", "raw"), RESPONSE_BYTES, ids=str)
def test_responses_are_the_published_bytes(response: Response, raw: str) -> None:
    assert encode_response(response).hex() == raw.replace(" ", "")
    assert decode_response(bytes.fromhex(raw)) == response


def test_fields_that_are_not_declared_are_skipped() -> None:
    """FinalizeBlock as an engine sends it: with commit info (2), misbehavior (3), time (6), hashes
    (7, 8) and the syncing_to_height (9) of CometBFT v1."""
    inner = bytes.fromhex(
        "0a0161  12040801 1200  1a021001  22 0168  2809  32020805  3a 026e76  42 0170  4809"
    )
    raw = bytes.fromhex("a201") + bytes([len(inner)]) + inner
    assert decode_request(raw) == FinalizeBlockRequest((b"a",), b"h", 9)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        pytest.param("", "unknown message", id="empty"),
        pytest.param("3a00", "unknown message", id="begin-block-of-abci-1"),
        pytest.param("aa0100", "unknown message", id="one-past-the-last"),
        pytest.param("0a", "not protobuf", id="cut"),
        pytest.param("0a040a02ff00", "not protobuf", id="no-utf-8"),
        pytest.param("0a05", "not protobuf", id="longer-than-it-is"),
        pytest.param("07", "not protobuf", id="no-such-wire-type"),
        pytest.param("00", "not protobuf", id="no-such-field"),
    ],
)
def test_what_is_no_request_is_refused(raw: str, reason: str) -> None:
    with pytest.raises(ProtocolError) as caught:
        decode_request(bytes.fromhex(raw))
    assert caught.value.reason == reason


def test_the_last_request_of_several_counts() -> None:
    """As protobuf has it for a oneof."""
    assert decode_request(bytes.fromhex("0a040a0268691200")) == FlushRequest()


BOUNDS = {"int32": 2**31, "int64": 2**63, "uint32": 2**32, "uint64": 2**64}
SCALARS: dict[Any, Any] = {str: st.text(), bytes: st.binary(), bool: st.booleans()}


def values(hint: Any, *notes: Any) -> Any:
    """What a field may hold, by its annotation."""
    if hint is int:
        bound = BOUNDS[notes[0]]
        signed = not notes[0].startswith("u")
        return st.integers(-bound if signed else 0, bound - 1)
    if hint in SCALARS:
        return SCALARS[hint]
    inner = hint.__args__[0]
    if type(None) in hint.__args__:
        return st.none() | built(inner)
    return st.lists(values(inner) if inner is bytes else built(inner), max_size=3).map(tuple)


def built(kind: Any) -> Any:
    hints = get_type_hints(kind, include_extras=True)
    fields = [values(hint.__origin__, *hint.__metadata__) for hint in hints.values()]
    return st.tuples(*fields).map(lambda given: kind(*given))


@given(st.one_of([built(kind) for kind in REQUESTS]))
def test_requests_survive_the_way_there_and_back(request_: Request) -> None:
    assert decode_request(encode_request(request_)) == request_


@given(st.one_of([built(kind) for kind in RESPONSES]))
def test_responses_survive_the_way_there_and_back(response: Response) -> None:
    assert decode_response(encode_response(response)) == response


@given(st.binary(max_size=64))
def test_any_bytes_are_a_request_or_refused(raw: bytes) -> None:
    try:
        found = decode_request(raw)
    except ProtocolError:
        return
    assert type(found) in REQUESTS


@given(
    st.one_of([built(kind) for kind in REQUESTS]).map(encode_request), st.integers(0), st.integers()
)
def test_a_damaged_request_is_a_request_or_refused(raw: bytes, place: int, bit: int) -> None:
    damaged = bytearray(raw)
    damaged[place % len(raw)] ^= 1 << bit % 8
    try:
        found = decode_request(bytes(damaged))
    except ProtocolError:
        return
    assert type(found) in REQUESTS


def test_as_many_transactions_as_are_read_and_one_more() -> None:
    """Empty ones: two bytes each, so that a message could have 35 million of them."""
    empty = bytes.fromhex("0a00")
    length = {0: "808080 01", 1: "828080 01"}
    at = bytes.fromhex("a201" + length[0]) + empty * REPEATED_MAX
    past = bytes.fromhex("a201" + length[1]) + empty * (REPEATED_MAX + 1)
    found = decode_request(at)
    assert isinstance(found, FinalizeBlockRequest)
    assert len(found.txs) == REPEATED_MAX == 1_048_576
    with pytest.raises(ProtocolError, match="1,048,577 txs; 1,048,576 are accepted"):
        decode_request(past)


@pytest.mark.parametrize("value", [CheckTxResponse(code=-1), CheckTxResponse(code=2**32)])
def test_a_value_that_its_field_cannot_hold_is_not_sent(value: Response) -> None:
    with pytest.raises(ValueError, match=r"[Oo]ut of range"):
        encode_response(value)


def test_every_request_has_the_response_one_further() -> None:
    """So it is in the published numbering, and a slip would show."""
    names = {kind.__name__.removesuffix("Response"): n for kind, n in RESPONSES.items()}
    for kind, number in REQUESTS.items():
        assert names[kind.__name__.removesuffix("Request")] == number + 1
    assert messages.ExceptionResponse in RESPONSES
