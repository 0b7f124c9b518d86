"""Layouts as values: where fields lie, defaults, equality, JSON, tails, nested layouts."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.primitives import InputError, ProgramFailure, Pubkey
from sealane.programs import (
    At,
    COption,
    DecodeError,
    Layout,
    Program,
    RangeError,
    Size,
    u8,
    u16,
    u32,
    u64,
    u128,
)

ALICE = Pubkey.of("alice")


def resolve(name: str) -> Pubkey:
    return Pubkey.of(name)


class Packed(Layout):
    flag: bool
    count: u64
    key_of_it: Pubkey
    big: u128
    maybe: COption[u32]
    three: Annotated[list[u16], Size(3)]


class Placed(Layout, size=32, discriminator=b"PLACED", name="Spot"):
    first: u8
    second: Annotated[u64, At(16)]

    KIND: ClassVar[int] = 3


class Inner(Layout):
    low: u8
    high: u8


class Outer(Layout):
    before: u8
    inner: Inner
    after: u8


class Tailed(Layout):
    count: u64
    name: str
    items: list[u16]


class WithDefaults(Layout):
    count: u64 = 7
    name: str = "none"
    plain: list[u8]


def test_fields_lie_packed_in_order_of_declaration() -> None:
    offsets = [field.offset for field in Packed.layout_fields.values()]
    assert offsets == [0, 1, 9, 41, 57, 65]
    assert Packed.layout_size == 71
    value = Packed(flag=True, count=2, key_of_it=ALICE, big=3, maybe=4, three=[5, 6, 7])
    assert value.encode() == (
        b"\1" + b"\2" + bytes(7) + ALICE + b"\3" + bytes(15) + b"\1\0\0\0\4\0\0\0" + b"\5\0\6\0\7\0"
    )
    assert Packed.decode(value.encode()) == value
    assert len(Packed().encode()) == 71


def test_size_offset_and_discriminator_place_fields_otherwise() -> None:
    value = Placed(first=1, second=2)
    assert value.encode() == b"PLACED\1" + bytes(9) + b"\2" + bytes(15)
    assert Placed.layout_name == "Spot"
    assert Placed.layout_size == 32
    assert list(Placed.layout_fields) == ["first", "second"]


def test_bytes_that_are_another_layout() -> None:
    raw = Placed().encode()
    for wrong in (b"OTHERS" + raw[6:], raw[:31], b""):
        with pytest.raises(DecodeError):
            Placed.decode(wrong)
    assert Placed.matches(raw + b"more")
    assert Placed.decode(raw + b"more") == Placed()


def test_padding_survives_writes_and_takes_no_part_in_equality() -> None:
    raw = bytearray(Placed(first=1).encode())
    raw[10] = raw[31] = 0xEE
    value = Placed.decode(raw)
    assert value == Placed(first=1)
    value.second = 5
    assert value.encode()[10] == value.encode()[31] == 0xEE


def test_equality_is_by_type_and_fields() -> None:
    assert Inner(low=1) == Inner(low=1, high=0)
    assert Inner(low=1) != Inner(low=2)
    assert Inner() != Outer()
    assert Inner() != b"\0\0"
    with pytest.raises(TypeError, match="unhashable"):
        hash(Inner())
    assert repr(Inner(low=1, high=2)) == "Inner(low=1, high=2)"


def test_unknown_fields() -> None:
    with pytest.raises(TypeError, match="no field 'hihg'; it has low, high"):
        Inner(hihg=1)
    with pytest.raises(InputError, match="'hihg'"):
        Inner.from_json({"hihg": 1}, resolve)


def test_a_misspelt_field_is_not_written_to_nowhere() -> None:
    value: Any = Inner()
    with pytest.raises(AttributeError, match="hihg"):
        value.hihg = 1
    assert not hasattr(value, "__dict__")


def test_declared_defaults() -> None:
    assert WithDefaults().values() == {"count": 7, "name": "none", "plain": ()}
    assert WithDefaults(count=1).count == 1
    assert WithDefaults.from_json({}, resolve) == WithDefaults()
    value = WithDefaults(count=1, name="a long name")
    value.initialize()
    assert value == WithDefaults()


def test_initialize_writes_every_field_and_knows_their_names() -> None:
    value = Placed(first=1, second=2)
    value.initialize(second=5)
    assert value == Placed(second=5)
    with pytest.raises(TypeError, match="no field 'secnod'"):
        value.initialize(secnod=5)
    tailed = Tailed()
    tailed.initialize(name="much longer than before", items=[1, 2, 3])
    assert tailed == Tailed(name="much longer than before", items=[1, 2, 3])


def test_a_nested_layout_is_a_copy_that_refuses_writes() -> None:
    value = Outer(before=1, inner=Inner(low=2, high=3), after=4)
    assert value.encode() == b"\1\2\3\4"
    assert value.inner == Inner(low=2, high=3)
    with pytest.raises(ProgramFailure, match="ReadonlyDataModified"):
        value.inner.low = 9
    value.inner = Inner(low=9)
    assert value.encode() == b"\1\x09\0\4"


def test_a_nested_value_never_reaches_into_its_neighbours() -> None:
    longer = Inner.decode(b"\1\2\3\4\5")  # as an account that is longer than its layout
    value = Outer(after=7)
    value.inner = longer
    assert value.encode() == b"\0\1\2\7"
    assert Outer(inner=longer, after=7).encode() == b"\0\1\2\7"

    class Wider(Inner):
        more: u32

    value.inner = Wider(low=8, high=9, more=2**32 - 1)
    assert value.encode() == b"\0\x08\x09\7"


def test_fields_are_inherited() -> None:
    class Base(Layout, discriminator=b"BASE"):
        first: u8

    class Derived(Base):
        second: u8

    assert Derived(first=1, second=2).encode() == b"BASE\1\2"
    assert Base(first=1).encode() == b"BASE\1"


def test_tails_move_what_lies_behind_them() -> None:
    value = Tailed(count=1, name="ab", items=[7])
    assert value.encode() == b"\1" + bytes(7) + b"\2\0\0\0ab" + b"\1\0\0\0\7\0"
    value.name = "abcdef"
    assert value == Tailed(count=1, name="abcdef", items=[7])
    value.items = [1, 2, 3]
    value.name = ""
    assert value == Tailed(count=1, name="", items=[1, 2, 3])
    assert Tailed.decode(value.encode()) == value
    assert len(value.encode()) == 8 + 4 + 4 + 6


texts = st.text(st.characters(codec="utf-8"), max_size=20)
lists = st.lists(st.integers(0, 2**16 - 1), max_size=8)


@given(start=texts, items=lists, writes=st.lists(texts | lists, max_size=8))
def test_tails_after_any_writes_are_as_if_made_anew(
    start: str, items: list[int], writes: list[str | list[int]]
) -> None:
    value = Tailed(count=2**64 - 1, name=start, items=items)
    for write in writes:
        if isinstance(write, str):
            start = value.name = write
        else:
            value.items = items = write
    assert value.encode() == Tailed(count=2**64 - 1, name=start, items=items).encode()
    assert Tailed.from_json(_fields(value), resolve) == value


def _fields(value: Layout) -> dict[str, Any]:
    return {name: item for name, item in value.to_json().items() if name != "layout"}


packed_values = st.builds(
    Packed,
    flag=st.booleans(),
    count=st.integers(0, 2**64 - 1),
    key_of_it=st.binary(min_size=32, max_size=32),
    big=st.integers(0, 2**128 - 1),
    maybe=st.none() | st.integers(0, 2**32 - 1),
    three=st.lists(st.integers(0, 2**16 - 1), min_size=3, max_size=3),
)


@given(packed_values)
def test_values_survive_bytes_and_json(value: Packed) -> None:
    assert Packed.decode(value.encode()) == value
    assert Packed.from_json(_fields(value), resolve) == value
    assert Packed(**value.values()) == value


def test_json_says_which_layout_it_is() -> None:
    class Mine(Layout):
        inner: Inner
        who: Pubkey

    assert Mine().to_json()["layout"] == "Mine"
    Program("someones", layouts=[Mine])
    written = Mine(inner=Inner(low=1), who="alice").to_json()
    assert written == {
        "layout": "someones.Mine",
        "inner": {"low": 1, "high": 0},
        "who": str(ALICE),
    }
    fields = {"inner": {"low": "1"}, "who": "alice"}
    assert Mine.from_json(fields, resolve) == Mine(inner=Inner(low=1), who=ALICE)


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"inner": {"low": 256}}, "inner: low: 256"),
        ({"inner": {"lwo": 1}}, "inner: Inner has no field 'lwo'"),
        ({"inner": 5}, "inner: 5"),
        ({"before": -1}, "before: -1"),
        ({"before": 1.0}, "before: 1.0"),
    ],
)
def test_json_that_does_not_fit_names_the_field(fields: dict[str, Any], place: str) -> None:
    with pytest.raises(InputError, match=place):
        Outer.from_json(fields, resolve)


def test_a_failed_write_changes_nothing() -> None:
    value = Packed(count=1, three=[1, 2, 3])
    before = value.encode()
    for name, wrong in [
        ("count", 2**64),
        ("three", [1, 2, 2**16]),
        ("three", [1]),
        ("flag", 1),
        ("maybe", -1),
        ("big", 1.0),
        ("key_of_it", b"short"),
    ]:
        with pytest.raises(RangeError):
            setattr(value, name, wrong)
        assert value.encode() == before
    tailed = Tailed(name="x")
    with pytest.raises(RangeError):
        tailed.items = [1, 2**16]
    assert tailed == Tailed(name="x")


class Holder(Layout, discriminator=b"HOLD"):
    amount: u64


def test_a_value_by_itself_can_be_viewed() -> None:
    holder = Holder(amount=7)
    assert Holder.view(holder).amount == 7
    assert Packed.view(Packed()).flag is False


def test_a_value_by_itself_that_does_not_fit_names_no_account() -> None:
    with pytest.raises(ProgramFailure, match="has 2 bytes of data, Holder needs 12") as raised:
        Holder.view(Inner(low=1, high=2))
    assert raised.value.account is None


def test_asking_for_the_rights_of_a_view_asks_for_no_key() -> None:
    holder = Holder(amount=7)  # of no account: its key would be refused
    assert (holder.is_writable, holder.is_signer) == (True, False)
