"""The JSON Schema: it accepts what the reader accepts. (What it refuses: test_bad_*.py.)"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.ingest.files.document import Document, Value
from sealane.ingest.files.yaml_reader import read_yaml
from sealane.ingest.fixture.account_reader import ACCOUNT_KEYS
from sealane.ingest.fixture.expectation_reader import (
    EXPECT_KEYS,
    EXPECTED_ACCOUNT_KEYS,
    OUTCOME_KEYS,
)
from sealane.ingest.fixture.reader import (
    FEE_KEYS,
    FIXTURE_KEYS,
    GENERATE_KEYS,
    RULE_KEYS,
    read_fixture,
)
from sealane.ingest.fixture.schema import json_schema
from sealane.ingest.fixture.transaction_reader import META_KEYS, RAW_KEYS, TRANSACTION_KEYS
from sealane.primitives import InputError

SCHEMA = json_schema()
Accepts = Callable[[object], bool]
REPOSITORY = Path(__file__).parent.parent.parent

u64s = st.integers(0, 2**64 - 1).flatmap(lambda value: st.sampled_from([value, str(value)]))
names = st.sampled_from(["alice", "bob", "1", "So11111111111111111111111111111111111111112"])
raw_data = st.binary(max_size=5).map(lambda raw: f"hex:{raw.hex()}") | st.just("base64:AAAA")
layouts = st.fixed_dictionaries({"layout": st.just("token.Account")}, optional={"amount": u64s})
accounts = st.none() | st.fixed_dictionaries(
    {},
    optional={
        "lamports": u64s,
        "owner": names,
        "data": st.none() | raw_data | layouts,
        "executable": st.booleans(),
    },
)
metas = st.fixed_dictionaries(
    {"key": names}, optional={"signer": st.booleans(), "writable": st.booleans()}
)
instructions = st.fixed_dictionaries(
    {"program": names}, optional={"accounts": st.lists(metas, max_size=2), "data": raw_data}
) | st.just({"system.transfer": {"source": "alice", "lamports": 1}})
outcomes = st.sampled_from(
    [{"ok": True}, {"ok": False}, {"error": "CallDepth"}, {"error": "token.OwnerMismatch"}]
)
common = {"payer": names, "expect": outcomes, "fee": u64s, "cost": st.integers(0, 2**32 - 1)}
transactions = st.fixed_dictionaries(
    {"instructions": st.lists(instructions, max_size=2)}, optional=common
) | st.fixed_dictionaries({"writes": st.lists(names)}, optional={"reads": st.lists(names)})
expectations = st.fixed_dictionaries(
    {},
    optional={
        "accounts": st.dictionaries(
            names,
            st.fixed_dictionaries({}, optional={"lamports": u64s, "data": raw_data | layouts}),
        ),
        "lamports_conserved": st.booleans(),
    },
)
generated: st.SearchStrategy[Any] = st.sampled_from(
    [
        {"n": 100_000, "accounts": 10_000, "program": "system.transfer", "zipf": 1.1, "seed": 7},
        {"n": "5", "shape": "independent"},
        {"n": 5, "accounts": 9, "shape": "hot", "hot": 2},
    ]
)
block_parts: dict[str, st.SearchStrategy[Any]] = {
    "why": st.text(max_size=5),
    "accounts": st.dictionaries(names, accounts, max_size=3),
    "transactions": st.lists(transactions, max_size=3),
    "expect": expectations,
    "fee": st.fixed_dictionaries({}, optional={"lamports_per_signature": u64s}),
    "rules": st.fixed_dictionaries({}, optional={"rent": st.booleans()}),
}
version: dict[str, st.SearchStrategy[Any]] = {"sealane": st.just(1)}
fixtures: st.SearchStrategy[dict[str, Value]] = st.fixed_dictionaries(
    version, optional=block_parts
) | st.fixed_dictionaries({**version, "generate": generated})


def is_read(value: Value) -> bool:
    try:
        read_fixture(Document("test", value, lambda _: None))
    except InputError:
        return False
    return True


def test_it_is_a_schema_and_plain_json() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA


@given(value=fixtures)
def test_schema_and_reader_accept_valid_fixtures(
    schema_accepts: Accepts, value: dict[str, Value]
) -> None:
    assert is_read(value)
    assert schema_accepts(value)


def places(value: Value) -> list[tuple[dict[Any, Value] | list[Value], Any]]:
    """Every part, as container and key."""
    if not isinstance(value, dict | list):
        return []
    items = list(value.items() if isinstance(value, dict) else enumerate(value))
    inner = [place for _, part in items for place in places(part)]
    return [(value, key) for key, _ in items] + inner


@given(value=fixtures, data=st.data())
def test_what_the_schema_refuses_the_reader_refuses(
    schema_accepts: Accepts, value: dict[str, Value], data: st.DataObject
) -> None:
    changed = copy.deepcopy(value)
    container, key = data.draw(st.sampled_from(places(changed)))
    junk: list[Value] = [None, True, -1, 2**64, "", "x", "1.5", "01", "hex:0", [], {}, {"x": 1}]
    container[key] = data.draw(st.sampled_from(junk))
    if is_read(changed):
        assert schema_accepts(changed)


@pytest.mark.parametrize(
    ("keys", "properties"),
    [
        (FIXTURE_KEYS, SCHEMA["properties"]),
        (ACCOUNT_KEYS, SCHEMA["$defs"]["account"]["properties"]),
        (TRANSACTION_KEYS, SCHEMA["$defs"]["transaction"]["properties"]),
        (OUTCOME_KEYS, SCHEMA["$defs"]["outcome"]["properties"]),
        (GENERATE_KEYS, SCHEMA["$defs"]["generate"]["properties"]),
        (FEE_KEYS, SCHEMA["properties"]["fee"]["properties"]),
        (RULE_KEYS, SCHEMA["properties"]["rules"]["properties"]),
        (EXPECT_KEYS, SCHEMA["$defs"]["expect"]["properties"]),
        (
            EXPECTED_ACCOUNT_KEYS,
            SCHEMA["$defs"]["expect"]["properties"]["accounts"]["additionalProperties"][
                "properties"
            ],
        ),
        (RAW_KEYS, SCHEMA["$defs"]["instruction"]["oneOf"][1]["properties"]),
        (
            META_KEYS,
            SCHEMA["$defs"]["instruction"]["oneOf"][1]["properties"]["accounts"]["items"][
                "properties"
            ],
        ),
    ],
)
def test_schema_and_reader_know_the_same_keys(
    keys: tuple[str, ...], properties: dict[str, object]
) -> None:
    assert set(keys) == set(properties)


def test_our_own_fixtures_fit_the_schema(schema_accepts: Accepts) -> None:
    for path in sorted(REPOSITORY.glob("fixtures/*.yaml")):
        value = read_yaml(path.read_bytes(), str(path)).value
        assert schema_accepts(value), path
