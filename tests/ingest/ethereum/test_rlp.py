"""RLP within bounds: what the library encodes is read back, and nothing else is read."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.errors import InputError
from sealane.ingest.ethereum import rlp
from sealane.ingest.ethereum.rlp import (
    RLP_DEPTH_MAX,
    RlpItem,
    as_rlp_bytes,
    as_rlp_integer,
    as_rlp_list,
    decode_rlp,
    decode_rlp_list,
    encode_rlp,
)
from sealane.primitives.keccak import keccak_hex

HOSTILE_S = 5  # quadratic copies of this input would take minutes

ITEMS: st.SearchStrategy[RlpItem] = st.recursive(
    st.binary(max_size=70), lambda inner: st.lists(inner, max_size=6), max_leaves=30
)


@given(ITEMS)
def test_what_is_encoded_is_read_back(item: RlpItem) -> None:
    assert decode_rlp(encode_rlp(item), "list") == item


@given(st.binary(max_size=40))
def test_every_item_has_one_encoding(raw: bytes) -> None:
    try:
        item = decode_rlp(raw, "list")
    except InputError:
        return
    assert encode_rlp(item) == raw


@given(ITEMS, st.data())
def test_what_is_cut_short_is_refused(item: RlpItem, data: st.DataObject) -> None:
    raw = encode_rlp(item)
    length = data.draw(st.integers(0, len(raw) - 1))
    with pytest.raises(InputError, match="list: not RLP"):
        decode_rlp(raw[:length], "list")


def nested(depth: int) -> bytes:
    raw = b"\xc0"
    for _ in range(depth - 1):
        raw = bytes([0xC0 + len(raw)]) + raw
    return raw


def test_lists_may_be_so_deep_and_no_deeper() -> None:
    decode_rlp(nested(RLP_DEPTH_MAX), "list")
    with pytest.raises(InputError, match=f"lists more than {RLP_DEPTH_MAX} deep"):
        decode_rlp(nested(RLP_DEPTH_MAX + 1), "list")


def test_there_may_be_so_many_items_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rlp, "RLP_ITEMS_MAX", 10)
    decode_rlp(encode_rlp([b""] * 9), "list")
    with pytest.raises(InputError, match="more than 10 items"):
        decode_rlp(encode_rlp([b""] * 10), "list")


def test_a_long_list_of_short_items_takes_no_quadratic_time() -> None:
    raw = encode_rlp([b""] * 300_000)
    begun = time.monotonic()
    assert decode_rlp(raw, "list") == [b""] * 300_000
    assert time.monotonic() - begun < HOSTILE_S


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("", "no bytes"),
        ("8180", None),
        ("817f", r"\(byte 0\)"),
        ("b8", "truncated"),
        ("b800", "one spelling"),
        ("b83700", "cut short"),
        ("c180ff", "1 bytes follow"),
        ("bfffffffffffffffff", "cut short"),
        ("ffffffffffffffffff", "cut short"),
        ("f80180", "a short list with a long length"),
        ("c2c280", r"cut short.*\(byte 1\)"),
    ],
)
def test_faults_say_what_and_where(raw: str, said: str | None) -> None:
    if said is None:
        decode_rlp(bytes.fromhex(raw), "raw")
        return
    with pytest.raises(InputError, match=said):
        decode_rlp(bytes.fromhex(raw), "raw")


def test_items_are_what_they_must_be() -> None:
    assert as_rlp_integer(b"", "nonce") == 0
    assert as_rlp_integer(b"\x01\x00", "nonce") == 256
    bad: list[tuple[RlpItem, str]] = [([], "a list"), (b"\0", "leading"), (b"123456789", "9")]
    for item, said in bad:
        with pytest.raises(InputError, match=f"^nonce: .*{said}"):
            as_rlp_integer(item, "nonce", bits=64)
    with pytest.raises(InputError, match="to: expected 0 or 20 bytes, found 1"):
        as_rlp_bytes(b"a", "to", (0, 20))
    with pytest.raises(InputError, match="raw: expected a list, found 1 bytes"):
        decode_rlp_list(b"a", "raw")
    assert as_rlp_list([b""], "raw") == [b""]


def test_the_hash_is_keccak_and_not_sha3() -> None:
    # keccak(rlp([])), the ommers' hash of every block since the Merge.
    ommers = "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347"
    assert keccak_hex(encode_rlp([])) == ommers
