"""Messages after their lengths: each bound at it and one past it, however the bytes are cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.node.abci.errors import ProtocolError
from sealane.node.abci.framing import MESSAGE_LEN_MAX, FrameBuffer, framed


@pytest.mark.parametrize(
    ("length", "prefix"),
    [(0, "00"), (1, "01"), (127, "7f"), (128, "8001"), (300, "ac02"), (16_384, "808001")],
)
def test_lengths_are_varints(length: int, prefix: str) -> None:
    assert framed(bytes(length)) == bytes.fromhex(prefix) + bytes(length)


@given(st.lists(st.binary(max_size=300)), st.lists(st.integers(1, 200)), st.integers(1, 5))
def test_messages_come_out_as_they_went_in(
    messages: list[bytes], cuts: list[int], count: int
) -> None:
    stream = b"".join(map(framed, messages))
    buffer = FrameBuffer()
    found: list[bytes] = []
    while stream:
        size = cuts.pop() if cuts else len(stream)
        buffer.feed(stream[:size])
        stream = stream[size:]
        while taken := buffer.take(count):
            assert len(taken) <= count
            found += taken
    assert found == messages
    assert buffer.empty


def test_the_longest_message_and_one_past_it() -> None:
    buffer = FrameBuffer(message_len_max=300)
    buffer.feed(framed(bytes(300)))
    assert buffer.take(1) == [bytes(300)]
    buffer.feed(bytes.fromhex("ad02"))
    with pytest.raises(ProtocolError, match=r"a message of 301 bytes; 300 are accepted") as caught:
        buffer.take(1)
    assert caught.value.reason == "too long"


def test_the_default_bound_at_it_and_one_past_it() -> None:
    at, past = framed(bytes(MESSAGE_LEN_MAX)), framed(bytes(MESSAGE_LEN_MAX + 1))
    buffer = FrameBuffer()
    buffer.feed(at[:10])
    assert buffer.take(1) == []
    buffer = FrameBuffer()
    buffer.feed(past[:4])
    with pytest.raises(ProtocolError, match="are accepted"):
        buffer.take(1)


@pytest.mark.parametrize("raw", ["8080808001", "ffffffff", "ffffffffffffffffffff01"])
def test_a_length_of_too_many_bytes_is_refused(raw: str) -> None:
    buffer = FrameBuffer()
    buffer.feed(bytes.fromhex(raw))
    with pytest.raises(ProtocolError, match="2\\^28 and more"):
        buffer.take(1)


@pytest.mark.parametrize("raw", ["8000", "818000", "85800012"])
def test_a_length_that_is_not_at_its_shortest_is_refused(raw: str) -> None:
    buffer = FrameBuffer()
    buffer.feed(bytes.fromhex(raw))
    with pytest.raises(ProtocolError, match="shortest"):
        buffer.take(1)


def test_messages_before_garbage_are_given_first() -> None:
    buffer = FrameBuffer(message_len_max=127)
    buffer.feed(framed(b"one") + framed(b"two") + b"\xff\xff")
    assert buffer.take(8) == [b"one", b"two"]
    with pytest.raises(ProtocolError):
        buffer.take(8)


@given(st.binary())
def test_any_bytes_are_messages_or_refused(raw: bytes) -> None:
    buffer = FrameBuffer(message_len_max=50)
    buffer.feed(raw)
    try:
        found = buffer.take(1_000)
    except ProtocolError:
        return
    assert b"".join(map(framed, found)) == raw[: sum(len(framed(each)) for each in found)]
