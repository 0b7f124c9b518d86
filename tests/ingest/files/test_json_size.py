"""How deep a JSON text nests and how many values it holds, told before any is made."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.ingest.files import json_size, jsonl_reader, yaml_reader
from sealane.ingest.files.document import Value
from sealane.ingest.files.json_size import (
    check_values,
    count_at_most,
    count_values,
    nesting_depth,
)
from sealane.ingest.read_input import read_input
from sealane.primitives import InputError

# Quotes, backslashes and brackets in strings are what a count could trip over.
words = st.text(st.sampled_from('a"\\[]{},é'), max_size=6)
documents = st.recursive(
    st.none() | st.integers(-5, 5) | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=20,
)
VALUES_MAX = 100


def values_of(value: Value) -> int:
    """As counted: an empty list or object twice."""
    if not isinstance(value, dict | list):
        return 1
    parts = value.values() if isinstance(value, dict) else value
    return 1 + (sum(map(values_of, parts)) if parts else 1)


def depth_of(value: Value) -> int:
    if not isinstance(value, dict | list):
        return 0
    parts = value.values() if isinstance(value, dict) else value
    return 1 + max(map(depth_of, parts), default=0)


@pytest.mark.parametrize("chunk_len", [1, 7, 1 << 20])
@given(value=documents, indent=st.sampled_from([None, 1]))
def test_values_and_depth_are_those_of_the_document(
    chunk_len: int, value: Value, indent: int | None
) -> None:
    raw = json.dumps(value, indent=indent, ensure_ascii=False).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_size, "_CHUNK_LEN", chunk_len)
        assert count_values(raw) == values_of(value)
        assert nesting_depth(raw) == depth_of(value)
    assert count_at_most(raw) >= count_values(raw)


def test_commas_and_brackets_in_strings_are_not_counted() -> None:
    raw = json.dumps(["[" * 1000, '"]}\\,' * 1000, {"c\\": [1]}]).encode()
    assert nesting_depth(raw) == 3
    check_values(raw, "some.json", values_max=6)
    with pytest.raises(InputError, match="more than 5 values"):
        check_values(raw, "some.json", values_max=5)


@pytest.fixture
def few_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_values, "__defaults__", (VALUES_MAX,))
    monkeypatch.setattr(jsonl_reader, "JSONL_VALUES_MAX", VALUES_MAX)
    monkeypatch.setattr(yaml_reader, "YAML_VALUES_MAX", VALUES_MAX)


def fixture_of(transactions: int, extension: str) -> str:
    """A fixture of so many transactions, each of 4 values and, for YAML, their keys."""
    lines = [json.dumps({"id": f"n{i}", "writes": ["a"]}) for i in range(transactions)]
    if extension == ".jsonl":
        return "\n".join(['{"sealane": 1}', *lines])
    text = f'{{"sealane": 1, "transactions": [{", ".join(lines)}]}}'
    return text.replace('"', "") if extension == ".yaml" else text


@pytest.mark.usefixtures("few_values")
@pytest.mark.parametrize(("extension", "count_max"), [(".json", 24), (".jsonl", 24), (".yaml", 15)])
def test_a_file_of_more_values_than_the_limit_is_refused(
    extension: str, count_max: int, tmp_path: Path
) -> None:
    path = tmp_path / f"many{extension}"
    path.write_text(fixture_of(count_max, extension))
    read_input(path)
    path.write_text(fixture_of(count_max + 1, extension))
    with pytest.raises(InputError, match=f"more than {VALUES_MAX} values in the file") as caught:
        read_input(path)
    assert caught.value.path == str(path)


@pytest.mark.usefixtures("few_values")
@pytest.mark.parametrize("joint", [",", ",\n"])
def test_a_block_of_more_values_than_the_limit_is_refused(joint: str, tmp_path: Path) -> None:
    header = '{"blockhash": "a", "previousBlockhash": "b", "parentSlot": 1, "transactions": ['
    path = tmp_path / "block.json"
    path.write_text(f"{header}{joint.join(['[]'] * 200)}]}}")
    with pytest.raises(InputError, match=f"more than {VALUES_MAX} values in the file"):
        read_input(path)
