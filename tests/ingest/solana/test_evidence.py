"""What a transaction did, read from every spelling of instructions and token balances."""

from __future__ import annotations

import base64
import copy
from typing import Any

import base58
import pytest

from sealane.ingest.solana.evidence import Shown, ShownCall, TokenAmount
from sealane.ingest.solana.getblock import read_block
from sealane.primitives import InputError, Pubkey

from ...real_data import ENCODINGS, document
from ..block_entries import ALICE, BOB, MY_PROGRAM, Json, block, legacy, version_0

DATA = b"\x03\x07"
CALL: Json = {"programIdIndex": 2, "accounts": [0, 1], "data": base58.b58encode(DATA).decode()}


def read(entry: Json) -> Shown | None:
    return read_block(block(entry)).shown(0)


def with_call(call: Json, **meta: Any) -> Json:
    entry = copy.deepcopy(legacy())
    entry["transaction"]["message"]["instructions"] = [call]
    entry["meta"] |= meta
    return entry


def test_instructions_and_what_they_call() -> None:
    nested = [{"index": 0, "instructions": [CALL, {**CALL, "accounts": [1]}]}]
    shown = read(with_call(CALL, innerInstructions=nested))
    expected = ShownCall(2, (0, 1), DATA)
    assert shown == Shown([expected], {0: [expected, expected._replace(accounts=(1,))]}, {})


@pytest.mark.parametrize(
    "spelled",
    [
        {"programId": MY_PROGRAM, "accounts": [ALICE, BOB], "data": CALL["data"]},
        {
            "programIdIndex": 2,
            "accounts": base64.b64encode(bytes((0, 1))).decode(),
            "data": base64.b64encode(DATA).decode(),
        },
    ],
    ids=["by key", "of Go"],
)
def test_every_spelling_of_an_instruction_says_the_same(spelled: Json) -> None:
    shown = read(with_call(spelled))
    assert shown is not None
    assert shown.calls == [ShownCall(2, (0, 1), DATA)]
    assert shown.nested is None


def test_accounts_of_web3_js_are_called_otherwise() -> None:
    entry = with_call({})
    message = entry["transaction"]["message"]
    del message["instructions"]
    message["compiledInstructions"] = [{"programIdIndex": 2, "accountKeyIndexes": [1], "data": {}}]
    shown = read(entry)
    assert shown is not None
    assert shown.calls == [ShownCall(2, (1,), b"")]


def test_a_parsed_instruction_does_not_say_its_accounts() -> None:
    shown = read(with_call({"programId": MY_PROGRAM, "parsed": {"type": "x", "info": {}}}))
    assert shown is not None
    assert shown.calls == [ShownCall(2, None, None)]


def test_a_program_that_is_no_account_of_the_transaction_has_no_place() -> None:
    nested = [{"index": 0, "instructions": [{**CALL, "programId": str(Pubkey.of("elsewhere"))}]}]
    shown = read(with_call(CALL, innerInstructions=nested))
    assert shown is not None
    assert shown.nested is not None
    assert shown.nested[0][0].program is None


def test_tokens_before_and_after() -> None:
    def held(index: int, amount: str, **more: str) -> Json:
        return {"accountIndex": index, "mint": BOB, "uiTokenAmount": {"amount": amount}, **more}

    shown = read(
        with_call(
            CALL,
            preTokenBalances=[held(0, "5", programId="P"), held(1, "7")],
            postTokenBalances=[held(0, "18446744073709551615", programId="P"), held(3, "1")],
        )
    )
    assert shown is not None
    assert shown.tokens == {
        0: TokenAmount(BOB, "P", 5, 2**64 - 1),
        1: TokenAmount(BOB, None, 7, None),
        3: TokenAmount(BOB, None, None, 1),
    }


def test_a_looked_up_account_has_the_place_that_its_lock_has() -> None:
    entry = version_0()
    entry["transaction"]["message"]["instructions"] = [{**CALL, "accounts": [4, 5]}]
    shown = read(entry)
    assert shown is not None
    assert shown.calls[0].accounts == (4, 5)


def test_json_and_base64_of_a_real_block_say_the_same() -> None:
    as_json, _, as_base64 = (read_block(document(path)) for path in ENCODINGS)
    for position in range(len(as_json.ids)):
        shown = as_json.shown(position)
        assert shown is not None
        assert shown.calls
        assert shown == as_base64.shown(position)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"accounts": [0, 44]}, "accounts: expected an integer from 0 to 3"),
        ({"accounts": ["nobody"]}, "one is not among the account keys"),
        ({"accounts": "!"}, "not base64"),
        ({"accounts": 5}, "expected a list"),
    ],
)
def test_what_no_node_answers_is_refused(changed: Json, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read(with_call({**CALL, **changed}))
