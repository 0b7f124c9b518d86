"""The schema with programs: it accepts what builds with them, and refuses what editors should."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, cast

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.ingest.building.build import build_fixture
from sealane.ingest.building.program_schema import program_schema
from sealane.ingest.files.document import Document, Value
from sealane.ingest.fixture.reader import read_fixture
from sealane.primitives import InputError
from sealane.programs import (
    Arg,
    COption,
    Errors,
    Layout,
    Mut,
    Option,
    Program,
    Pubkey,
    RestStr,
    Signer,
    Size,
    UncheckedAccount,
    builtin_programs,
    i16,
    u8,
    u64,
)
from sealane.programs.kit.encoding.byte_codecs import FixedBytesCodec, StrCodec
from sealane.programs.kit.encoding.codec import Codec
from sealane.programs.kit.encoding.compound_codecs import ArrayCodec, ListCodec, OptionCodec
from sealane.programs.kit.encoding.scalar_codecs import (
    BoolCodec,
    EnumCodec,
    IntCodec,
    PubkeyCodec,
)
from sealane.programs.kit.program.instruction import InstructionSpec
from sealane.programs.kit.program.program_set import ProgramSet
from sealane.programs.kit.program.type_text import nested_layout

REPOSITORY = Path(__file__).parents[3]


class Kind(Enum):
    Dark = 0
    Key_2 = 9


class Point(Layout):
    x: u64
    y: i16


class Chest(Layout):
    kind: Kind
    corner: Point
    keys: Annotated[list[Pubkey], Size(2)]
    owner_key: COption[Pubkey]
    names: list[str]


class ChestError(Errors):
    Locked = 1, "it is locked"


chests = Program("chests", layouts=[Chest], errors=ChestError)


@chests.instruction(tag=0)
def fill(
    chest: Mut[Chest],
    by: Signer,
    friend: UncheckedAccount | None,
    others: list[UncheckedAccount],
    kind: Kind,
    corner: Arg[Point],
    yes: bool,
    raw: Annotated[bytes, Size(2)],
    pair: Annotated[list[u8], Size(2)],
    keys: list[Pubkey],
    maybe: Option[u64],
    note: RestStr,
) -> None: ...


@chests.instruction(tag=1)
def close(times: u8 = 3) -> None: ...


PROGRAMS = ProgramSet([*builtin_programs(), chests])
SCHEMA = program_schema(PROGRAMS)
SPECS = [spec for program in PROGRAMS for spec in program.instructions.values()]
accepts = cast(
    "Callable[[object], bool]",
    jsonschema.Draft202012Validator(SCHEMA).is_valid,  # pyright: ignore[reportUnknownMemberType]
)
names = st.sampled_from(["alice", "bob", "So11111111111111111111111111111111111111112"])


def values_of(codec: Codec) -> st.SearchStrategy[Any]:
    """What a fixture may have for it."""
    match codec:
        case IntCodec():
            numbers = st.integers(codec.low, codec.high)
            return numbers | numbers.map(str)
        case BoolCodec():
            return st.booleans()
        case PubkeyCodec():
            return names
        case EnumCodec():
            members = [member.name for member in codec.members]
            spelled = [*members, *map(str.lower, members), *map(str.upper, members)]
            return st.sampled_from([*spelled, *(name.replace("k", "\u212a") for name in spelled)])
        case OptionCodec():
            return st.none() | values_of(codec.inner)
        case FixedBytesCodec():
            return st.binary(min_size=codec.width, max_size=codec.width).map(
                lambda raw: f"hex:{raw.hex()}"
            )
        case ArrayCodec():
            return st.lists(values_of(codec.inner), max_size=min(codec.count, 2))
        case ListCodec():
            return st.lists(values_of(codec.inner), max_size=2)
        case StrCodec():
            return st.text("ab:", max_size=3)
        case _:
            layout = nested_layout(codec)
            return st.just("base64:AAAA") if layout is None else fields_of(layout)


def fields_of(layout: type[Layout]) -> st.SearchStrategy[dict[str, Any]]:
    fields = layout.fixture_fields()
    optional = {name: values_of(field.codec) for name, field in fields.items()}
    return st.fixed_dictionaries({}, optional=optional)


def calls_of(spec: InstructionSpec) -> st.SearchStrategy[dict[str, Any]]:
    needed: dict[str, st.SearchStrategy[Any]] = {}
    optional: dict[str, st.SearchStrategy[Any]] = {}
    for account in spec.accounts:
        given_as = names | st.lists(names, max_size=2) if account.variadic else names
        if account.dispensable:
            optional[account.name] = given_as | st.none()
        else:
            needed[account.name] = given_as
    for argument in spec.arguments:
        into = optional if argument.dispensable else needed
        into[argument.name] = values_of(argument.codec)
    call = st.fixed_dictionaries(needed, optional=optional)
    return call.map(lambda values: {spec.full_name: values})


calls = st.sampled_from(SPECS).flatmap(calls_of)
layouts: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [(p, layout) for p in PROGRAMS for layout in p.layouts.values()]
).flatmap(
    lambda pair: fields_of(pair[1]).map(
        lambda fields: {"layout": f"{pair[0].name}.{pair[1].layout_name}", **fields}
    )
)
outcomes: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [{"ok": True}, {"error": "chests.Locked"}, {"error": "CallDepth"}, {"error": "token.Overflow"}]
)
transactions: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {"instructions": st.lists(calls, max_size=2), "payer": names}, optional={"expect": outcomes}
)
parts: dict[str, st.SearchStrategy[Any]] = {
    "sealane": st.just(1),
    "accounts": layouts.map(lambda data: {"carol": {"data": data}}),
    "transactions": st.lists(transactions, max_size=2),
}
fixtures: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(parts)


def is_built(value: Value) -> bool:
    try:
        build_fixture(read_fixture(Document("test", value, lambda _: None)), PROGRAMS)
    except InputError:
        return False
    return True


def test_it_is_a_schema_and_plain_json() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA


@given(value=fixtures)
def test_calls_and_layouts_that_fit_are_accepted(value: dict[str, Any]) -> None:
    assert accepts(value)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every part, as container and key."""
    items: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        items = list(cast("dict[Any, Any]", value).items())
    elif isinstance(value, list):
        items = list(enumerate(cast("list[Any]", value)))
    inner = [place for _, part in items for place in places(part)]
    return [*((cast(Any, value), key) for key, _ in items), *inner]


@given(value=fixtures, data=st.data())
def test_what_the_schema_refuses_does_not_build(value: dict[str, Any], data: st.DataObject) -> None:
    changed = copy.deepcopy(value)
    container, key = data.draw(st.sampled_from(places(changed)))
    if data.draw(st.booleans()):
        junk: list[Any] = [None, True, -1, 2**64, "", "x", "01", "hex:0", [], {}, ["bob"]]
        container[key] = data.draw(st.sampled_from(junk))
    elif isinstance(container, dict):
        container["odd"] = 1
    if is_built(changed):
        assert accepts(changed)


def fixture(call: dict[str, Any], **account: Any) -> dict[str, Any]:
    transaction = {"payer": "alice", "instructions": [call]}
    return {"sealane": 1, "accounts": {"carol": account}, "transactions": [transaction]}


PAY = {"source": "alice", "destination": "bob", "lamports": 5}


@pytest.mark.parametrize(
    ("call", "fits"),
    [
        ({"system.transfer": PAY}, True),
        ({"system.transfer": PAY | {"lamports": "1_000"}}, True),
        ({"system.transfer": PAY | {"lamports": -1}}, False),
        ({"system.transfer": PAY | {"lamports": True}}, False),
        ({"system.transfer": PAY | {"lamport": 5}}, False),
        ({"system.transfer": {"source": "alice", "lamports": 5}}, False),
        ({"system.transfer": PAY | {"destination": ["bob"]}}, False),
        ({"system.transfre": PAY}, False),
        ({"other.transfer": {"whatever": 5}}, True),
        ({"chests.close": None}, True),
        ({"chests.close": {"times": 256}}, False),
        ({"program": "system", "data": "hex:00"}, True),
    ],
)
def test_calls(call: dict[str, Any], fits: bool) -> None:
    assert accepts(fixture(call)) is fits
    if "other.transfer" not in call:
        assert is_built(fixture(call)) is fits


@pytest.mark.parametrize(
    ("data", "fits"),
    [
        ({"layout": "token.Account", "amount": 5, "state": "Frozen"}, True),
        ({"layout": "token.Account", "amount": 2**64}, False),
        ({"layout": "token.Account", "amuont": 5}, False),
        ({"layout": "token.Acount"}, False),
        ({"layout": "other.State", "anything": 5}, True),
        ({"amount": 5}, False),
        ("hex:00", True),
    ],
)
def test_layouts(data: Any, fits: bool) -> None:
    assert accepts(fixture({"system.transfer": PAY}, data=data)) is fits


@pytest.mark.parametrize(
    ("error", "fits"),
    [("token.Overflow", True), ("token.Overflw", False), ("other.Wrong", True), ("Custom", True)],
)
def test_errors(error: str, fits: bool) -> None:
    value = fixture({"system.transfer": PAY})
    value["transactions"][0]["expect"] = {"error": error}
    assert accepts(value) is fits


def test_editors_get_words_and_choices() -> None:
    definitions = SCHEMA["$defs"]
    transfer = definitions["token.transfer"]
    assert transfer["description"].startswith("Move `amount`")
    assert transfer["required"] == ["source", "destination", "authority", "amount"]
    assert transfer["properties"]["source"]["description"] == "writable"
    assert transfer["properties"]["amount"]["description"].startswith("u64: an integer")
    owners = definitions["account"]["properties"]["owner"]["anyOf"][0]["enum"]
    assert {"system", "token", "chests"} <= set(owners)
    assert "chests.Locked" in definitions["outcome"]["properties"]["error"]["anyOf"][1]["enum"]


def test_without_programs_it_has_no_program_names() -> None:
    value = fixture({"system.transfer": {"whatever": 1}})
    alone = jsonschema.Draft202012Validator(program_schema([chests]))
    assert alone.is_valid(value)  # pyright: ignore[reportUnknownMemberType]
