"""Integers and bytes have one spelling: what Python reads beside it is refused, and told."""

from __future__ import annotations

import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.primitives.literals import (
    INTEGER_DIGITS_MAX,
    LiteralError,
    read_base64,
    read_hex,
    read_integer,
    read_zeros,
)


@given(st.integers(-(10**INTEGER_DIGITS_MAX) + 1, 10**INTEGER_DIGITS_MAX - 1))
def test_integers_read_as_they_are_written(number: int) -> None:
    assert read_integer(str(number)) == number
    assert read_integer(f"{number:_}") == number


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        *[("010", 10), ("1__0", 10), ("_1", 1), ("1_", 1), ("+5", 5), ("-0", 0), ("00", 0)],
        *[("0_1", 1), (" 5", 5), ("5\n", 5), ("-_5", -5), ("१२", 12), ("５", 5), ("-007", -7)],
    ],
)
def test_another_spelling_of_an_integer_is_refused_with_the_right_one(
    text: str, meant: int
) -> None:
    with pytest.raises(LiteralError, match=rf"^write {meant} \("):
        read_integer(text)


@pytest.mark.parametrize(
    "text", ["", "-", "_", "0x10", "1e3", "1.0", "1 0", "²", "½", "--1", "1,0"]
)
def test_text_that_is_no_integer_is_refused_with_the_rule(text: str) -> None:
    with pytest.raises(LiteralError, match=r"^write plain decimal digits"):
        read_integer(text)


def test_digits_have_a_limit() -> None:
    most = "9" * INTEGER_DIGITS_MAX
    assert read_integer(f"-{most}") == -int(most)
    for text in (f"1{most}", f"-1{most}", "1" * 5000):
        with pytest.raises(LiteralError, match=f"{INTEGER_DIGITS_MAX} digits at most"):
            read_integer(text)


@given(st.binary(max_size=40))
def test_bytes_read_as_they_are_written(raw: bytes) -> None:
    assert read_hex(raw.hex()) == read_hex(raw.hex().upper()) == raw
    assert read_base64(base64.b64encode(raw).decode()) == raw


@given(st.text("ABab01+/=", max_size=9))
def test_base64_has_one_spelling(text: str) -> None:
    try:
        raw = read_base64(text)
    except LiteralError:
        return
    assert base64.b64encode(raw).decode() == text


@pytest.mark.parametrize(
    ("text", "meant"), [("AB==", "AA=="), ("AAB=", "AAA="), ("AAAA//==", "AAAA/w==")]
)
def test_bits_that_no_byte_uses_must_be_zero(text: str, meant: str) -> None:
    with pytest.raises(LiteralError, match=re.escape(f"write {meant} ")):
        read_base64(text)


@pytest.mark.parametrize(
    "text",
    ["AAAA=", "AAAA====", "AAAA==", "A", "AA", "AA=", "====", "A A=", "AA==\n", "AA-_", "éA=="],
)
def test_text_that_is_no_base64_is_refused(text: str) -> None:
    with pytest.raises(LiteralError, match="write "):
        read_base64(text)


@pytest.mark.parametrize("text", ["a", "0x", "ab cd", "ab ", "é0", "१२"])
def test_text_that_is_no_hex_is_refused(text: str) -> None:
    with pytest.raises(LiteralError, match="two digits"):
        read_hex(text)


def test_zeros_by_their_count() -> None:
    assert read_zeros("0", 8) == b""
    assert read_zeros("8", 8) == bytes(8)


@pytest.mark.parametrize("text", ["9", "-1", "", "x", "1.0"])
def test_a_count_of_zeros_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(LiteralError, match=r"0 to 8 bytes|write"):
        read_zeros(text, 8)
