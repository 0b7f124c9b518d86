"""`getBlock` answers: every form of one transaction, old blocks, votes, and bad documents."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from sealane.ingest.solana.columns import KEY_TEXT_LEN_MAX
from sealane.ingest.solana.encoded import BASE58_TEXT_LEN_MAX
from sealane.ingest.solana.envelope import looks_like_block
from sealane.ingest.solana.getblock import read_block
from sealane.primitives import InputError, Pubkey
from sealane.wire.decoding import ACCOUNTS_MAX

from ..block_entries import (
    ALICE,
    BOB,
    CAROL,
    CLOCK,
    DAVE,
    FEE,
    MY_PROGRAM,
    SYSTEM,
    Json,
    account_keys,
    assert_same,
    block,
    in_accounts_form,
    in_bare_base58,
    in_base58,
    in_base64,
    in_json,
    in_json_parsed,
    in_older_json_parsed,
    legacy,
    message,
    meta,
    signature,
    version_0,
    vote,
)

FORMS = [
    in_base64,
    in_base58,
    in_bare_base58,
    in_json_parsed,
    in_older_json_parsed,
    in_accounts_form,
]


def test_a_legacy_transaction_in_columns() -> None:
    recorded = read_block(block(legacy(), slot=42))
    assert recorded.ids == [signature(0)]
    assert [str(key) for key in recorded.keys] == [ALICE, BOB, MY_PROGRAM, CLOCK]
    assert recorded.offsets.tolist() == [0, 4]
    assert recorded.accounts.tolist() == [0, 1, 2, 3]
    assert recorded.writable.tolist() == [True, True, False, False]
    assert recorded.signer.tolist() == [True, False, False, False]
    assert recorded.fee.tolist() == [FEE]
    assert recorded.pre.tolist() == [10_000, 10_001, 10_002, 10_003]
    assert recorded.post.tolist() == [5_000, 10_001, 10_002, 10_003]
    assert recorded.compute_units.tolist() == [150]
    assert tuple(recorded.header) == (42, 41, SYSTEM, 1_700_000_000, 40)
    assert recorded.has_balances
    assert recorded.units_missing == 0
    columns = recorded.access_columns()
    assert columns.writes is recorded.writable
    assert columns.account_count == 4


def test_a_version_0_transaction_has_its_loaded_accounts_last() -> None:
    recorded = read_block(block(version_0()))
    assert account_keys(recorded)[4:] == [CAROL, DAVE]
    assert recorded.writable.tolist() == [True, True, False, False, True, False]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("make", [legacy, version_0])
def test_every_form_of_a_transaction_gives_the_same_columns(
    make: Callable[[], Json], form: Callable[[Json], Json]
) -> None:
    plain = make()
    assert_same(read_block(block(plain)), read_block(block(form(copy.deepcopy(plain)))))


def test_the_envelope_makes_no_difference() -> None:
    bare = block(legacy(0), version_0(1))
    assert_same(read_block(bare), read_block({"jsonrpc": "2.0", "id": 1, "result": bare}))


def test_accounts_are_numbered_by_first_occurrence_in_every_encoding() -> None:
    recorded = read_block(block(in_base64(legacy(0)), version_0(1), in_json_parsed(legacy(2))))
    assert recorded.accounts.tolist() == [0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 0, 1, 2, 3]
    assert recorded.offsets.tolist() == [0, 4, 10, 14]


def test_an_empty_block() -> None:
    recorded = read_block(block())
    assert recorded.ids == []
    assert recorded.offsets.tolist() == [0]
    assert recorded.accounts.tolist() == []


def test_a_failed_transaction_keeps_its_error_as_recorded() -> None:
    error = {"InstructionError": [0, {"Custom": 1}]}
    recorded = read_block(block(legacy(meta=meta(4, err=error)), legacy(1)))
    assert recorded.failed.tolist() == [True, False]
    assert recorded.error == [error, None]


def test_an_old_answer_may_report_failure_in_its_status_only() -> None:
    entry = legacy(meta=meta(4, status={"Err": "AccountInUse"}))
    del entry["meta"]["err"]
    recorded = read_block(block(entry))
    assert recorded.failed.tolist() == [True]
    assert recorded.error == ["AccountInUse"]


def test_an_old_block_without_version_loaded_addresses_and_compute_units() -> None:
    entry = legacy()
    del entry["version"], entry["meta"]["loadedAddresses"]
    del entry["meta"]["computeUnitsConsumed"]
    recorded = read_block(block(entry))
    assert recorded.writable.tolist() == [True, True, False, False]
    assert recorded.units_missing == 1
    assert recorded.has_balances


@pytest.mark.parametrize(
    ("recorded", "counted"),
    [
        ([150, None], [150, 150]),
        ([100, None, 900, 200], [100, 200, 900, 200]),
        ([7, None, None, 3], [7, 3, 3, 3]),
        ([0, None, 4], [0, 0, 4]),
        ([None, None], [1, 1]),
    ],
)
def test_missing_compute_units_are_replaced_by_the_median(
    recorded: list[int | None], counted: list[int]
) -> None:
    entries = [
        legacy(number, meta=None if units is None else meta(4, computeUnitsConsumed=units))
        for number, units in enumerate(recorded)
    ]
    columns = read_block(block(*entries))
    assert columns.compute_units.tolist() == counted
    assert columns.units_missing == recorded.count(None)


@pytest.mark.parametrize("lost", [None, {"err": None, "fee": FEE}], ids=["meta", "balances"])
def test_without_balances_a_block_can_be_planned_but_not_replayed(lost: object) -> None:
    recorded = read_block(block(legacy(0), legacy(1, meta=lost)))
    assert recorded.writable.tolist() == [True, True, False, False] * 2
    assert not recorded.has_balances
    assert recorded.replay_obstacle is not None
    assert signature(1) in recorded.replay_obstacle
    assert '"transactionDetails": "full"' in recorded.replay_obstacle


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (vote(), True),
        (vote(signers=2), True),
        (vote(signers=3), False),
        (vote(programs=2), False),
        ({**vote(), "version": 0}, False),
        (legacy(), False),
    ],
    ids=["one signer", "two", "three", "two instructions", "version 0", "no vote"],
)
def test_votes_follow_the_nodes_rule(entry: Json, expected: bool) -> None:
    for form in (in_json, in_base64, in_json_parsed):
        recorded = read_block(block(form(copy.deepcopy(entry))))
        assert recorded.is_vote.tolist() == [expected], form


def test_votes_are_recognised_without_their_instructions() -> None:
    recorded = read_block(block(in_accounts_form(vote()), in_accounts_form(legacy(1))))
    assert recorded.is_vote.tolist() == [True, False]


def test_a_transaction_with_loaded_accounts_is_not_a_simple_vote() -> None:
    entry = in_accounts_form(vote())
    del entry["version"]
    assert read_block(block(entry)).is_vote.tolist() == [True]
    entry["transaction"]["accountKeys"][1]["source"] = "lookupTable"
    assert read_block(block(entry)).is_vote.tolist() == [False]


def test_omitted_votes_leave_no_accounts() -> None:
    recorded = read_block(block(vote(0), legacy(1)), votes=False)
    assert recorded.ids == [signature(1)]
    assert [str(key) for key in recorded.keys] == [ALICE, BOB, MY_PROGRAM, CLOCK]


def broken(entry: Json, *path: str | int, value: object = None) -> Json:
    """A copy of an entry with one place in it set to another value."""
    entry = copy.deepcopy(entry)
    place: Any = entry
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return entry


MESSAGE = ("transaction", "message")
BROKEN = {
    "key": (broken(legacy(), *MESSAGE, "accountKeys", 1, value="0OIl"), "account key '0OIl'"),
    "long key": (
        broken(legacy(), *MESSAGE, "accountKeys", 1, value="1" * (KEY_TEXT_LEN_MAX + 1)),
        "too long for a key",
    ),
    "header": (broken(legacy(), *MESSAGE, "header"), "message.header: expected an object"),
    "count": (
        broken(legacy(), *MESSAGE, "header", "numRequiredSignatures", value=True),
        "numRequiredSignatures: expected an integer from 0 to 255, found a boolean",
    ),
    "program": (
        broken(legacy(), *MESSAGE, "instructions", 0, "programIdIndex", value=4),
        "programIdIndex: expected an integer from 0 to 3",
    ),
    "twice": (
        broken(legacy(), *MESSAGE, "accountKeys", value=[ALICE, BOB, BOB, CLOCK]),
        f"account {BOB} is there twice",
    ),
    "signature": (broken(legacy(), "transaction", "signatures", value=[]), "signatures"),
    "version": (broken(legacy(), "version", value="v7"), "version: expected an integer"),
    "fee": (broken(legacy(), "meta", "fee", value=-1), "meta.fee: expected an integer from 0"),
    "balance": (
        broken(legacy(), "meta", "preBalances", 0, value=1.5),
        "meta.preBalances: expected a list of nothing but integers",
    ),
    "large": (broken(legacy(), "meta", "postBalances", 0, value=2**64), "meta.postBalances"),
    "balances": (
        broken(legacy(), "meta", "postBalances", value=[1]),
        "meta.postBalances has 1 entries for 4 accounts",
    ),
    "base64": (broken(in_base64(legacy()), "transaction", 0, value="*"), "not base64"),
    "base58": (broken(in_base58(legacy()), "transaction", 0, value="0"), "not base58"),
    "quadratic": (
        broken(in_base58(legacy()), "transaction", 0, value="2" * (BASE58_TEXT_LEN_MAX + 1)),
        '"encoding": "base64"',
    ),
    "encoding": (broken(in_base64(legacy()), "transaction", 1, value="hex"), "encoding .*hex"),
    "truncated": (
        broken(in_base64(legacy()), "transaction", 0, value="AQID"),
        "transaction: byte 1: expected signatures",
    ),
    "unresolved": (
        broken(version_0(), "meta", "loadedAddresses"),
        '2 accounts that it takes from lookup tables .*"maxSupportedTransactionVersion": 1 '
        'and "transactionDetails": "full"',
    ),
    "unresolved base64": (
        broken(in_base64(version_0()), "meta", "loadedAddresses"),
        "meta.loadedAddresses is missing",
    ),
    "loaded": (
        broken(version_0(), "meta", "loadedAddresses", value={"writable": [], "readonly": [BOB]}),
        "has 0 writable and 1 readonly accounts, the lookups 1 and 1",
    ),
    "not an object": (7, "expected an object, found an integer"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_errors_name_the_transaction(case: str) -> None:
    entry, complaint = BROKEN[case]
    with pytest.raises(InputError, match=rf"^transaction 1\b.*{complaint}"):
        read_block(block(legacy(9), entry))  # pyright: ignore[reportArgumentType] - bad on purpose


@pytest.mark.parametrize("form", [in_json, in_base64])
def test_a_broken_transaction_is_named_by_its_signature(form: Callable[[Json], Json]) -> None:
    entry = broken(form(legacy(3)), "meta", "fee", value="free")
    with pytest.raises(InputError, match=rf"^transaction 0 \({signature(3)}\): meta.fee"):
        read_block(block(entry))


def test_a_repeated_signature_is_refused() -> None:
    with pytest.raises(InputError, match=r"transaction 1 .* earlier transaction"):
        read_block(block(legacy(0), vote(0)))


def test_256_accounts_are_accepted_and_257_refused() -> None:
    def wide(count: int) -> Json:
        keys = [str(Pubkey.of(f"account {number}")) for number in range(count)]
        body = message(keys, (1, 0, 0), [])
        transaction = {"signatures": [signature(0)], "message": body}
        return block({"transaction": transaction, "meta": meta(count)})

    assert len(read_block(wide(ACCOUNTS_MAX)).keys) == ACCOUNTS_MAX
    with pytest.raises(InputError, match="257 accounts, 256 at most"):
        read_block(wide(ACCOUNTS_MAX + 1))


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        (
            {"jsonrpc": "2.0", "error": {"code": -32009, "message": "Slot 5 was skipped"}},
            "error -32009: Slot 5 was skipped; name another slot",
        ),
        ({"jsonrpc": "2.0", "result": None}, "no such block"),
        ({"jsonrpc": "2.0", "result": []}, "result: expected an object, found a list"),
        (
            {"blockhash": SYSTEM, "previousBlockhash": SYSTEM, "signatures": []},
            'transactionDetails \'signatures\'; .*"transactionDetails": "full"',
        ),
        ({"blockhash": SYSTEM, "previousBlockhash": SYSTEM}, "transactionDetails 'none'"),
        (block(transactions={}), "transactions: expected a list"),
        (block(parentSlot="forty"), "parentSlot: expected an integer"),
    ],
)
def test_invalid_answers_are_refused(document: Json, complaint: str) -> None:
    assert looks_like_block(document)
    with pytest.raises(InputError, match=complaint):
        read_block(document)


NO_BLOCKS: list[object] = [
    {"sealane": 1, "transactions": [{"transaction": {}}]},
    {"transactions": [{"id": "pay", "payer": "alice", "instructions": []}]},
    {"transactions": []},
    {},
    [],
    "block",
    None,
]


@pytest.mark.parametrize("document", NO_BLOCKS)
def test_documents_that_are_not_blocks_are_refused(document: object) -> None:
    assert not looks_like_block(document)


def test_transactions_alone_are_a_block_too() -> None:
    assert looks_like_block({"transactions": [legacy()]})
    assert looks_like_block({"result": block()})
