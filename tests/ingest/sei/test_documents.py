"""Documents that are read as blocks: every file there is, and what each part of one does."""

from __future__ import annotations

from typing import Any

import pytest

from sealane.ingest.sei import block as block_module
from sealane.ingest.sei.block import SeiBlock
from sealane.ingest.sei.block_document import GAS_MAX, is_block_document, read_block_document
from sealane.ingest.sei.case_documents import is_case_document, read_case_document
from sealane.ingest.sei.operation_graph import operation_graph
from sealane.ingest.sei.protobuf_json import IDENTIFIER_LEN_MAX
from sealane.primitives import InputError, UsageError

from .sei_data import FILES, sei_document
from .sei_documents import ALICE, BOB, CONTRACT, SEND, VALIDATOR, ops, send, sends, wasm_op


def read(document: object) -> SeiBlock:
    assert is_block_document(document)
    return read_block_document(document)


def operations(block: SeiBlock, position: int = 0) -> list[str]:
    return [str(each) for m in block.transactions[position].messages for each in m.operations]


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_a_block(name: str) -> None:
    document = sei_document(name)
    assert is_block_document(document) != is_case_document(document)
    blocks = read_case_document(document) if is_case_document(document) else [read(document)]
    assert blocks
    for block in blocks:
        assert len(block.transactions) > 1
        operation_graph(block.nodes())


def test_mappings_alone_are_a_block_with_one_message_of_each_kind() -> None:
    block = read(sei_document("mapping_examples"))
    assert block.ids == [
        "testing",
        f"{CONTRACT} execute execute_something",
        f"{CONTRACT} query query_something",
    ]
    assert operations(block, 1) == ["UNKNOWN ANY *", "WRITE KV_WASM *", "COMMIT ANY *"]
    assert operations(block, 2) == ["READ ANY *", "READ KV_WASM *", "COMMIT ANY *"]
    assert block.notes == ("mappings without transactions: a block with one message of each kind",)


def test_what_a_mapping_alone_does_not_say_is_every_identifier() -> None:
    block = read(sei_document("message_mappings"))
    assert operations(block, 2) == [
        "READ KV_ORACLE_FEEDERS *",
        "READ KV_STAKING_VALIDATOR *",
        "READ KV_ORACLE_VOTE_TARGETS *",
        "WRITE KV_ORACLE_AGGREGATE_VOTES *",
        "COMMIT ANY *",
    ]
    assert "identifiers that the messages do not say" in block.notes[1]
    declared = block.transactions[2].messages[0].declared
    assert declared is not None
    assert declared[0].identifier.endswith("GetFeederDelegationKey(valAddr))")


def test_messages_complete_the_identifiers_of_a_mapping() -> None:
    block = read(sends((ALICE, BOB), (BOB, CONTRACT)))
    assert block.ids == ["t0", "t1"]
    assert operations(block) == [
        f"WRITE KV_BANK_BALANCES {ALICE}",
        f"WRITE KV_BANK_BALANCES {BOB}",
        "COMMIT ANY *",
    ]
    assert operation_graph(block.nodes()).edges == [(2, 3)]
    assert block.notes == ()


def test_a_field_that_is_missing_leaves_every_identifier() -> None:
    document = sends((ALICE, BOB))
    del document["transactions"][0]["messages"][0]["to_address"]
    block = read(document)
    assert operations(block)[1] == "WRITE KV_BANK_BALANCES *"
    assert block.notes == (
        "1 identifier that the messages do not say: taken for every identifier of their type, so "
        "that nothing runs too early",
    )


def test_a_field_that_is_too_long_leaves_every_identifier() -> None:
    longest = "a" * IDENTIFIER_LEN_MAX
    block = read(sends((longest, longest + "a")))
    assert operations(block)[:2] == [
        f"WRITE KV_BANK_BALANCES {longest}",
        "WRITE KV_BANK_BALANCES *",
    ]
    document = sends((longest, ALICE))
    document["message_dependency_mapping"][0]["access_ops"] = ops("READ KV_EPOCH {from_address}a")
    with pytest.raises(InputError, match="a' becomes an identifier of 513 characters"):
        read(document)


def test_the_chains_own_mappings_are_completed_by_the_chains_own_messages() -> None:
    document = sei_document("message_mappings")
    delegate = {
        "@type": "/cosmos.staking.v1beta1.MsgDelegate",
        "delegator_address": ALICE,
        "validator_address": VALIDATOR,
    }
    document["transactions"] = [
        {"body": {"messages": [send(ALICE, BOB)]}},
        {"tx": {"body": {"messages": [send(CONTRACT, CONTRACT)]}}},
        {"body": {"messages": [delegate]}},
    ]
    block = read(document)
    assert operations(block)[0] == "READ KV_BANK_BALANCES 0214" + "11" * 20
    graph = operation_graph(block.nodes())
    # The account number is written by each send; Alice's balance by her send and her delegation.
    assert graph.transaction_edges == [(0, 1), (0, 2)]


def test_messages_may_declare_their_own_operations() -> None:
    block = read(
        {
            "chain": "sei",
            "height": 7,
            "transactions": [
                {"id": "a", "gas_used": "90", "access_ops": ops("READ KV *")},
                {"txhash": "b", "messages": [{"@type": "/x.Y", "access_ops": ops()}]},
            ],
        }
    )
    assert block.height == 7
    assert [(each.id, each.gas) for each in block.transactions] == [("a", 90), ("b", None)]
    assert operations(block) == ["READ KV *", "COMMIT ANY *"]


def test_the_ante_handler_stands_before_the_messages_and_declares_each_thing_once() -> None:
    document = sends((ALICE, BOB))
    ante = ops("READ KV_AUTH *")[:1] * 2
    document["transactions"][0]["ante_access_ops"] = ante
    messages = read(document).transactions[0].messages
    assert [each.number for each in messages] == [-1, 0]
    assert list(map(str, messages[0].operations)) == ["READ KV_AUTH *"]


def test_events_stand_with_the_message_or_in_the_logs() -> None:
    document = sends((ALICE, BOB), (ALICE, BOB))
    document["transactions"][0]["messages"][0]["events"] = [["write", "02", "bank"]]
    document["transactions"][1]["logs"] = [{"msg_index": 0, "events": [["read", "03", "bank"]]}]
    events = [each.messages[0].events for each in read(document).transactions]
    assert [list(map(tuple, each or ())) for each in events] == [
        [("WRITE", "02", "bank")],
        [("READ", "03", "bank")],
    ]


def test_a_type_without_a_mapping_runs_by_itself() -> None:
    document = sends((ALICE, BOB))
    document["transactions"].append({"messages": [{"type": "cosmos-sdk/MsgOther", "value": {}}]})
    block = read(document)
    assert operations(block, 1) == ["UNKNOWN ANY *", "COMMIT ANY *"]
    assert block.notes == (
        "1 message of types without a mapping (MsgOther): nothing runs beside them, as is Sei's "
        "default",
    )


def test_a_governance_message_leaves_a_block_without_a_graph() -> None:
    document = sends((ALICE, BOB), (BOB, ALICE))
    document["transactions"][1]["messages"] = [{"@type": "/cosmos.gov.v1beta1.MsgVote"}]
    block = read(document)
    assert block.governance == "t1"
    assert block.notes[0].startswith("transaction t1 has a governance message: Sei runs such")
    with pytest.raises(UsageError, match="no graph of operations: transaction 't1' has a gov"):
        block.nodes()


EXECUTE = {
    "@type": "/cosmwasm.wasm.v1.MsgExecuteContract",
    "sender": ALICE,
    "contract": CONTRACT,
    "msg": {"send": {"to": BOB}},
}
STORE = wasm_op("WRITE KV_WASM_CONTRACT_STORE %s", "JQ_BECH32_ADDRESS", ".send.to")


def calls(*messages: dict[str, Any]) -> dict[str, Any]:
    return {
        "wasm_dependency_mapping": {
            "contract_address": CONTRACT,
            "base_access_ops": [STORE, wasm_op("COMMIT ANY *")],
        },
        "transactions": [{"messages": [each]} for each in messages],
    }


def test_a_call_of_a_contract_does_what_the_contract_declares() -> None:
    block = read(calls(EXECUTE))
    assert operations(block) == [
        "WRITE KV_WASM_CONTRACT_STORE " + "22" * 20,
        "COMMIT ANY *",
    ]
    assert block.notes == ()


def test_a_mapping_of_the_type_decides_unless_it_is_dynamic() -> None:
    document = calls(EXECUTE)
    mapping = {"message_key": "cosmwasm.wasm.v1.MsgExecuteContract", "access_ops": ops("READ KV *")}
    document["message_dependency_mapping"] = mapping
    assert operations(read(document)) == ["READ KV *", "COMMIT ANY *"]
    document["message_dependency_mapping"] = mapping | {"dynamic_enabled": True}
    assert operations(read(document))[0].startswith("WRITE KV_WASM_CONTRACT_STORE 22")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"msg": {"a": 1, "b": 2}}, "msg must have one key, the call, and has 2"),
        ({"msg": "eyJhIjp7fX0="}, "msg must have one key, the call, and has 0"),
        ({"msg": {"send": {"to": "nobody"}}}, "'nobody' is no address sei1…"),
    ],
)
def test_a_call_that_the_chain_would_not_resolve_runs_by_itself(
    change: dict[str, Any], reason: str
) -> None:
    block = read(calls(EXECUTE | change))
    assert operations(block) == ["UNKNOWN ANY *", "COMMIT ANY *"]
    assert reason in block.notes[-1]


MALFORMED: list[tuple[dict[str, Any], str]] = [
    ({"transactoins": []}, r"unknown key 'transactoins'; did you mean 'transactions'"),
    ({"transactions": [5]}, r"transactions\[0\]: expected an object, found an integer"),
    ({"transactions": [{}]}, r"transactions\[0\]\.messages: expected a list, found nothing"),
    (
        {"transactions": [{"messages": [{}]}]},
        r"transactions\[0\]\.messages\[0\]: no '@type' and no 'access_ops'",
    ),
    (
        {"transactions": [{"messages": [{"@type": "/"}]}]},
        r"messages\[0\]\.@type: a type has 1 to 200 characters",
    ),
    (
        {"transactions": [{"messages": [{"access_ops": [["READ", "KV", "*"]]}]}]},
        r"messages\[0\]: operation 0 \(READ KV \*\) is the last one, which must be 'COMMIT",
    ),
    (
        {"transactions": [{"messages": [], "ante_access_ops": [["READ", "KV", "a"]]}]},
        r"transactions\[0\]\.ante_access_ops: operation 0 .* types below it",
    ),
    (
        {"transactions": [{"messages": [{"type": "a.B", "events": [["x", "y"]]}]}]},
        r"messages\[0\]\.events\[0\]: access: 'X' is neither READ nor WRITE",
    ),
    ({"transactions": [{"id": ""}]}, r"transactions\[0\]\.id: an id has 1 to 200 characters"),
    ({"transactions": [{"id": "a", "messages": []}] * 2}, r"two transactions are called 'a'"),
    (
        {"transactions": [{"messages": [], "gas_used": -1}]},
        r"transactions\[0\]\.gas_used: expected an integer from 0",
    ),
    ({"height": "x"}, r"height: expected an integer from 0"),
]


@pytest.mark.parametrize(("change", "message"), MALFORMED)
def test_a_malformed_document_is_refused_by_place(change: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(sends((ALICE, BOB)) | change)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ([0, 0, "READ", "KV"], r"cases\[0\]\.ops\[1\]: expected transaction, message, access"),
        ([-1, 0, "READ", "KV", "*"], r"ops\[1\]: transaction: expected an integer from 0"),
        ([2, -2, "READ", "KV", "*"], r"ops\[1\]: message: expected an integer from 0"),
        ([2, 0, "READ", "KVX", "*"], r"ops\[1\]: resource: 'KVX' is no resource type"),
        ([0, 1, "READ", "KV", "*"], r"ops\[1\]: its transaction comes before the last one"),
        ([1, 0, "READ", "KV", "*"], r"ops\[1\]: its message comes before the last one"),
        ("row", r"ops\[1\]: expected a list"),
    ],
)
def test_a_malformed_row_of_a_case_is_refused(row: object, message: str) -> None:
    first = [1, 1, "WRITE", "KV", "a"]
    with pytest.raises(InputError, match=message):
        read_case_document({"cases": [{"name": "x", "ops": [first, row]}]})


def test_transactions_without_operations_need_no_number() -> None:
    rows = [[0, -1, "READ", "KV", "*"], [10**18, 0, "WRITE", "KV", "*"]]
    (block,) = read_case_document({"cases": [{"ops": rows}]})
    assert block.ids == ["t0", f"t{10**18}"]
    assert block.transactions[0].messages[0].number == -1
    assert operation_graph(block.nodes()).transaction_edges == [(0, 1)]


def test_the_operations_of_a_block_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(block_module, "BLOCK_OPERATIONS_MAX", 6)
    assert len(read(sends((ALICE, BOB), (ALICE, BOB))).transactions) == 2
    with pytest.raises(InputError, match="more than 6 operations in one block; split it"):
        read(sends((ALICE, BOB), (ALICE, BOB), (ALICE, BOB)))


def test_what_calls_of_contracts_come_to_counts_even_where_it_repeats(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(block_module, "BLOCK_OPERATIONS_MAX", 12)
    one = calls(EXECUTE, EXECUTE, EXECUTE)
    assert len(read(one).transactions) == 3  # two resolved, and two declared, for each
    base = one["wasm_dependency_mapping"]["base_access_ops"]
    one["wasm_dependency_mapping"]["base_access_ops"] = base[:1] * 2 + base
    with pytest.raises(InputError, match="more than 12 operations"):
        read(one)
    del one["transactions"]
    one["wasm_dependency_mapping"]["execute_access_ops"] = [
        {"message_name": f"m{n}", "wasm_operations": []} for n in range(4)
    ]
    with pytest.raises(InputError, match="more than 12 operations"):
        read(one)


FOREIGN: list[Any] = [
    None,
    [],
    {},
    {"transactions": []},
    {"transactions": [{"transaction": {}}]},
    {"transactions": [{"hash": "0x", "from": "0x"}]},
    {"cases": []},
    {"cases": [{"name": "x"}]},
    {"enum": {}},
]


@pytest.mark.parametrize("content", FOREIGN)
def test_other_content_is_not_taken_for_seis(content: object) -> None:
    assert not is_block_document(content)
    assert not is_case_document(content)


def test_the_key_of_a_send_is_that_of_the_chain() -> None:
    assert SEND == "cosmos.bank.v1beta1.MsgSend"


def test_gas_has_a_limit() -> None:
    document = sends((ALICE, BOB))
    document["transactions"][0]["gas_used"] = GAS_MAX
    assert read(document).transactions[0].gas == GAS_MAX
    document["transactions"][0]["gas_used"] = GAS_MAX + 1
    with pytest.raises(InputError, match=f"gas_used: expected an integer from 0 to {GAS_MAX}"):
        read(document)
