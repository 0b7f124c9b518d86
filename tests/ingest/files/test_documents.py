"""Strict YAML and JSON: what they read as, and the line of every part."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from sealane.ingest.files.document import (
    DEPTH_MAX,
    Pointer,
    Value,
    build,
    locate,
)
from sealane.ingest.files.json_reader import json_events, read_json
from sealane.ingest.files.yaml_reader import read_yaml
from sealane.primitives import InputError
from sealane.primitives.literals import INTEGER_DIGITS_MAX

words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=8)
documents = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**127), 2**127) | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=20,
)


def parse_yaml(text: str) -> Value:
    return read_yaml(text.encode(), "test.yaml").value


def parse_json(text: str) -> Value:
    return read_json(text, "test.json").value


PARSERS: list[Callable[[str], Value]] = [parse_yaml, parse_json]


@pytest.mark.slow
@given(documents, st.sampled_from([None, 0, 2]), st.booleans())
def test_json_reads_as_with_the_standard_library(
    value: Value, indent: int | None, ascii_only: bool
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    assert parse_json(text) == value
    # The scanner that finds lines reads the same.
    assert build(json_events(text, "test.json"), "test.json") == value


class Dumper(yaml.SafeDumper):
    """Quotes what has digits: by YAML 1.1, as PyYAML has it, `0E0` is text without quotes, too."""


def _dumped(_dumper: Dumper, text: str) -> yaml.Node:
    has_digits = any(letter.isdigit() for letter in text)
    return yaml.ScalarNode("tag:yaml.org,2002:str", text, style='"' if has_digits else None)


Dumper.add_representer(str, _dumped)


@given(documents)
@example("0E0")
def test_yaml_reads_what_was_dumped(value: Value) -> None:
    assert parse_yaml(yaml.dump(value, Dumper=Dumper)) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("false", False),
        ("yes", "yes"),
        ("Off", "Off"),
        ("null", None),
        ("~", None),
        ("", None),
        ("'null'", "null"),
        ("12", 12),
        ("+12", "+12"),
        ("-0", "-0"),
        ("-12", -12),
        ("1_000", 1000),
        ("5_000_000_000", 5_000_000_000),
        ("1__0", "1__0"),
        ("_1", "_1"),
        ("010", "010"),
        ("0x10", "0x10"),
        ("0o10", "0o10"),
        ("1:30", "1:30"),
        ("2024-01-01", "2024-01-01"),
        ("1.2.3", "1.2.3"),
        ("e9", "e9"),
        ("'1.0'", "1.0"),
        ('"1e9"', "1e9"),
        ("=", "="),
        ("NaN", "NaN"),
    ],
)
def test_plain_scalars_follow_the_core_schema(text: str, value: Value) -> None:
    read = parse_yaml(f"key: {text}\n")
    assert read == {"key": value}
    assert isinstance(read, dict)
    assert type(read["key"]) is type(value)


@pytest.mark.parametrize("text", ["1.0", ".5", "1.", "1e9", "1E+9", "1_0.5", "-1.5e-3", ".inf"])
def test_plain_floats_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="is a floating-point number"):
        parse_yaml(f"key: {text}\n")


def test_keys_are_text_as_written() -> None:
    assert parse_yaml("1_000: a\ntrue: b\nnull: c\n1.0: d\n") == {
        "1_000": "a",
        "true": "b",
        "null": "c",
        "1.0": "d",
    }


def test_only_the_zipf_exponent_may_be_a_float() -> None:
    assert parse_yaml("generate: {zipf: 1.1}\n") == {"generate": {"zipf": 1.1}}
    assert parse_json('{"generate": {"zipf": 1.1}}') == {"generate": {"zipf": 1.1}}
    for text in ('{"zipf": 1.1}', '{"generate": {"n": 1.1}}', '[{"generate": {"zipf": 1.1}}]'):
        for read in PARSERS:
            with pytest.raises(InputError, match="is a floating-point number"):
                read(text)


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_depth_has_a_limit(opening: str, closing: str) -> None:
    at_limit = opening * DEPTH_MAX + "1" + closing * DEPTH_MAX
    beyond = opening + at_limit + closing
    assert parse_json(at_limit) == parse_yaml(at_limit.replace(":", ": "))
    for read in PARSERS:
        with pytest.raises(InputError, match=f"nested more than {DEPTH_MAX} deep"):
            read(beyond.replace(":", ": "))


@pytest.mark.parametrize("unit", ["[", "{a: ", "- ", "[\n ", "[ {a: ", "x:\n"])
@pytest.mark.parametrize("count", [DEPTH_MAX + 1, 999, 1000, 1001, 5000])
def test_the_depth_limit_does_not_depend_on_the_parsers_release(unit: str, count: int) -> None:
    """libyaml has one of its own since 0.2.6, and says so before it gives the events."""
    if unit == "x:\n":
        text = "".join(f"{' ' * depth}{unit}" for depth in range(count)) + f"{' ' * count}1\n"
    else:
        text = unit * count
    with pytest.raises(InputError, match=f"nested more than {DEPTH_MAX} deep") as caught:
        parse_yaml(f"sealane: 1\ndeep:\n {text}" if unit != "x:\n" else text)
    deepest = DEPTH_MAX + 1 if "\n" in unit else 3
    assert caught.value.line is not None
    assert abs(caught.value.line - deepest) <= 2


def test_an_error_after_deep_closed_text_is_unchanged() -> None:
    deep = "[" * (DEPTH_MAX - 1) + "]" * (DEPTH_MAX - 1)
    for text in (f"a: {deep}\nb: ]", f"a: [{', '.join([deep[1:-1]] * 3)}\nb: '"):
        with pytest.raises(InputError, match="not valid YAML: "):
            parse_yaml(text)


def test_integers_have_a_limit_in_digits() -> None:
    at_limit = "9" * INTEGER_DIGITS_MAX
    for text in (at_limit, f"-{at_limit}"):
        assert parse_json(text) == parse_yaml(text) == int(text)
    for read in PARSERS:
        with pytest.raises(
            InputError,
            match=f"an integer of {INTEGER_DIGITS_MAX + 1} digits, {INTEGER_DIGITS_MAX} at most",
        ):
            read(f"{at_limit}9")


YAML_TEXT = """\
sealane: 1

accounts:
  alice: {lamports: 1,
          owner: token}
  # a comment
  bob:
    data:
      - 7
      - [8,
         9]
transactions:
- id: pay
  payer: alice
-
  id: back
"""

JSON_TEXT = """\
{"sealane": 1, "text": "two\\nlines", "a":
 {"b": [1, {"c": 2},

  [3]],
  "d": {}}
}"""


@pytest.mark.parametrize(
    ("pointer", "line"),
    [
        ((), 1),
        (("sealane",), 1),
        (("accounts",), 3),
        (("accounts", "alice", "lamports"), 4),
        (("accounts", "alice", "owner"), 5),
        (("accounts", "bob", "data", 0), 9),
        (("accounts", "bob", "data", 1, 1), 11),
        (("transactions", 0), 13),
        (("transactions", 0, "payer"), 14),
        (("transactions", 1, "id"), 16),
        (("accounts", "alice", "data", "layout"), 4),  # its nearest parent there is
        (("transactions", 7), 12),
    ],
)
def test_lines_of_yaml(pointer: Pointer, line: int) -> None:
    assert read_yaml(YAML_TEXT.encode(), "f").locate(pointer) == line


@pytest.mark.parametrize(
    ("pointer", "line"),
    [
        ((), 1),
        (("a",), 1),
        (("a", "b", 0), 2),
        (("a", "b", 1, "c"), 2),
        (("a", "b", 2), 4),
        (("a", "b", 2, 0), 4),
        (("a", "d"), 5),
        (("a", "d", "e"), 5),
    ],
)
def test_lines_of_json(pointer: Pointer, line: int) -> None:
    assert read_json(JSON_TEXT, "f").locate(pointer) == line


def pointers(value: Value, at: Pointer = ()) -> list[Pointer]:
    found = [at]
    if isinstance(value, dict):
        for key, item in value.items():
            found += pointers(item, (*at, key))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            found += pointers(item, (*at, position))
    return found


@given(documents)
def test_every_part_of_indented_json_has_its_own_line(value: Value) -> None:
    """With an indent each part starts a line: in document order, the line numbers rise."""
    text = json.dumps(value, indent=1)
    lines = [locate(json_events(text, "f"), pointer) for pointer in pointers(value)]
    assert lines == sorted(set(lines), key=lambda line: line or 0)
