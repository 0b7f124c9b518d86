"""The rules for declared operations, each broken once."""

from __future__ import annotations

import pytest

from sealane.ingest.sei.operations import COMMIT, SYNCHRONOUS, Operation
from sealane.ingest.sei.protobuf_json import (
    IDENTIFIER_LEN_MAX,
    MESSAGE_OPERATIONS_MAX,
    fields_of,
    operation_of,
    operations_of,
)
from sealane.ingest.sei.validation import check_operations
from sealane.primitives import InputError


def of(text: str) -> Operation:
    return operation_of(text.split(" ")[:3], "here")


@pytest.mark.parametrize(
    ("operations", "message"),
    [
        ([], r"bank\.MsgSend: no operations; the last one must be 'COMMIT ANY \*'"),
        (["READ KV *"], r"bank\.MsgSend: operation 0 \(READ KV \*\) is the last one, which must"),
        (["READ KV *", "COMMIT KV *"], r"operation 1 \(COMMIT KV \*\) is the last one"),
        (["READ KV *", "COMMIT ANY x"], r"operation 1 \(COMMIT ANY x\) is the last one"),
        (["READ KV_EPOCH ", "COMMIT ANY *"], r"operation 0 .*: the identifier must not be empty"),
        (
            ["READ KV_EPOCH a", "WRITE KV_BANK a", "COMMIT ANY *"],
            r"operation 1 \(WRITE KV_BANK a\): KV_BANK has types below it, .* KV_BANK_SUPPLY",
        ),
    ],
)
def test_a_broken_rule_names_message_operation_and_rule(
    operations: list[str], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        check_operations([of(each) for each in operations], "bank.MsgSend")


@pytest.mark.parametrize(
    "operations", [["COMMIT ANY *"], ["READ KV *", "WRITE KV_EPOCH a", "COMMIT ANY *"]]
)
def test_operations_within_the_rules_pass(operations: list[str]) -> None:
    check_operations([of(each) for each in operations], "here")


def test_what_an_unknown_message_is_taken_for_is_within_the_rules() -> None:
    check_operations(SYNCHRONOUS, "here")


@pytest.mark.parametrize(
    "value",
    [
        {"access_type": "COMMIT", "resource_type": "ANY", "identifier_template": "*"},
        {"accessType": "COMMIT", "resourceType": "ANY", "identifierTemplate": "*"},
        {"accessType": 3, "resourceType": 0, "identifierTemplate": "*"},
        {"accessType": "COMMIT", "identifierTemplate": "*"},
        ["COMMIT", "ANY", "*"],
    ],
)
def test_one_operation_in_all_spellings(value: object) -> None:
    assert operation_of(value, "here") == COMMIT


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"access_type": "LOCK"}, r"op\.access_type: text \('LOCK'\) is no access; use UNKNOWN"),
        ({"access_type": 4}, r"op\.access_type: an integer \(4\) is no access"),
        ({"access_type": True}, r"a boolean \(True\) is no access"),
        ({"resource_type": "KV_BANK_BALANCE"}, r"no resource type; did you mean 'KV_BANK_BALANCES"),
        ({"resource_type": 3}, r"op\.resource_type: an integer \(3\) is no resource type"),
        ({"identifier_template": 7}, r"op\.identifier_template: expected text, found an integer"),
        ({"access_type": 1, "accessType": 1}, r"op: 'access_type' is given twice, in two"),
        (["READ", "KV"], r"op: expected access, resource and identifier, found 2"),
        ("READ", r"op: expected an object, found text"),
    ],
)
def test_what_is_no_operation_is_refused(value: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        operation_of(value, "op")


def test_an_identifier_has_a_limit() -> None:
    longest = "a" * IDENTIFIER_LEN_MAX
    assert operation_of(["READ", "KV", longest], "op").identifier == longest
    with pytest.raises(InputError, match=r"op: identifier: an identifier of 513 characters"):
        operation_of(["READ", "KV", longest + "a"], "op")


def test_fields_are_known_in_both_spellings() -> None:
    assert fields_of({"wasmOperations": 1, "selector_type": 2, "msgURL": 3}, "here") == {
        "wasm_operations": 1,
        "selector_type": 2,
        "msg_url": 3,
    }


def test_the_operations_of_a_message_have_a_limit() -> None:
    row = ["READ", "KV", "*"]
    assert len(operations_of([row] * MESSAGE_OPERATIONS_MAX, "ops")) == MESSAGE_OPERATIONS_MAX
    with pytest.raises(InputError, match="ops: 1,025 operations of one message, 1,024 at most"):
        operations_of([row] * (MESSAGE_OPERATIONS_MAX + 1), "ops")
