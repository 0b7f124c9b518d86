"""Files of labels: what they say, and what is refused where."""

from __future__ import annotations

from pathlib import Path

import pytest

from sealane.ingest.files.labels import (
    LABEL_LEN_MAX,
    given_labels,
    read_label_files,
    read_labels,
)
from sealane.primitives import InputError, UsageError

FORM = "a file of labels is a mapping, KEY: LABEL"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("labels.yaml", "# mine\nalice: the payer\n'1': one\n"),
        ("labels.json", '{"alice": "the payer", "1": "one"}'),
        ("labels", '{"alice": " the payer ", "1": "one"}'),
        ("labels.txt", "{alice: the payer, 1: one}"),
    ],
)
def test_yaml_and_json_say_the_same(name: str, content: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    assert read_labels(path) == {"alice": "the payer", "1": "one"}
    assert given_labels(str(path)) == read_labels(content.encode())


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", f": the file is empty; {FORM}"),
        (" \n", f": the file is empty; {FORM}"),
        ("[a]", f":1: expected a mapping, found a list; {FORM}"),
        ("alice", f":1: expected a mapping, found the text 'alice'; {FORM}"),
        ("a: b\nc:\n", ":2: c: expected a label, found nothing; write text, in quotes"),
        ("a: b\n\nc: 1\n", ":3: c: expected a label, found 1; write text, in quotes"),
        ('{"a":\n"b", "c": ["d"]}', ":2: c: expected a label, found a list; write text, in quotes"),
        ("a: '  '", ":1: a: the label is empty; write one, or remove the line"),
        (
            'a: "x\\e[31m"',
            ":1: a: 'x\\x1b[31m' has characters that cannot be printed; write it without them",
        ),
        (
            f"a: {'y' * 3_000}",
            f":1: a: '{'y' * 59}…' has 3,000 characters; a label has at most {LABEL_LEN_MAX}",
        ),
        ("a: b\na: c", ":2: the key 'a' appears twice in one mapping; remove or rename one"),
        (f"{'k' * 201}: b", f":1: {'k' * 59}…: '{'k' * 59}…' is no name; a name has 1 to 200 "),
    ],
)
def test_a_bad_file_is_refused_with_its_place(content: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "labels"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_labels(path)
    assert str(caught.value).startswith(f"{path}{message}")


def test_a_label_of_the_greatest_length_is_taken() -> None:
    longest = "y" * LABEL_LEN_MAX
    assert read_labels(f"a: {longest}".encode()) == {"a": longest}


def test_later_files_override_earlier_ones(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_text("{a: one, b: one}", encoding="utf-8")
    second.write_text("{b: two}", encoding="utf-8")
    assert read_label_files([str(first), str(second)]) == {"a": "one", "b": "two"}
    assert read_label_files([]) == {}


def test_a_mapping_is_held_to_the_same_rules() -> None:
    assert given_labels({"a": " b "}) == {"a": "b"}
    assert given_labels(None) == {}
    with pytest.raises(UsageError, match=r"^labels: a: the label is empty"):
        given_labels({"a": ""})
    with pytest.raises(UsageError, match=r"^labels: a: expected a label, found 7"):
        given_labels({"a": 7})  # pyright: ignore[reportArgumentType] - as untyped code may
