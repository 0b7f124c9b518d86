"""Store events against operations: what is missing as upstream says, and what is too much."""

from __future__ import annotations

import pytest

from sealane.ingest.sei.operations import COMMIT, SYNCHRONOUS, Access, Operation
from sealane.ingest.sei.protobuf_json import operation_of
from sealane.ingest.sei.resource_tree import RESOURCES
from sealane.ingest.sei.store_events import (
    EVENT_KEY_LEN_MAX,
    MESSAGE_EVENTS_MAX,
    PARENT_STORES,
    SEI_STORES,
    StoreEvent,
    Stores,
    dependency_match,
    missing_events,
    read_events,
    unmatched,
)
from sealane.primitives import InputError

from .sei_data import sei_document


def of(text: str) -> Operation:
    return operation_of(list(text.split(" ")), "here")


def event(text: str) -> StoreEvent:
    access, key, store = text.split(" ")
    return StoreEvent(Access(access), key, store)


@pytest.mark.parametrize("stores", [PARENT_STORES, SEI_STORES], ids=["library", "chain"])
def test_what_is_missing_is_what_upstream_finds_missing(stores: Stores) -> None:
    cases = sei_document("validation_cases")["validate_access_operations"]
    assert cases
    for case in cases:
        operations = [operation_of(each, "op") for each in case["ops"]]
        events = read_events(case["events"], "events")
        missing = missing_events(operations, events, stores)
        assert [list(each) for each in missing] == case["missing"], case["name"]


def test_an_operation_matches_what_upstream_matches() -> None:
    cases = sei_document("validation_cases")["dependency_match"]
    assert cases
    for case in cases:
        access, key = case["event"]
        found = dependency_match(
            StoreEvent(Access(access), key, ""), operation_of(case["op"], "op"), case["prefix"]
        )
        assert found == case["match"], case["name"]


@pytest.mark.parametrize(
    ("operations", "missing"),
    [
        (["READ KV_BANK_BALANCES 02ab"], ["WRITE 02abcd bank"]),
        (["READ KV_BANK_BALANCES 02ab", "WRITE KV_BANK *"], []),
        (["UNKNOWN KV_BANK_BALANCES 02ab"], []),
        (["UNKNOWN KV_AUTH_ADDRESS_STORE *"], ["READ 02abcd bank", "WRITE 02abcd bank"]),
        (["UNKNOWN KV *"], []),
    ],
)
def test_an_operation_covers_keys_of_its_own_store(
    operations: list[str], missing: list[str]
) -> None:
    events = [event("READ 02abcd bank"), event("WRITE 02abcd bank"), event("READ 02abcd bank")]
    declared = [*(of(each) for each in operations), COMMIT]
    assert missing_events(declared, events, SEI_STORES) == [event(each) for each in missing]


def test_parameters_need_no_declaration() -> None:
    events = [event("WRITE anything params"), event("WRITE bank/SendEnabled bank")]
    assert missing_events([COMMIT], events) == []
    assert missing_events([COMMIT], [event("WRITE other bank")]) == [event("WRITE other bank")]


def test_nothing_is_missing_for_a_message_that_runs_by_itself() -> None:
    assert missing_events(SYNCHRONOUS, [event("WRITE 99 nowhere")]) == []


def test_an_identifier_is_the_start_of_a_key_or_more_of_it() -> None:
    found = StoreEvent(Access.READ, "02abcd", "bank")
    for identifier, matches in (("02ab", True), ("02abcd", True), ("abcd", False), ("03", False)):
        operation = of(f"READ KV_BANK_BALANCES {identifier}")
        assert dependency_match(found, operation, "02") == matches


def test_what_runs_by_itself_lacks_nothing_whatever_stores_are_known() -> None:
    assert missing_events(SYNCHRONOUS, [event("WRITE 99 nowhere")], {}) == []
    assert missing_events(SYNCHRONOUS[:1], [event("WRITE 99 nowhere")], {}) != []


def test_what_covers_no_event_is_superfluous() -> None:
    operations = [
        of(each)
        for each in (
            "READ KV_BANK_BALANCES 02ab",
            "WRITE KV_BANK_BALANCES 02ab",  # is only read
            "WRITE KV_BANK_BALANCES 02cd",
            "READ KV_BANK_BALANCES 02cd",  # is only written
            "READ KV_EPOCH *",  # not touched
            "UNKNOWN KV_BANK *",
            "UNKNOWN KV_AUTH *",  # is only read
            "COMMIT ANY *",
        )
    ]
    events = [event("READ 02ab bank"), event("WRITE 02cd bank"), event("READ 01ee acc")]
    assert list(unmatched(operations, events)) == [(1, True), (3, False), (4, False), (6, True)]


@pytest.mark.parametrize(
    ("key", "store", "name"),
    [
        ("02ab", "bank", "KV_BANK_BALANCES"),
        ("0fab", "bank", "KV_BANK"),
        ("0aab", "evm", "KV_EVM_NONCE"),
        (b"globalAccountNumber".hex(), "acc", "KV_AUTH_GLOBAL_ACCOUNT_NUMBER"),
        (b"admin|x".hex(), "tokenfactory", "KV_TOKENFACTORY_ADMIN"),
        ("02", "nowhere", None),
    ],
)
def test_a_key_belongs_to_the_narrowest_type(key: str, store: str, name: str | None) -> None:
    found = StoreEvent(Access.READ, key, store).resource()
    assert found is (None if name is None else RESOURCES[name])


def test_every_type_with_keys_has_one_store_and_stands_below_what_covers_it() -> None:
    homes = [each for store in SEI_STORES.values() for each in store]
    assert len(homes) == len(set(homes))
    without = {each.name for each in RESOURCES.values()} - {each.name for each in homes}
    assert without == {"KV_CT", "KV_CT_ACCOUNT"}
    for prefixes in list(SEI_STORES.values())[1:]:
        whole = next(iter(prefixes))
        assert all(whole in each.ancestors for each in list(prefixes)[1:])


def test_events_as_a_node_gives_them() -> None:
    attributes = [
        {"key": "key", "value": "02ab", "index": True},
        {"key": "access_type", "value": "write"},
        {"key": "store_key", "value": "bank"},
    ]
    events = [{"type": "transfer"}, {"type": "resource_access", "attributes": attributes}]
    assert read_events(events, "events") == [event("WRITE 02ab bank")]
    assert read_events(None, "events") == []


@pytest.mark.parametrize(
    ("events", "message"),
    [
        ({}, "events: expected a list, found an object"),
        ([["write"]], r"events\[0\]: expected access, key and store, found 1"),
        ([["touch", "a"]], r"events\[0\]: access: 'TOUCH' is neither READ nor WRITE"),
        ([["write", 5]], r"events\[0\]: key: expected text"),
        ([{"type": "resource_access"}], r"events\[0\]: access_type: expected text, found nothing"),
        (
            [{"type": "resource_access", "attributes": [{"value": "x"}]}],
            r"events\[0\]\.attributes\[0\]\.key: expected text",
        ),
    ],
)
def test_malformed_events_are_refused(events: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_events(events, "events")


def test_the_events_of_a_message_have_a_limit() -> None:
    row = ["write", "02"]
    assert len(read_events([row] * MESSAGE_EVENTS_MAX, "events")) == MESSAGE_EVENTS_MAX
    with pytest.raises(InputError, match="events: more than 10,000 accesses of one message"):
        read_events([row] * (MESSAGE_EVENTS_MAX + 1), "events")


def test_the_key_of_an_event_has_a_limit() -> None:
    longest = "0" * EVENT_KEY_LEN_MAX
    (found,) = read_events([["read", longest]], "events")
    assert found.key == longest
    with pytest.raises(InputError, match=r"events\[0\]: key: an identifier of 4,097 characters"):
        read_events([["read", longest + "0"]], "events")
