"""Dependency mappings: every spelling, every rule, and the calls of contracts."""

from __future__ import annotations

from typing import Any

import pytest

from sealane.ingest.sei.mapping.mappings import has_mappings, read_mappings
from sealane.ingest.sei.mapping.wasm_calls import CALLS_MAX, Call, resolve_call
from sealane.ingest.sei.operations import COMMIT, SYNCHRONOUS
from sealane.ingest.sei.protobuf_json import IDENTIFIER_LEN_MAX, operation_of
from sealane.primitives import InputError

from ..sei_data import sei_document
from ..sei_documents import ALICE, BOB, CONTRACT, op, ops, wasm_op

BASE = [wasm_op("READ KV_WASM *"), wasm_op("COMMIT ANY *")]


def contract(address: str = CONTRACT, **fields: Any) -> dict[str, Any]:
    return {"contract_address": address, "base_access_ops": BASE} | fields


def listed(kind: str, name: str, *operations: object) -> dict[str, Any]:
    return {f"{kind}_access_ops": [{"message_name": name, "wasm_operations": list(operations)}]}


def resolved(
    body: dict[str, Any], *mappings: dict[str, Any], executes: bool = True
) -> tuple[list[str], int]:
    """The operations of a call of the first contract by Alice, and how many were widened."""
    read = read_mappings({"wasm_dependency_mappings": list(mappings)})
    first = next(iter(read.contracts))
    found = resolve_call(read.contracts, Call(first, ALICE, executes, next(iter(body)), body))
    return [str(each) for each in found.operations], found.widened


def test_upstreams_examples_and_its_own_mappings_are_read() -> None:
    mappings = read_mappings(sei_document("mapping_examples"))
    assert mappings.messages["testing"].operations == SYNCHRONOUS
    assert list(mappings.contracts) == [CONTRACT]
    own = read_mappings(sei_document("message_mappings"))
    given = sei_document("message_mappings")["mappings"]
    assert [len(each.operations) for each in own.messages.values()] == [
        len(entry["ops"]) + entry["commit_ops"] for entry in given
    ]
    assert all(each.operations[-1] == COMMIT for each in own.messages.values())


@pytest.mark.parametrize(
    "key",
    [
        "message_dependency_mapping",
        "messageDependencyMapping",
        "message_dependency_mapping_list",
    ],
)
def test_a_mapping_alone_in_a_list_or_in_camel_case(key: str) -> None:
    mapping = {"messageKey": "a.B", "accessOps": ops("READ KV *"), "dynamicEnabled": True}
    name = key if "_" in key else "message_dependency_mapping"
    for value in (mapping, [mapping]):
        found = read_mappings({name: value}).messages["a.B"]
        assert found.dynamic
        assert list(map(str, found.operations)) == ["READ KV *", "COMMIT ANY *"]


def test_go_names_a_type_by_module_and_last_part() -> None:
    own = read_mappings(sei_document("message_mappings"))
    for key, go in [
        ("cosmos.bank.v1beta1.MsgSend", "banktypes.MsgSend"),
        ("seiprotocol.seichain.tokenfactory.MsgBurn", "tfktypes.MsgBurn"),
        ("seiprotocol.seichain.evm.MsgEVMTransaction", "evmtypes.MsgEVMTransaction"),
    ]:
        assert own.of_type(key) is own.messages[go]
    assert own.of_type("cosmos.bank.v1beta1.MsgMultiSend") is None
    assert own.of_type("MsgSend") is None


MESSAGE = "message_dependency_mapping"
WASM = "wasm_dependency_mapping"
DEPRECATED = wasm_op("READ KV_WASM *", "CONTRACT_REFERENCE")
EXECUTES = {"contract_address": ALICE, "message_type": "EXECUTE", "message_name": "b"}


REFUSED: list[tuple[dict[str, Any], str]] = [
    (
        {MESSAGE: [{"message_key": "m", "access_ops": [op("READ KV *")]}]},
        r"message_dependency_mapping\[0\]: m: operation 0 \(READ KV \*\) is the last one",
    ),
    (
        {MESSAGE: [{"message_key": "m", "access_ops": ops("READ KV_BANK x")}]},
        r"\[0\]: m: operation 0 \(READ KV_BANK x\): KV_BANK has types below it",
    ),
    (
        {MESSAGE: [{"message_key": "m", "access_ops": ops("READ KV_EPOCH ")}]},
        r"m: operation 0 .*: the identifier must not be empty",
    ),
    ({MESSAGE: [{"message_key": "m"}]}, r"m: no operations; the last one must be"),
    ({MESSAGE: [{"access_ops": []}]}, r"message_key: expected text, found nothing"),
    ({MESSAGE: [{"message_key": ""}]}, r"message_key: the message type must not be empty"),
    ({MESSAGE: 5}, r"message_dependency_mapping: expected a list, found an integer"),
    (
        {MESSAGE: [{"message_key": "m", "access_ops": ops()}] * 2},
        r"mapping\[1\]: m has two mappings; remove one",
    ),
    (
        {"mappings": [{"message": "m", "ops": [["READ", "KV", "*"]], "commit_ops": 0}]},
        r"mappings\[0\]: m: operation 0 \(READ KV \*\) is the last one",
    ),
    (
        {"mappings": [{"message": "m", "ops": [], "commit_ops": 1_025}]},
        r"mappings\[0\]\.commit_ops: expected an integer from 0 to 1024",
    ),
    ({WASM: {}}, r"wasm_dependency_mapping: no contract_address; say whose"),
    (
        {WASM: {"contract_address": "c", "base_access_ops": [wasm_op("READ KV_WASM *")]}},
        r"contract c: base_access_ops must end with an operation COMMIT",
    ),
    ({WASM: {"contract_address": "c"}}, r"base_access_ops must end with an operation COMMIT"),
    ({"wasm_dependency_mappings": [contract()] * 2}, r"\[1\]: contract sei14.* has two"),
    (
        {WASM: contract(**listed("execute", "b", DEPRECATED))},
        r"execute_access_ops\[0\]\.wasm_operations\[0\]: the selector CONTRACT_REFERENCE",
    ),
    (
        {WASM: contract(execute_access_ops=listed("execute", "b")["execute_access_ops"] * 2)},
        r"execute_access_ops\[1\]: message 'b' is listed twice",
    ),
    (
        {WASM: contract(base_access_ops=[wasm_op("READ KV_WASM *", "JQX"), *BASE])},
        r"base_access_ops\[0\]\.selector_type: text \('JQX'\) is no selector",
    ),
    (
        {WASM: contract(base_contract_references=[{**EXECUTES, "message_type": "CALL"}])},
        r"message_type: text \('CALL'\) is neither QUERY nor EXECUTE",
    ),
    (
        {
            WASM: contract(
                query_contract_references=[{"message_name": "b", "contract_references": [EXECUTES]}]
            )
        },
        r"query_contract_references\[0\]: a query may refer to queries only",
    ),
    ({WASM: contract(enabled="yes")}, r"enabled: expected true or false"),
]


@pytest.mark.parametrize(("document", "message"), REFUSED)
def test_what_upstream_refuses_is_refused(document: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_mappings(document)


def test_a_document_has_mappings_by_its_names() -> None:
    assert has_mappings({MESSAGE: None})
    assert has_mappings({"examples": [{WASM: None}]})
    assert has_mappings({"mappings": [{"ops": None}]})
    assert not has_mappings({"mappings": [{"id": 1}], "examples": [5], "transactions": None})


BODY = {"send": {"to": BOB, "amount": 7, "list": [1]}}


@pytest.mark.parametrize(
    ("selector", "argument", "identifier"),
    [
        ("JQ", ".send.to", BOB.encode().hex()),
        ("JQ", ".send.amount", b"7".hex()),
        ("JQ_BECH32_ADDRESS", ".send.to", "22" * 20),
        ("JQ_LENGTH_PREFIXED_ADDRESS", ".send.to", "14" + "22" * 20),
        ("SENDER_BECH32_ADDRESS", None, "11" * 20),
        ("SENDER_LENGTH_PREFIXED_ADDRESS", None, "14" + "11" * 20),
        ("CONTRACT_ADDRESS", BOB, "22" * 20),
        ("CONSTANT_STRING_TO_HEX", "key", b"key".hex()),
        (1, ".send.to", BOB.encode().hex()),
    ],
)
def test_a_selector_completes_an_identifier(
    selector: str, argument: str | None, identifier: str
) -> None:
    declared = wasm_op("WRITE KV_WASM_CONTRACT_STORE 03/%s", selector, argument)
    expected = ["READ KV_WASM *", f"WRITE KV_WASM_CONTRACT_STORE 03/{identifier}", "COMMIT ANY *"]
    assert resolved(BODY, contract(**listed("execute", "send", declared))) == (expected, 0)


@pytest.mark.parametrize(
    ("declared", "kept", "widened"),
    [
        (("WRITE KV_EPOCH %s", "JQ", ".send.other"), None, 0),  # does not apply to the message
        (("WRITE KV_EPOCH a", "JQ_MESSAGE_CONDITIONAL", ".send"), "WRITE KV_EPOCH a", 0),
        (("WRITE KV_EPOCH a", "JQ_MESSAGE_CONDITIONAL", ".burn"), None, 0),
        (("WRITE KV_EPOCH %s", "JQ", ".send.list"), "WRITE KV_EPOCH *", 1),
        (("WRITE KV_EPOCH %s", "JQ", ".send | keys"), "WRITE KV_EPOCH *", 1),
        (("WRITE KV_EPOCH a", "JQ", ".send.to"), "WRITE KV_EPOCH *", 1),
    ],
)
def test_what_a_selector_does_not_find(
    declared: tuple[str, str, str], kept: str | None, widened: int
) -> None:
    found, count = resolved(BODY, contract(**listed("execute", "send", wasm_op(*declared))))
    assert found == ["READ KV_WASM *", *([kept] if kept else []), "COMMIT ANY *"]
    assert count == widened


def test_a_value_that_is_too_long_is_every_identifier() -> None:
    declared = wasm_op("WRITE KV_EPOCH %s", "JQ", ".send.to")
    mapping = contract(**listed("execute", "send", declared))
    half = IDENTIFIER_LEN_MAX // 2  # a character is two hex digits
    found, _ = resolved({"send": {"to": "a" * half}}, mapping)
    assert found[1] == "WRITE KV_EPOCH " + "61" * half
    found, widened = resolved({"send": {"to": "a" * (IDENTIFIER_LEN_MAX + 1)}}, mapping)
    assert (found[1], widened) == ("WRITE KV_EPOCH *", 1)
    with pytest.raises(InputError, match=r"WRITE KV_EPOCH %s: an identifier of 514 characters"):
        resolved({"send": {"to": "a" * (half + 1)}}, mapping)


def test_a_query_reads_only_and_other_messages_are_not_concerned() -> None:
    base = [wasm_op("UNKNOWN KV_EPOCH a"), wasm_op("WRITE KV_EVM *"), wasm_op("COMMIT ANY *")]
    mapping = contract(
        base_access_ops=base,
        **listed("query", "send", wasm_op("READ KV_BANK *")),
        **listed("execute", "burn", wasm_op("WRITE KV_BANK *")),
    )
    assert resolved(BODY, mapping, executes=False)[0] == [
        "READ KV_EPOCH a",
        "READ KV_BANK *",
        "COMMIT ANY *",
    ]
    assert resolved(BODY, mapping)[0] == ["UNKNOWN KV_EPOCH a", "WRITE KV_EVM *", "COMMIT ANY *"]


def test_a_contract_takes_over_what_it_calls() -> None:
    caller = contract(
        base_contract_references=[
            {"contract_address": ".send.to", "message_type": 1, "message_name": "b"}
        ]
    )
    called = contract(
        BOB,
        **listed(
            "execute",
            "b",
            wasm_op("WRITE KV_EPOCH %s", "SENDER_BECH32_ADDRESS"),  # the caller's
            wasm_op("WRITE KV_EVM_NONCE %s", "JQ", ".not.translated"),
        ),
    )
    found, widened = resolved(BODY, caller, called)
    sender = "ade4a5f5803a439835c636395a8d648dee57b2fc90d98dc17fa887159b69638b"
    assert found == [
        "READ KV_WASM *",
        f"WRITE KV_EPOCH {sender}",
        "WRITE KV_EVM_NONCE *",
        "COMMIT ANY *",
    ]
    assert widened == 1


def test_what_is_unknown_disabled_or_called_in_a_circle_runs_by_itself() -> None:
    alone = [str(each) for each in SYNCHRONOUS]
    assert resolved(BODY, contract(enabled=False))[0] == alone
    for address in (ALICE, CONTRACT):
        reference = {"contract_address": address, "message_type": "EXECUTE", "message_name": "send"}
        found, _ = resolved(BODY, contract(base_contract_references=[reference]))
        assert found == ["READ KV_WASM *", *alone]


def test_the_contracts_that_one_message_calls_have_a_limit() -> None:
    def chain(length: int) -> list[str]:
        addresses = [f"c{n}" for n in range(length)]
        mappings = [
            contract(
                address,
                base_contract_references=[
                    {"contract_address": each, "message_type": 1, "message_name": "b"}
                    for each in addresses[n + 1 : n + 2]
                ],
            )
            for n, address in enumerate(addresses)
        ]
        return resolved({"b": {}}, *mappings)[0]

    assert chain(CALLS_MAX) == ["READ KV_WASM *", "COMMIT ANY *"]
    assert "UNKNOWN ANY *" in chain(CALLS_MAX + 1)


def test_an_operation_is_an_operation() -> None:
    assert str(operation_of(op("UNKNOWN KV a"), "here")) == "UNKNOWN KV a"
