"""What programs offer, as values: true of every program, and examples that a fixture takes."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

import pytest
import yaml

from sealane.ingest.building.build import build_fixture
from sealane.ingest.files.document import Document
from sealane.ingest.fixture.reader import read_fixture
from sealane.programs import (
    Address,
    Arg,
    At,
    COption,
    Distinct,
    Errors,
    HasOne,
    Known,
    Layout,
    Mut,
    Option,
    Owner,
    Program,
    ProgramAccount,
    Pubkey,
    Rest,
    Seeds,
    Signer,
    Size,
    Str64,
    Tag,
    UncheckedAccount,
    builtin_programs,
    fail,
    i16,
    require,
    u8,
    u64,
    u128,
    u256,
)
from sealane.programs.kit.program.description import (
    InstructionDescription,
    describe_instruction,
    describe_program,
)
from sealane.programs.kit.program.instruction import InstructionSpec
from sealane.programs.kit.program.program_set import ProgramSet
from sealane.programs.kit.program.type_text import type_text


class Colour(Enum):
    Red = 0
    Blue = 7


class ShopError(Errors):
    Closed = 1, "the shop is closed"
    Broke = 2, "no money"
    Unused = 3, "nothing fails so"


class Point(Layout):
    x: u64
    y: u8


class Shop(Layout, discriminator=b"SHOP"):
    """A shop."""

    authority: Pubkey
    sold: Annotated[u64, At(40)] = 5
    names: list[str]
    motto: str


shop = Program("shop", errors=ShopError, layouts=[Shop], about="sells things", compute_units=7)


def check_open(state: Shop) -> None:
    require(state.sold == 0, ShopError.Closed)


@shop.instruction(tag=0, compute_units=3)
def sell(
    state: Annotated[Mut[Shop], HasOne("authority", error=ShopError.Broke)],
    authority: Signer,
    rent: Annotated[UncheckedAccount, Address("rent")],
    ledger: Annotated[UncheckedAccount, Known("system")],
    own: Annotated[UncheckedAccount, Seeds(b"own", "authority"), Distinct("rent")],
    other: Annotated[UncheckedAccount, Owner("token")],
    target: ProgramAccount,
    friend: UncheckedAccount | None,
    rest: list[Signer],
    colour: Colour,
    big: Annotated[Colour, Tag(4)],
    point: Arg[Point],
    raw: Annotated[bytes, Size(4)],
    three: Annotated[list[u64], Size(3)],
    keys: list[Pubkey],
    maybe: Option[u64],
    set_aside: COption[i16],
    text: Str64,
    large: u128,
    largest: u256,
    yes: bool,
    tail: Rest,
) -> None:
    """Sell something.

    And more.
    """
    check_open(state)


@shop.instruction(tag=1)
def close(times: u8 = 3) -> None:
    fail(ShopError.Closed)


ALL = [spec for program in (*builtin_programs(), shop) for spec in program.instructions.values()]


def built(example: str, programs: ProgramSet) -> None:
    """Raise InputError unless the example can stand in a fixture."""
    text = f"sealane: 1\ntransactions:\n  - payer: zoe\n    instructions:\n      {example}\n"
    document = Document("example", yaml.safe_load(text), lambda _: None)
    build_fixture(read_fixture(document), programs)


@pytest.mark.parametrize("spec", ALL, ids=lambda spec: spec.full_name)
def test_every_example_can_stand_in_a_fixture(spec: InstructionSpec) -> None:
    described = describe_instruction(spec)
    assert described.example.startswith(f"- {spec.full_name}: {{")
    built(described.example, ProgramSet([*builtin_programs(), shop]))


@pytest.mark.parametrize("program", builtin_programs(), ids=lambda program: program.name)
def test_the_library_says_what_everything_is_for(program: Program) -> None:
    described = describe_program(program)
    assert described.about
    assert [each.name for each in described.instructions if not each.doc] == []
    assert [each.name for each in described.layouts if not each.doc] == []


def test_accounts_say_what_is_declared() -> None:
    accounts = {each.name: each for each in describe_instruction(sell).accounts}
    state, ledger, own = accounts["state"], accounts["ledger"], accounts["own"]
    assert (state.writable, state.signer, state.required) == (True, False, True)
    assert (state.kind, state.layout, state.owner) == ("shop.Shop", "shop.Shop", "shop")
    assert state.constraints == ("has the key of authority in its field authority",)
    assert (accounts["authority"].signer, accounts["authority"].kind) == (
        True,
        "any account that signs",
    )
    assert (accounts["rent"].default, ledger.default) == ("rent", "system")
    assert not accounts["rent"].required
    assert not ledger.required
    assert own.constraints == (
        "its key derives from b'own', authority",
        "is another account than rent",
    )
    assert (own.required, own.default) == (False, None)
    assert accounts["other"].constraints == ("belongs to token",)
    assert accounts["target"].kind == "a program"
    assert (accounts["friend"].optional, accounts["friend"].required) == (True, False)
    assert (accounts["rest"].several, accounts["rest"].signer) == (True, True)
    assert [each.position for each in accounts.values()] == list(range(9))


def test_errors_are_those_of_signature_and_code() -> None:
    named = [error.full_name for error in describe_instruction(sell).errors]
    assert named == [
        "shop.Closed",
        "shop.Broke",
        "InvalidArgument",
        "InvalidInstructionData",
        "InvalidAccountData",
        "MissingRequiredSignature",
        "DuplicateAccountIndex",
        "NotEnoughAccountKeys",
        "AccountNotExecutable",
        "InvalidSeeds",
        "InvalidAccountOwner",
    ]


def test_units_tag_doc_and_defaults() -> None:
    described: InstructionDescription = describe_instruction(sell)
    assert (described.compute_units, described.tag) == (10, "00")
    assert described.doc == "Sell something.\n\nAnd more."
    (times,) = describe_instruction(close).arguments
    assert (times.required, times.default) == (False, "3")
    assert describe_instruction(close).example == "- shop.close: {}"


def test_layouts_have_offsets_until_a_length_varies() -> None:
    (layout,) = describe_program(shop).layouts
    assert (layout.full_name, layout.doc, layout.size) == ("shop.Shop", "A shop.", 48)
    assert (layout.fixed, layout.discriminator) == (False, b"SHOP".hex())
    assert [(each.name, each.offset, each.default) for each in layout.fields] == [
        ("authority", 4, '"11111111111111111111111111111111"'),
        ("sold", 40, "5"),
        ("names", 48, "[]"),
        ("motto", None, '""'),
    ]


@pytest.mark.parametrize(
    ("argument", "name", "encoding"),
    [
        ("colour", "Colour", "1 byte: 0 red, 7 blue"),
        ("big", "Colour", "4 bytes: 0 red, 7 blue"),
        ("point", "Point", "9 bytes: x, y"),
        ("raw", "bytes[4]", "4 bytes"),
        ("three", "list[u64][3]", "3 × u64, each 8 bytes, little-endian"),
        ("keys", "list[Pubkey]", "a count of 4 bytes, then each 32 bytes"),
        (
            "maybe",
            "Option[u64]",
            "a tag of 1 byte, 0 or 1, then the value if 1: 8 bytes, little-endian",
        ),
        (
            "set_aside",
            "COption[i16]",
            "a tag of 4 bytes, 0 or 1, then room for the value: 2 bytes, little-endian, "
            "two's complement",
        ),
        ("text", "str", "a length of 8 bytes, then UTF-8"),
        ("large", "u128", "16 bytes, little-endian"),
        ("largest", "u256", "32 bytes, little-endian"),
        ("yes", "bool", "1 byte, 0 or 1"),
        ("tail", "bytes", "the bytes, all that is left"),
    ],
)
def test_types_in_words(argument: str, name: str, encoding: str) -> None:
    text = type_text(sell.codecs[argument])
    assert (text.name, text.encoding) == (name, encoding)
