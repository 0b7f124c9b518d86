"""Blocks as other tools save them: in other envelopes, with other spellings, in other files.

Each form of a block gives the columns of the block itself; what is no block is told as what it is.
"""

from __future__ import annotations

import copy
import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from sealane.ingest.read_input import read_input
from sealane.ingest.solana.envelope import is_block_of_solana, looks_like_block
from sealane.ingest.solana.getblock import read_block
from sealane.primitives import InputError

from ...solana_blocks import read_solana
from ..block_entries import (
    ALICE,
    BOB,
    CAROL,
    DAVE,
    SYSTEM,
    Json,
    assert_same,
    block,
    in_base64,
    in_json,
    in_json_parsed,
    legacy,
    meta,
    signature,
    version_0,
    vote,
)


def answer(result: object) -> Json:
    return {"jsonrpc": "2.0", "id": 1, "result": result}


def notification(content: object, **value: object) -> Json:
    value = {"slot": 42, "err": None, "block": content, **value}
    result = {"context": {"slot": 42}, "value": value}
    params = {"result": result, "subscription": 14}
    return {"jsonrpc": "2.0", "method": "blockNotification", "params": params}


FAILED: Json = {"jsonrpc": "2.0", "id": 2, "error": {"code": -32004, "message": "not available"}}
BLOCK = block(legacy(0), version_0(1))
ENVELOPES: dict[str, object] = {
    "bare": BLOCK,
    "answer": answer(BLOCK),
    "result alone": {"result": BLOCK},
    "notification": notification(BLOCK),
    "its params": notification(BLOCK)["params"],
    "context and value": {"context": {"slot": 42}, "value": BLOCK},
    "block": {"slot": 42, "block": BLOCK},
    "batch": [answer(BLOCK)],
    "batch with other answers": [answer(123), FAILED, answer(BLOCK)],
    "list": [BLOCK],
}


@pytest.mark.parametrize("name", ENVELOPES)
def test_the_envelope_makes_no_difference(name: str) -> None:
    document = copy.deepcopy(ENVELOPES[name])
    assert looks_like_block(document)
    assert_same(read_block(document), read_block(BLOCK))


TRANSACTION = {**legacy(), "slot": 42, "blockTime": 1}
TOLD: dict[str, tuple[object, str]] = {
    "an error": (
        FAILED,
        "answered with error -32004: not available; ask again later, or another node",
    ),
    "an error of another kind": (
        answer(None) | {"error": {"code": 429, "message": "slow down"}},
        "error 429: slow down; request the block again",
    ),
    "an error as text": (answer(None) | {"error": "over quota"}, "an error: over quota"),
    "a version too new to be asked for": (
        {"error": {"code": -32015, "message": "Transaction version (1) is not supported"}},
        '"maxSupportedTransactionVersion": 1',
    ),
    "nothing": (answer(None), "result is null: the node has no such block"),
    "a number": (answer(123), r"result: expected an object, found an integer \(123\)"),
    "a list": (answer([1, 2]), "result: expected an object, found a list"),
    "another method's": (answer({"epoch": 3}), "a node's answer without a block in it"),
    "a transaction": (
        answer(TRANSACTION),
        "the answer of getTransaction, one transaction and no block; request the block of slot 42",
    ),
    "transactions": ([answer(TRANSACTION)] * 2, "the answer of getTransaction"),
    "a request": (
        {"jsonrpc": "2.0", "id": 1, "method": "getBlock", "params": [42, {}]},
        "this is a request, not the node's answer",
    ),
    "a notification without a block": (
        notification(None, err="BlockStoreError"),
        "the notification has no block: BlockStoreError",
    ),
    "several": ([answer(BLOCK)] * 3, "3 blocks in one file, and one is read at a time"),
    "a failed batch": ([FAILED, FAILED], "error -32004"),
    "Ethereum": (answer({"parentHash": "0x0", "stateRoot": "0x1"}), "a block of Ethereum"),
    "signatures": (
        answer({"blockhash": SYSTEM, "previousBlockhash": SYSTEM, "transactions": None})
        | {"signatures": []},
        "transactions are missing",
    ),
}


@pytest.mark.parametrize("name", TOLD)
def test_the_error_says_what_a_document_is_instead(name: str) -> None:
    document, said = TOLD[name]
    assert looks_like_block(document)
    with pytest.raises(InputError, match=said):
        read_block(copy.deepcopy(document))


def test_the_number_of_wrappers_is_limited() -> None:
    document: Json = BLOCK
    for _ in range(500):
        document = {"jsonrpc": "2.0", "result": document}
    with pytest.raises(InputError, match="no block in it"):
        read_block(document)


# What archives make of looked-up accounts.


def labelled_as_static(entry: Json) -> Json:
    entry = in_json_parsed(entry)
    for account in entry["transaction"]["message"]["accountKeys"]:
        account["source"] = "transaction"
    return entry


def with_loaded_besides(entry: Json) -> Json:
    relabelled = labelled_as_static(entry)
    relabelled["meta"]["loadedAddresses"] = entry["meta"]["loadedAddresses"]
    return relabelled


def without_lookups(entry: Json) -> Json:
    entry = with_loaded_besides(entry)
    del entry["transaction"]["message"]["addressTableLookups"]
    return entry


def labelled_and_loaded(entry: Json) -> Json:
    return in_json_parsed(entry) | {"meta": entry["meta"]}


def among_plain_keys(entry: Json) -> Json:
    entry = copy.deepcopy(entry)
    loaded = entry["meta"]["loadedAddresses"]
    entry["transaction"]["message"]["accountKeys"] += loaded["writable"] + loaded["readonly"]
    return entry


def among_plain_keys_only(entry: Json) -> Json:
    entry = among_plain_keys(entry)
    entry["meta"]["loadedAddresses"] = {}
    return entry


@pytest.mark.parametrize(
    "form",
    [
        labelled_as_static,
        with_loaded_besides,
        without_lookups,
        labelled_and_loaded,
        among_plain_keys,
        among_plain_keys_only,
    ],
)
def test_looked_up_keys_may_be_among_the_others(form: Callable[[Json], Json]) -> None:
    assert_same(read_block(block(form(version_0()))), read_block(block(version_0())))


def test_without_balances_looked_up_keys_cannot_be_identified() -> None:
    entry = labelled_as_static(version_0()) | {"meta": None}
    with pytest.raises(InputError, match="2 accounts that it takes from lookup tables"):
        read_block(block(entry))


# What encoders leave out, or write otherwise.


def changed(**meta_changes: Any) -> Json:
    return legacy(meta=meta(4, **meta_changes))


@pytest.mark.parametrize(
    "loaded", [{}, None, {"writable": None, "readonly": None}, {"writable": []}]
)
def test_no_loaded_addresses_in_any_way(loaded: object) -> None:
    assert_same(read_block(block(changed(loadedAddresses=loaded))), read_block(block(legacy())))


def as_web3_js_writes_it(entry: Json) -> Json:
    entry = copy.deepcopy(entry)
    message = entry["transaction"]["message"]
    message["staticAccountKeys"] = message.pop("accountKeys")
    message["compiledInstructions"] = [
        {"programIdIndex": each["programIdIndex"], "accountKeyIndexes": [], "data": {}}
        for each in message.pop("instructions")
    ]
    return entry


def with_numbers_as_text(entry: Json) -> Json:
    entry = copy.deepcopy(entry)
    for name in ("preBalances", "postBalances"):
        entry["meta"][name] = list(map(str, entry["meta"][name]))
    entry["meta"]["fee"] = str(entry["meta"]["fee"])
    entry["meta"]["computeUnitsConsumed"] = str(entry["meta"]["computeUnitsConsumed"])
    return entry


def with_indexes_in_base64(entry: Json) -> Json:
    entry = copy.deepcopy(entry)
    lookups = entry["transaction"]["message"]["addressTableLookups"]
    lookups[0] |= {"writableIndexes": "Aw==", "readonlyIndexes": "CQ=="}
    return entry


def with_programs_by_key(entry: Json) -> Json:
    entry = copy.deepcopy(entry)
    message = entry["transaction"]["message"]
    for instruction in message["instructions"]:
        instruction["programId"] = message["accountKeys"][instruction.pop("programIdIndex")]
    return entry


def with_nulls(entry: Json) -> Json:
    entry = copy.deepcopy(entry)
    entry["meta"] |= {"rewards": None, "innerInstructions": None, "logMessages": None}
    entry["meta"]["status"] = None
    return entry


@pytest.mark.parametrize(
    "form",
    [
        as_web3_js_writes_it,
        with_numbers_as_text,
        with_indexes_in_base64,
        with_programs_by_key,
        with_nulls,
    ],
)
def test_what_other_encoders_write_means_the_same(form: Callable[[Json], Json]) -> None:
    assert_same(read_block(block(form(version_0()))), read_block(block(version_0())))


def test_omitted_zeros() -> None:
    entry = legacy()
    header = entry["transaction"]["message"]["header"]
    full = read_block(block(legacy(meta=meta(4, fee=0))))
    del header["numReadonlySignedAccounts"], entry["meta"]["fee"]
    assert_same(read_block(block(entry)), full)


def snake_cased(value: object) -> object:
    if isinstance(value, dict):
        fields = cast("Json", value)
        return {re.sub("[A-Z]", _lowered, key): snake_cased(each) for key, each in fields.items()}
    if isinstance(value, list):
        return [snake_cased(each) for each in cast("list[object]", value)]
    return value


def _lowered(found: re.Match[str]) -> str:
    return f"_{found[0].lower()}"


def test_keys_in_snake_case() -> None:
    plain = block(legacy(0), version_0(1), vote(2))
    assert_same(read_block(snake_cased(plain)), read_block(plain))


@pytest.mark.parametrize("version", ["legacy", -1, None, "absent"])
def test_a_legacy_transaction_in_any_way(version: object) -> None:
    entry: Json = vote() | {"version": version}
    if version == "absent":
        del entry["version"]
    entry["transaction"]["message"]["addressTableLookups"] = None
    assert read_block(block(entry)).is_vote.tolist() == [True]


# Versions to come.


def of_version(number: int | str, entry: Json) -> Json:
    return {**entry, "version": number}


@pytest.mark.parametrize("number", [1, "1"])
@pytest.mark.parametrize("form", [in_json, in_json_parsed])
def test_version_1_is_read(form: Callable[[Json], Json], number: int | str) -> None:
    entry = of_version(number, form(legacy()))
    entry["transaction"]["message"]["transactionConfig"] = {"computeUnitLimit": 200_000}
    assert_same(read_block(block(entry)), read_block(block(legacy())))


def test_an_unknown_version_leaves_the_others_readable() -> None:
    unknown = in_base64(legacy(1))
    unknown["transaction"][0] = "gg" + unknown["transaction"][0][2:]  # begins with a byte 0x82
    recorded = read_block(block(legacy(0), of_version(2, legacy(3)), unknown, legacy(5)))
    assert recorded.ids == [signature(0), signature(5)]
    by_json, by_wire = recorded.unread
    assert by_json.transaction == f"transaction 1 ({signature(3)})"
    assert by_json.reason.startswith("version 2 is not known here")
    assert by_wire.transaction == "transaction 2"
    assert "found version 2" in by_wire.reason
    assert recorded.replay_obstacle is not None
    assert "transaction 1" in recorded.replay_obstacle


def test_flagged_keys_give_the_locks_of_any_version() -> None:
    entry = of_version(2, in_json_parsed(legacy()))
    recorded = read_block(block(entry))
    assert recorded.unread == []
    assert_same(recorded, read_block(block(legacy())))


def test_a_broken_transaction_is_not_an_unknown_version() -> None:
    entry = of_version(1, legacy())
    entry["transaction"]["message"]["accountKeys"] = [ALICE, BOB, CAROL, DAVE, ALICE]
    with pytest.raises(InputError, match=f"account {ALICE} is there twice"):
        read_block(block(entry))


# Files.


@pytest.mark.parametrize("name", ["block.json", "block.yaml", "block.jsonl", "block", "block.gz"])
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
@pytest.mark.parametrize("indent", [None, 1], ids=["a line", "indented"])
def test_a_block_is_recognised_by_its_content(
    tmp_path: Path, name: str, packed: bool, indent: int | None
) -> None:
    raw = json.dumps(answer(BLOCK), indent=indent).encode() + b"\n"
    path = tmp_path / name
    path.write_bytes(gzip.compress(raw) if packed else raw)
    assert_same(read_solana(path), read_block(BLOCK))


@pytest.mark.parametrize("name", ["answers.jsonl", "answers.json", "answers"])
def test_a_file_with_one_answer_per_line(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("\n".join(map(json.dumps, (FAILED, answer(123), answer(BLOCK)))) + "\n")
    assert_same(read_solana(path), read_block(BLOCK))
    path.write_text("\n".join([json.dumps(answer(BLOCK))] * 2))
    with pytest.raises(InputError, match="2 blocks in one file"):
        read_input(path)


def test_a_bad_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    path.write_text(f'{json.dumps(answer(BLOCK))}\n\n{{"jsonrpc": 2,\n')
    with pytest.raises(InputError, match=r"answers\.jsonl:3: not valid JSON"):
        read_input(path)


def test_what_is_surely_a_block_of_solana_is_known_without_asking_other_chains() -> None:
    for form in (BLOCK, answer(BLOCK), {"params": {"result": {"value": {"block": BLOCK}}}}):
        assert is_block_of_solana(form)
    of_ethereum = {"parentHash": "0x0", "stateRoot": "0x0", "transactions": [{"transaction": 1}]}
    for other in ({"jsonrpc": "2.0", "result": None}, {"result": of_ethereum}, [BLOCK], None, 7):
        assert not is_block_of_solana(other)
