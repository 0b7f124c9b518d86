"""Recorded blocks: what lint claims of one is true, and the rest it says that it does not know."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sealane
from sealane import Pubkey
from sealane.analysis.lint import Kind, Lint, Mend, lint
from sealane.primitives import InputError

from ...ingest.block_entries import (
    ALICE,
    BOB,
    CAROL,
    CLOCK,
    DAVE,
    MY_PROGRAM,
    SYSTEM,
    meta,
    signature,
)
from ...ingest.block_entries import block as answer
from ...real_data import ENCODINGS, MAINNET, document
from .as_recorded import Recorded
from .by_hand import Document, acting, fixture, loaded
from .probe import LETTERS, Deed
from .test_lint import DEEDS

Json = dict[str, Any]
TOKEN, MINT = str(Pubkey.of("token")), str(Pubkey.of("mint"))
TRANSFER = bytes((3, 7, 0, 0, 0, 0, 0, 0, 0))


def entry(
    *instructions: Json, writable: str = ALICE, readonly: str = "", number: int = 0, **changes: Any
) -> Json:
    """alice pays. `writable` and `readonly` list other keys, separated by spaces."""
    others = [key for key in writable.split() if key != ALICE]
    flagged = [
        {"pubkey": key, "signer": key == ALICE, "writable": key not in readonly.split()}
        for key in [ALICE, *others, *readonly.split()]
    ]
    return {
        "transaction": {
            "signatures": [signature(number)],
            "message": {"accountKeys": flagged, "instructions": list(instructions)},
        },
        "version": "legacy",
        "meta": meta(len(flagged), innerInstructions=[], **changes),
    }


def call(program: str, *accounts: str, data: bytes = b"") -> Json:
    import base58

    text = base58.b58encode(data).decode()
    return {"programId": program, "accounts": list(accounts), "data": text}


def linted(*entries: Json) -> Lint:
    return lint(sealane.load(json.dumps(answer(*entries)).encode()))


def told(result: Lint) -> list[tuple[str | None, str, str]]:
    return [(f.account, f.kind.value, f.mend.value) for f in result.findings]


def tokens(*amounts: tuple[int, str]) -> list[Json]:
    return [
        {"accountIndex": i, "mint": MINT, "programId": TOKEN, "uiTokenAmount": {"amount": amount}}
        for i, amount in amounts
    ]


def test_an_account_that_no_instruction_is_given_is_unneeded() -> None:
    """Whether or not the transaction succeeds: no program could ever have touched it."""
    one = entry(call(MY_PROGRAM, ALICE), writable=BOB, readonly=f"{CAROL} {MY_PROGRAM} {CLOCK}")
    found = [(BOB, "unneeded-account", "declaration"), (CAROL, "unneeded-account", "declaration")]
    assert sorted(told(linted(one))) == sorted(found)
    one["meta"]["err"] = {"InstructionError": [0, {"Custom": 1}]}
    result = linted(one)
    assert told(result) == [found[0]]
    assert result.unknown == ()


def test_a_place_that_a_known_program_never_writes_needs_no_write() -> None:
    moving = call(TOKEN, BOB, CAROL, DAVE, data=TRANSFER)
    one = entry(moving, writable=f"{BOB} {CAROL} {DAVE}", readonly=TOKEN)
    result = linted(one)
    assert told(result) == [(DAVE, "unneeded-write", "declaration")]
    assert [(each.writes, each.reason) for each in result.unknown] == [
        (2, "its programs may have changed data, which is not recorded")
    ]
    assert result.writes == 3


def test_data_of_a_token_account_is_changed_by_the_token_program_alone() -> None:
    one = entry(
        call(MY_PROGRAM, BOB, CAROL, MINT),
        writable=f"{BOB} {CAROL} {MINT}",
        readonly=MY_PROGRAM,
        preTokenBalances=tokens((1, "5")),
        postTokenBalances=tokens((1, "5")),
    )
    result = linted(one)
    assert told(result) == [
        (BOB, "unneeded-write", "unknown"),
        (MINT, "unneeded-write", "unknown"),
    ]
    assert result.unknown[0].writes == 1  # carol's owner is not known


@pytest.mark.parametrize(
    "change",
    [
        {"postTokenBalances": tokens((1, "6"))},
        {"postTokenBalances": []},
        {"preTokenBalances": []},
        {"innerInstructions": None},
        {"innerInstructions": [{"index": 0, "instructions": [call(TOKEN, BOB, data=b"\x04")]}]},
        {"innerInstructions": [{"index": 0, "instructions": [call(TOKEN, BOB, data=b"\xff")]}]},
        {"postBalances": [5_000, 10_002, 10_002, 10_003]},
        {"err": {"InstructionError": [0, {"Custom": 1}]}},
        {"preBalances": None, "postBalances": None},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_may_have_written_it_is_respected(change: Json) -> None:
    one = entry(
        call(MY_PROGRAM, BOB),
        writable=BOB,
        readonly=f"{MY_PROGRAM} {TOKEN}",
        preTokenBalances=tokens((1, "5")),
        postTokenBalances=tokens((1, "5")),
    )
    assert told(linted(one)) == [(BOB, "unneeded-write", "unknown")], "without the change"
    one["meta"] |= change
    result = linted(one)
    assert told(result) == []


def test_an_account_without_lamports_is_the_system_programs() -> None:
    one = entry(call(MY_PROGRAM, BOB), writable=BOB, readonly=MY_PROGRAM)
    one["meta"] |= {"preBalances": [10_000, 0, 1], "postBalances": [5_000, 0, 1]}
    assert told(linted(one)) == [(BOB, "unneeded-write", "unknown")]
    allocate = call(SYSTEM, BOB, data=bytes((8, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0)))
    one["meta"]["innerInstructions"] = [{"index": 0, "instructions": [allocate]}]
    one["transaction"]["message"]["accountKeys"] += [
        {"pubkey": SYSTEM, "signer": False, "writable": False}
    ]
    for balances in ("preBalances", "postBalances"):
        one["meta"][balances] = [*one["meta"][balances], 1]
    assert told(linted(one)) == []


def test_a_write_that_the_runtime_refused_is_undeclared_but_not_named() -> None:
    one = entry(call(MY_PROGRAM, BOB), readonly=f"{BOB} {MY_PROGRAM}")
    one["meta"]["err"] = {"InstructionError": [0, "ReadonlyDataModified"]}
    result = linted(one)
    (finding,) = result.findings
    assert (finding.account, finding.kind, finding.saved) == (None, Kind.UNDECLARED_WRITE, None)
    nested = {"index": 0, "instructions": [call(MY_PROGRAM, BOB)]}
    one["meta"]["innerInstructions"] = [nested]  # which may have been given less than is declared
    assert linted(one).findings == ()


def test_accounts_of_parsed_instructions_are_not_known() -> None:
    parsed: Json = {"programId": TOKEN, "parsed": {"type": "transfer", "info": {}}}
    one = entry(parsed, writable=BOB, readonly=TOKEN)
    result = linted(one)
    assert (told(result), result.writes_unknown) == ([], 1)


def test_without_instructions_nothing_is_known() -> None:
    one = entry(writable=BOB)
    body = one["transaction"].pop("message")
    one["transaction"]["accountKeys"] = body["accountKeys"]
    result = linted(one)
    assert told(result) == []
    assert result.unknown[0].reason == "its instructions are not recorded"


BROKEN: list[Json] = [
    {"innerInstructions": 5},
    {"innerInstructions": [{"index": -1, "instructions": []}]},
    {"innerInstructions": [{"instructions": [{"programIdIndex": 9}]}]},
    {"innerInstructions": [{"instructions": [{"programIdIndex": 0, "accounts": [9]}]}]},
    {"innerInstructions": [{"instructions": [call(MY_PROGRAM, DAVE)]}]},
    {"preTokenBalances": [{"accountIndex": 99}]},
    {"preTokenBalances": [{"mint": 5, "uiTokenAmount": {"amount": "1"}}]},
    {"postTokenBalances": [{"mint": MINT, "uiTokenAmount": {"amount": "x"}}]},
]


@pytest.mark.parametrize("broken", BROKEN)
def test_malformed_evidence_is_an_error_that_names_the_transaction(broken: Json) -> None:
    one = entry(call(MY_PROGRAM, ALICE), readonly=MY_PROGRAM)
    one["meta"] |= broken
    with pytest.raises(InputError, match=rf"^<bytes>: transaction {signature(0)}: "):
        linted(one)


@pytest.mark.slow
def test_the_mainnet_block() -> None:
    """Wrapped SOL's mint, which three transactions declare writable, and nobody writes."""
    block = sealane.load(MAINNET)
    result = lint(block)
    assert {(f.kind, f.mend) for f in result.findings} == {(Kind.UNNEEDED_WRITE, Mend.UNKNOWN)}
    assert len(result.findings) == 127
    assert result.undeclared == ()
    assert result.accounts[0] == ("So11111111111111111111111111111111111111112", 3, (1, 469_801))
    assert result.total == (1, 671_094)
    assert (result.writes, result.writes_unknown) == (6020, 5426)
    check_by_hand(result)


def check_by_hand(result: Lint) -> None:
    """Each account of a finding holds what it held before its transaction, which succeeded."""
    changed = {(f.transaction, f.account) for f in result.findings}
    answered = document(MAINNET)
    seen = 0
    for one in answered.get("result", answered)["transactions"]:
        recorded = sealane.load(json.dumps(answer(one)).encode())
        names = list(recorded.account_names)
        for account in (each for each in names if (recorded.ids[0], each) in changed):
            seen += 1
            index = names.index(account)
            assert one["meta"]["preBalances"][index] == one["meta"]["postBalances"][index]
            assert one["meta"]["err"] is None
    assert seen == len(changed)


def test_encodings_of_one_block_say_the_same() -> None:
    as_json, as_parsed, as_base64 = (lint(sealane.load(path)) for path in ENCODINGS)
    assert as_json.to_dict() == as_base64.to_dict()
    assert set(as_parsed.findings) <= set(as_json.findings)
    assert 0 < len(as_parsed.findings) < len(as_json.findings)


TOKENS = ("x", "y", "z")
MEMO = {"program": "memo", "data": "hex:6869"}


@st.composite
def mixed(draw: st.DrawFn) -> Document:
    """A transaction of several programs, whose declarations often say too much."""
    letters = draw(st.lists(st.sampled_from([*LETTERS, *TOKENS]), max_size=3, unique=True))
    extra = [{"key": key, "writable": True} for key in letters]
    kind = draw(st.sampled_from(["probe", "nested", "token", "checked", "memo", "system"]))
    payer = draw(st.sampled_from(["pat", "sue"]))
    if kind in ("probe", "nested"):
        deeds = draw(DEEDS)
        declared = {letter: deed != Deed.READ for letter, deed in deeds}
        made = acting(declared, deeds, tag=3 if kind == "nested" else 0)["instructions"][0]
    elif kind in ("token", "checked"):
        made = _transfer(draw, payer, checked=kind == "checked")
    elif kind == "system":
        keys = [{"key": payer, "signer": True, "writable": True}, {"key": "new", "writable": True}]
        amount = draw(st.integers(0, 2)).to_bytes(8, "little")
        made = {"program": "system", "accounts": keys, "data": f"hex:02000000{amount.hex()}"}
    else:
        made = Document(MEMO, accounts=[])
        extra = [{"key": payer, "signer": True}]
    made = {**made, "accounts": [*made["accounts"], *extra]}
    return {"payer": payer, "instructions": [made]}


def _transfer(draw: st.DrawFn, payer: str, *, checked: bool) -> Document:
    source, destination = draw(st.sampled_from(TOKENS)), draw(st.sampled_from(TOKENS))
    amount = draw(st.integers(0, 60)).to_bytes(8, "little")
    mint = [{"key": "mint", "writable": draw(st.booleans())}] if checked else []
    keys = [{"key": source, "writable": True}, *mint, {"key": destination, "writable": True}]
    data = (b"\x0c" + amount + b"\x06") if checked else b"\x03" + amount
    signer = {"key": payer, "signer": True, "writable": draw(st.booleans())}
    return {"program": "token", "accounts": [*keys, signer], "data": f"hex:{data.hex()}"}


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.lists(mixed(), min_size=1, max_size=6))
def test_what_is_claimed_of_a_recorded_block_is_true(transactions: list[Document]) -> None:
    """The block is executed, then read as a node would record it; what it wrote is known."""
    block = fixture(*copy.deepcopy(transactions))
    block["accounts"] |= {"pat": {"lamports": 99}, "sue": {"lamports": 99}}
    block["accounts"]["mint"] = token_account("Mint", decimals=6, supply=150, is_initialized=True)
    for name in TOKENS:
        held = {"mint": "mint", "owner": "pat", "amount": 50, "state": "initialized"}
        block["accounts"][name] = token_account("Account", **held)
    recorded = Recorded(loaded(block))
    result = lint(sealane.load(recorded.content))
    lacking = [f for f in lint(loaded(block)).findings if f.kind is Kind.UNDECLARED_WRITE]
    for finding in result.undeclared:
        assert finding.transaction in {signature(int(f.transaction[1:])) for f in lacking}
    by_id = {signature(n): recording for n, recording in recorded.recordings.items()}
    for finding in result.unneeded:
        assert finding.account is not None
        touch = by_id[finding.transaction].accounts[Pubkey.from_base58(finding.account)]
        assert not touch.changed, finding
        if finding.kind is Kind.UNNEEDED_ACCOUNT:
            assert not touch.read, finding


def token_account(layout: str, **fields: Any) -> Document:
    return {"lamports": 1, "owner": "token", "data": {"layout": f"token.{layout}", **fields}}
