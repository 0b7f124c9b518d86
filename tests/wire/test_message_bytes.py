"""Messages written as they were read: of real blocks, byte for byte, and counts at their edges."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.primitives import InputError
from sealane.wire.decoding import (
    MessageHeader,
    TableLookup,
    WireInstruction,
    WireMessage,
    decode_message,
    decode_transaction,
)
from sealane.wire.message_bytes import compact_u16, message_bytes

from ..real_data import DEEP_CHAINS, INDEPENDENT, MAINNET, block_name, document


@pytest.mark.parametrize("path", [MAINNET, DEEP_CHAINS, INDEPENDENT], ids=block_name)
def test_real_messages_are_written_as_they_were_read(path: Path) -> None:
    versions: set[int | None] = set()
    block = document(path)
    for entry in block.get("result", block)["transactions"]:
        raw = base64.b64decode(entry["transaction"][0])
        wire = decode_transaction(raw)
        versions.add(wire.version)
        message = WireMessage(*wire[1:])
        assert message_bytes(message) == raw[1 + 64 * len(wire.signatures) :]
    assert None in versions


@given(
    version=st.sampled_from([None, 0]),
    sizes=st.tuples(*[st.integers(0, 300)] * 2),
    keys=st.integers(1, 200),
)
def test_what_is_written_is_read_back(
    version: int | None, sizes: tuple[int, int], keys: int
) -> None:
    instructions = tuple([WireInstruction(0, bytes(size), b"\1" * size) for size in sizes])
    lookups = () if version is None else (TableLookup(b"\3" * 32, b"\5\6", b"\7"),)
    static = tuple([bytes((n,)) * 32 for n in range(keys)])
    message = WireMessage(
        version, MessageHeader(1, 0, 0), static, b"\2" * 32, instructions, lookups
    )
    assert decode_message(message_bytes(message)) == message


@pytest.mark.parametrize(
    ("value", "raw"),
    [
        (0, "00"),
        (127, "7f"),
        (128, "8001"),
        (16_383, "ff7f"),
        (16_384, "808001"),
        (65_535, "ffff03"),
    ],
)
def test_counts_at_their_edges(value: int, raw: str) -> None:
    assert compact_u16(value).hex() == raw


def test_a_count_one_past_the_largest() -> None:
    with pytest.raises(InputError, match="65,536, a message counts to 65,535"):
        compact_u16(65_536)
