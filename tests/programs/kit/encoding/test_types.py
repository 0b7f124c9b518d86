"""One value in bytes: every type, both ways, at its limits; what is refused and how."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Annotated, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.primitives import DefinitionError, InputError, ProgramFailure, Pubkey
from sealane.programs import (
    COption,
    DecodeError,
    Option,
    RangeError,
    Rest,
    Size,
    Str64,
    Tag,
    i64,
    u8,
    u16,
    u64,
)
from sealane.programs.kit.encoding.scalar_codecs import IntCodec

from .kinds import INTEGERS, Colour, Point, Wide, codec, resolve

integers = pytest.mark.parametrize(("kind", "bits", "signed"), INTEGERS)


@integers
def test_integers_at_their_limits(kind: Any, bits: int, signed: bool) -> None:
    low = -(2 ** (bits - 1)) if signed else 0
    high = 2 ** (bits - 1 if signed else bits) - 1
    here = codec(kind)
    assert here.size == bits // 8
    for value in (low, low + 1, 0, 1, high - 1, high):
        raw = here.encode(value)
        assert raw == value.to_bytes(bits // 8, "little", signed=signed)
        assert here.decode(b"\xff" + raw, 1) == (value, 1 + len(raw))
    for value in (low - 1, high + 1, 10**5000, -(10**5000)):
        with pytest.raises(RangeError):
            here.encode(value)
        with pytest.raises(InputError):
            here.from_json(value, resolve)


@integers
@pytest.mark.parametrize(
    "value", [True, False, 1.0, "1", None, b"\x01", np.uint64(1), np.int8(1), np.bool_(True), 1j]
)
def test_only_int_is_an_integer(kind: Any, bits: int, signed: bool, value: object) -> None:
    del bits, signed
    with pytest.raises(RangeError, match="must be an int"):
        codec(kind).encode(value)


@pytest.mark.parametrize("value", [-1, 2**64, True, 1.0, np.uint64(1), np.int64(-1)])
def test_the_range_errors_of_a_u64_field(value: Any) -> None:
    point = Point(x=1, y=2)
    with pytest.raises(RangeError):
        point.y = value
    with pytest.raises(RangeError):
        Point(y=value)
    assert point == Point(x=1, y=2)


@pytest.mark.parametrize(
    ("written", "value"), [(5, 5), ("5", 5), ("1_000", 1000), ("-7", -7), (-7, -7)]
)
def test_integers_in_json(written: Any, value: int) -> None:
    assert codec(i64).from_json(written, resolve) == value


@pytest.mark.parametrize(
    "written",
    [
        "",
        "-",
        "--1",
        "1.0",
        "1e3",
        "0x10",
        "１",
        "²",
        " 1",
        "nan",
        1.0,
        True,
        None,
        [],
        {},
        "9" * 5000,
    ],
)
def test_what_is_no_integer_in_json(written: Any) -> None:
    with pytest.raises(InputError):
        codec(u64).from_json(written, resolve)


def test_bool() -> None:
    here = codec(bool)
    assert here.encode(True) == b"\x01"
    assert here.decode(b"\x00", 0) == (False, 1)
    for value in (1, 0, None, np.bool_(True), "true"):
        with pytest.raises(RangeError):
            here.encode(value)
        with pytest.raises(InputError):
            here.from_json(value, resolve)
    with pytest.raises(DecodeError, match="byte 2"):
        here.decode(b"\x02", 0)


def test_pubkey() -> None:
    here = codec(Pubkey)
    alice = Pubkey.of("alice")
    assert here.encode("alice") == here.encode(alice) == here.encode(bytes(alice)) == alice
    decoded, end = here.decode(bytearray(alice), 0)
    assert (decoded, type(decoded), end) == (alice, Pubkey, 32)
    for value in (b"short", 5, None):
        with pytest.raises(RangeError):
            here.encode(value)
    assert here.from_json("alice", resolve) == alice
    assert here.to_json(alice) == str(alice)
    with pytest.raises(InputError):
        here.from_json(5, resolve)


def test_an_enum_takes_one_byte_or_as_many_as_its_tag() -> None:
    here = codec(Colour)
    assert here.encode(Colour.Red) == b"\x01"
    assert here.decode(b"\x00", 0) == (Colour.Blue, 1)
    assert here.default() is Colour.Blue  # what zero bytes stand for, not the first one named
    assert here.from_json("red", resolve) is Colour.Red
    assert here.to_json(Colour.Red) == "red"
    assert codec(Annotated[Colour, Tag(4)]).encode(Colour.Red) == b"\x01\0\0\0"
    assert codec(Annotated[Wide, Tag(2)]).decode(b"\x2c\x01", 0) == (Wide.Far, 2)
    with pytest.raises(DecodeError, match="2 is no Colour"):
        here.decode(b"\x02", 0)
    for value in (1, "red", Wide.Near):
        with pytest.raises(RangeError):
            here.encode(value)
    with pytest.raises(InputError, match="red, blue"):
        here.from_json("green", resolve)


class Textual(Enum):
    A = "a"


class Mixed(Enum):
    A = 0
    B = 1.5


class Empty(Enum):
    pass


@pytest.mark.parametrize("members", [Wide, Textual, Mixed, Empty])
def test_an_enum_that_does_not_fit_its_tag_fails_where_it_is_declared(members: type[Enum]) -> None:
    with pytest.raises(DefinitionError, match=f"here: {members.__name__}"):
        codec(members)


def test_fixed_bytes() -> None:
    here = codec(Annotated[bytes, Size(3)])
    assert here.encode(bytearray(b"abc")) == b"abc"
    assert here.decode(b"abcd", 1) == (b"bcd", 4)
    assert here.default() == b"\0\0\0"
    for value in (b"ab", b"abcd", "abc", 3, None):
        with pytest.raises(RangeError):
            here.encode(value)
    assert here.from_json("hex:010203", resolve) == b"\1\2\3"
    assert here.from_json("base64:AQID", resolve) == b"\1\2\3"
    assert here.from_json("abc", resolve) == b"abc"
    assert here.to_json(b"\1\2\3") == "hex:010203"
    for written in ("hex:0", "hex:zz", "base64:*", "base64:é", 5, None):
        with pytest.raises(InputError):
            here.from_json(written, resolve)


def test_fixed_arrays() -> None:
    here = codec(Annotated[list[u16], Size(3)])
    assert here.size == 6
    assert here.encode([1, 2, 3]) == here.encode((1, 2, 3)) == b"\1\0\2\0\3\0"
    assert here.decode(b"\1\0\2\0\3\0", 0) == ((1, 2, 3), 6)
    assert here.from_json([1], resolve) == [1, 0, 0]
    for value in ([1, 2], [1, 2, 3, 4], 5, None, {1, 2, 3}):
        with pytest.raises(RangeError):
            here.encode(value)
    with pytest.raises(RangeError):
        here.encode([1, 2, 2**16])
    for written in ([1, 2, 3, 4], 5, "abc"):
        with pytest.raises(InputError):
            here.from_json(written, resolve)


@pytest.mark.parametrize("count", [-1, True, 1.0])
def test_a_size_that_is_none(count: Any) -> None:
    with pytest.raises(DefinitionError, match="here"):
        codec(Annotated[bytes, Size(count)])
    with pytest.raises(DefinitionError, match="here"):
        codec(Annotated[list[u8], Size(count)])


def test_options() -> None:
    borsh, spl = codec(Option[u16]), codec(COption[u16])
    assert (borsh.size, spl.size) == (None, 6)
    assert borsh.encode(None) == b"\0"
    assert borsh.encode(7) == b"\1\7\0"
    assert spl.encode(None) == bytes(6)
    assert spl.encode(7) == b"\1\0\0\0\7\0"
    assert borsh.decode(b"\0", 0) == (None, 1)
    assert borsh.decode(b"\1\7\0", 0) == (7, 3)
    assert spl.decode(bytes(6), 0) == (None, 6)
    # The room behind the tag of a None may hold anything: SPL Token leaves old values there.
    assert spl.decode(b"\0\0\0\0\xff\xff", 0) == (None, 6)
    for here, raw in ((borsh, b"\2\0\0"), (spl, b"\2\0\0\0\0\0"), (spl, b"\1\1\0\0\0\0")):
        with pytest.raises(DecodeError, match="option tag"):
            here.decode(raw, 0)
    assert borsh.from_json(None, resolve) is None
    assert borsh.from_json("7", resolve) == 7


def test_text_bytes_and_lists_behind_a_length() -> None:
    assert codec(str).encode("hé") == b"\3\0\0\0h\xc3\xa9"
    assert codec(Str64).encode("h") == b"\1" + bytes(7) + b"h"
    assert codec(bytes).encode(b"\7") == b"\1\0\0\0\7"
    assert codec(list[u16]).encode([7, 8]) == b"\2\0\0\0\7\0\10\0"
    assert codec(Rest).encode(b"\7") == b"\7"
    assert codec(Rest).decode(b"abc", 1) == (b"bc", 3)
    assert codec(list[str]).decode(b"\1\0\0\0\1\0\0\0h", 0) == (("h",), 9)
    with pytest.raises(DecodeError, match="UTF-8"):
        codec(str).decode(b"\1\0\0\0\xff", 0)
    with pytest.raises(DecodeError, match="does not fit"):
        codec(list[u8]).decode(b"\xff\xff\xff\xff\0", 0)


@pytest.mark.parametrize(
    ("annotation", "value"),
    [
        (str, b"bytes"),
        (str, 5),
        (str, "\ud800"),
        (Str64, "\ud800"),
        (bytes, "text"),
        (bytes, 5),
        (bytes, [1, 2]),
        (list[u8], 5),
        (list[u8], None),
        (list[u8], {1}),
        (list[u8], iter([1])),
        (list[u8], [256]),
        (Option[u8], "x"),
        (COption[u8], 256),
        (Point, 5),
        (Point, {"x": 1}),
    ],
)
def test_values_of_another_type(annotation: Any, value: object) -> None:
    with pytest.raises(ProgramFailure):
        codec(annotation).encode(value)


KINDS: list[Any] = [kind for kind, _, _ in INTEGERS] + [
    bool,
    Pubkey,
    Colour,
    Annotated[Wide, Tag(2)],
    Annotated[bytes, Size(3)],
    Annotated[list[u16], Size(3)],
    Option[u16],
    COption[Pubkey],
    str,
    Str64,
    bytes,
    list[u16],
    list[str],
    Option[list[Option[u8]]],
    Point,
    list[Point],
    Annotated[list[Point], Size(2)],
]


@pytest.mark.parametrize("annotation", KINDS)
@given(raw=st.binary(max_size=80))
def test_any_bytes_decode_to_a_value_or_a_decode_error(annotation: Any, raw: bytes) -> None:
    here = codec(annotation)
    try:
        value, end = here.decode(raw, 0)
    except DecodeError:
        return
    assert 0 <= end <= len(raw)
    again, end_again = here.decode(here.encode(value), 0)
    assert again == value
    assert end_again == len(here.encode(value))
    assert here.size in (None, end)


@pytest.mark.parametrize("annotation", KINDS)
def test_every_truncation_is_a_decode_error(annotation: Any) -> None:
    here = codec(annotation)
    samples: list[Callable[[], Any]] = [here.default]
    if annotation in (str, Str64):
        samples.append(lambda: "hello")
    for sample in samples:
        raw = here.encode(sample())
        for length in range(len(raw)):
            with pytest.raises(DecodeError):
                here.decode(raw[:length], 0)


@pytest.mark.parametrize("annotation", KINDS)
def test_the_default_is_what_zero_bytes_stand_for(annotation: Any) -> None:
    here = codec(annotation)
    assert here.decode(bytes(200), 0)[0] == here.default()


@pytest.mark.parametrize("annotation", KINDS)
def test_defaults_survive_json(annotation: Any) -> None:
    here = codec(annotation)
    written = here.to_json(here.default())
    assert here.encode(here.from_json(written, resolve)) == here.encode(here.default())


@pytest.mark.parametrize(
    ("annotation", "remedy"),
    [
        (int, "u8 … u256"),
        (float, "u64 in the smallest unit"),
        (object, "has no fixed encoding"),
        (dict[str, int], "has no fixed encoding"),
        (list[float], "u64 in the smallest unit"),
        (Option[int], "u8 … u256"),
        (Annotated[list[float], Size(2)], "u64 in the smallest unit"),
        (int | None, "Option"),
        (list, "list\\[u64\\]"),
        ("u64", "has no fixed encoding"),
        (None, "has no fixed encoding"),
        (Annotated[int, Tag(4)], "Enum"),
        (Annotated[int, Size(4)], "u8 … u256"),
        (Annotated[Colour, Tag(0)], "Tag"),
        (Annotated[Colour, Tag(17)], "Tag"),
    ],
)
def test_an_annotation_without_encoding_names_the_remedy(annotation: Any, remedy: str) -> None:
    with pytest.raises(DefinitionError, match=f"^here: .*{remedy}"):
        codec(annotation)


def test_only_integers_that_c_knows_have_a_struct() -> None:
    assert IntCodec(8).struct is not None
    assert IntCodec(16).struct is None
    assert IntCodec(32).struct is None
