"""Mistakes in a layout fail where it is defined, with file, line, field and remedy."""

# pyright: reportUnusedClass=false
from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Annotated

import pytest

from sealane.primitives import DefinitionError
from sealane.programs import At, Layout, Option, Program, Size, u8, u64


class Big(Enum):
    Far = 300


def plain_int() -> None:
    class Wrong(Layout):
        count: int


def a_float() -> None:
    class Wrong(Layout):
        count: float


def no_encoding() -> None:
    class Wrong(Layout):
        count: dict[str, str]


def name_of_every_account() -> None:
    class Wrong(Layout):
        lamports: u64  # pyright: ignore[reportIncompatibleMethodOverride]


def name_of_a_method() -> None:
    class Wrong(Layout):
        values: u64  # pyright: ignore[reportIncompatibleMethodOverride, reportAssignmentType]


def name_of_a_class_argument() -> None:
    class Wrong(Layout):
        discriminator: u64  # pyright: ignore[reportIncompatibleVariableOverride]


def too_small() -> None:
    class Wrong(Layout, size=7):
        count: u64


def size_with_a_tail() -> None:
    class Wrong(Layout, size=100):
        name: str


def overlap() -> None:
    class Wrong(Layout):
        count: u64
        other: Annotated[u8, At(7)]


def behind_a_tail() -> None:
    class Wrong(Layout):
        maybe: Option[u8]
        count: u64


def behind_an_inherited_tail() -> None:
    class Base(Layout):
        name: str

    class Wrong(Base):
        count: u64


def discriminator_over_inherited_fields() -> None:
    class Base(Layout):
        count: u64

    class Wrong(Base, discriminator=b"WRONG"):
        more: u64


def default_that_does_not_fit() -> None:
    class Wrong(Layout):
        count: u64 = -1


def default_of_another_type() -> None:
    class Wrong(Layout):
        count: u64 = 1.0  # pyright: ignore[reportAssignmentType]


def enum_that_does_not_fit() -> None:
    class Wrong(Layout):
        state: Big


def negative_size() -> None:
    class Wrong(Layout):
        raw: Annotated[bytes, Size(-1)]


def field_twice() -> None:
    class Base(Layout):
        count: u64

    class Wrong(Base):
        count: u64


@pytest.mark.parametrize(
    ("define", "field", "remedy"),
    [
        (plain_int, ".count", "u8 … u256"),
        (a_float, ".count", "u64 in the smallest unit"),
        (no_encoding, ".count", "use u64"),
        (name_of_every_account, ".lamports", "rename the field"),
        (name_of_a_method, ".values", "rename the field"),
        (name_of_a_class_argument, ".discriminator", "rename the field"),
        (too_small, "", "take 8 bytes"),
        (size_with_a_tail, "", "varying length"),
        (overlap, ".other", "8 bytes are taken"),
        (behind_a_tail, ".count", "move it before"),
        (behind_an_inherited_tail, ".count", "move it before"),
        (discriminator_over_inherited_fields, "", "discriminator"),
        (default_that_does_not_fit, ".count", "default"),
        (default_of_another_type, ".count", "default"),
        (enum_that_does_not_fit, ".state", "Tag"),
        (negative_size, ".raw", "0 or more"),
        (field_twice, ".count", "count"),
    ],
)
def test_the_message_names_line_field_and_remedy(
    define: Callable[[], None], field: str, remedy: str
) -> None:
    with pytest.raises(DefinitionError, match=remedy) as caught:
        define()
    message = str(caught.value)
    assert f"{Path(__file__).name}:" in message
    line = int(message.split(f"{Path(__file__).name}:")[1].split(":")[0])
    first = define.__code__.co_firstlineno
    assert first < line < first + 8
    assert f"Wrong{field}" in message


def test_a_name_that_is_nowhere() -> None:
    scope: dict[str, object] = {"Layout": Layout, "__name__": "nowhere"}
    code = "class Wrong(Layout):\n    count: 'Missing'\n"
    with pytest.raises(DefinitionError, match=r"Missing.*import the type"):
        exec(compile(code, "nowhere.py", "exec"), scope)


def test_two_layouts_of_one_name_in_a_program() -> None:
    class First(Layout, name="Same"):
        count: u64

    class Second(Layout, name="Same"):
        count: u8

    with pytest.raises(DefinitionError, match=r"two layouts.*'Same'"):
        Program("twice", layouts=[First, Second])
