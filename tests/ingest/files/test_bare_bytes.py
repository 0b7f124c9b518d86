"""Which files hold bare bytes, or hex digits, and not text."""

from __future__ import annotations

import pytest

from sealane.ingest.files.bare_bytes import bare_content, is_bare
from sealane.primitives import InputError

BYTES = bytes.fromhex("f90100") + bytes(range(256))


def test_bytes_and_their_hex_are_the_same_content() -> None:
    written = (BYTES.hex(), "0x" + BYTES.hex(), "0X" + BYTES.hex().upper() + "\n")
    for raw in (BYTES, *(text.encode() for text in written)):
        assert is_bare(raw)
        assert bare_content(raw, "block.rlp") == BYTES


def test_hex_may_be_broken_into_lines() -> None:
    digits = BYTES.hex().encode()
    assert bare_content(digits[:80] + b"\n" + digits[80:], "block.hex") == BYTES


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "[]",
        "sealane: 1",
        "façade: 1",
        "é: {}",
        "état",
        "0x",
        "",
        "\ufeff{}",
        "ff: 1",
        "c0ffee!",
    ],
)
def test_text_is_text(text: str) -> None:
    assert not is_bare(text.encode())


@pytest.mark.parametrize("first", [0xED, 0xEF, 0xFD, 0xFE, 0xFF])
def test_other_formats_start_with_other_bytes(first: int) -> None:
    assert not is_bare(bytes([first]) + b"7zXZ\0")


@pytest.mark.parametrize("length", [0, 1, 55])
def test_a_short_list_is_as_long_as_it_says(length: int) -> None:
    raw = bytes([0xC0 + length]) + bytes(length)
    assert is_bare(raw)
    assert bare_content(raw, "block.rlp") == raw
    assert not is_bare(raw + b"\0")
    assert not is_bare(raw[:-1])


@pytest.mark.parametrize("digits", [b"f90", b"0x" + b"f9" * 40 + b"zz"])
def test_digits_that_are_no_hex(digits: bytes) -> None:
    assert is_bare(digits)
    with pytest.raises(InputError, match="no hex"):
        bare_content(digits, "block.hex")
