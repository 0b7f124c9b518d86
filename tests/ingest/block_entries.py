"""Made transactions as a node answers them, in every encoding, to be read and to be broken."""

from __future__ import annotations

import base64
from typing import Any

import base58
import numpy as np

from sealane.ingest.solana.getblock import read_block
from sealane.ingest.solana.recorded import RecordedBlock
from sealane.primitives import Pubkey

Json = dict[str, Any]
ALICE, BOB, CAROL, DAVE, TABLE, MY_PROGRAM = (
    str(Pubkey.of(name)) for name in ("alice", "bob", "carol", "dave", "table", "my program")
)
CLOCK, SYSTEM = str(Pubkey.of("clock")), str(Pubkey.of("system"))
VOTE = "Vote111111111111111111111111111111111111111"
FEE = 5_000


def signature(number: int) -> str:
    return base58.b58encode(bytes((number + 1,)) * 64).decode()


def meta(account_count: int, **changes: Any) -> Json:
    balances = [10_000 + position for position in range(account_count)]
    return {
        "err": None,
        "fee": FEE,
        "preBalances": balances,
        "postBalances": [balances[0] - FEE, *balances[1:]],
        "loadedAddresses": {"writable": [], "readonly": []},
        "computeUnitsConsumed": 150,
        **changes,
    }


def message(keys: list[str], header: tuple[int, int, int], programs: list[int]) -> Json:
    return {
        "accountKeys": keys,
        "header": {
            "numRequiredSignatures": header[0],
            "numReadonlySignedAccounts": header[1],
            "numReadonlyUnsignedAccounts": header[2],
        },
        "instructions": [
            {"programIdIndex": program, "accounts": [], "data": ""} for program in programs
        ],
        "recentBlockhash": SYSTEM,
    }


def legacy(number: int = 0, **changes: Any) -> Json:
    """alice pays bob through a program declared writable, so it is demoted."""
    body = message([ALICE, BOB, MY_PROGRAM, CLOCK], (1, 0, 1), [2])
    return {
        "transaction": {"signatures": [signature(number)], "message": body},
        "meta": meta(4),
        "version": "legacy",
        **changes,
    }


def vote(number: int = 0, *, signers: int = 1, programs: int = 1) -> Json:
    keys = [*[ALICE, BOB, CAROL][:signers], DAVE, VOTE]
    body = message(keys, (signers, 0, 1), [len(keys) - 1] * programs)
    signatures = [signature(number + 10 * signer) for signer in range(signers)]
    return {
        "transaction": {"signatures": signatures, "message": body},
        "meta": meta(len(keys)),
        "version": "legacy",
    }


def version_0(number: int = 0) -> Json:
    """As `legacy`, and takes carol (writable) and dave (read-only) from a table."""
    entry = legacy(number, version=0)
    entry["transaction"]["message"]["addressTableLookups"] = [
        {"accountKey": TABLE, "writableIndexes": [3], "readonlyIndexes": [9]}
    ]
    entry["meta"] = meta(6, loadedAddresses={"writable": [CAROL], "readonly": [DAVE]})
    return entry


def block(*entries: Json, **changes: Any) -> Json:
    return {
        "blockhash": SYSTEM,
        "previousBlockhash": SYSTEM,
        "parentSlot": 41,
        "blockTime": 1_700_000_000,
        "blockHeight": 40,
        "transactions": list(entries),
        **changes,
    }


def wire(entry: Json) -> bytes:
    """The wire bytes of an entry in encoding `json`. All counts here are below 128."""
    body = entry["transaction"]["message"]
    signatures = entry["transaction"]["signatures"]
    out = bytes((len(signatures),)) + b"".join(map(base58.b58decode, signatures))
    out += b"\x80" if entry.get("version") == 0 else b""
    out += bytes(body["header"].values()) + bytes((len(body["accountKeys"]),))
    out += b"".join(map(base58.b58decode, body["accountKeys"])) + bytes(32)
    out += bytes((len(body["instructions"]),))
    for instruction in body["instructions"]:
        out += bytes((instruction["programIdIndex"], 0, 0))
    if entry.get("version") == 0:
        lookups = body.get("addressTableLookups", [])
        out += bytes((len(lookups),))
        for lookup in lookups:
            out += base58.b58decode(lookup["accountKey"])
            out += bytes((1, *lookup["writableIndexes"], 1, *lookup["readonlyIndexes"]))
    return out


def in_json(entry: Json) -> Json:
    return entry


def in_base64(entry: Json) -> Json:
    return {**entry, "transaction": [base64.b64encode(wire(entry)).decode(), "base64"]}


def in_base58(entry: Json) -> Json:
    return {**entry, "transaction": [base58.b58encode(wire(entry)).decode(), "base58"]}


def in_bare_base58(entry: Json) -> Json:
    return {**entry, "transaction": base58.b58encode(wire(entry)).decode()}


def account_keys(recorded: RecordedBlock) -> list[str]:
    accounts: list[int] = recorded.accounts.tolist()
    return [str(recorded.keys[account]) for account in accounts]


def flagged(entry: Json) -> list[Json]:
    """The keys as newer nodes flag them: demoted, with the loaded ones among them."""
    recorded = read_block(block(entry))
    static = len(entry["transaction"]["message"]["accountKeys"])
    return [
        {
            "pubkey": key,
            "signer": bool(recorded.signer[position]),
            "writable": bool(recorded.writable[position]),
            "source": "transaction" if position < static else "lookupTable",
        }
        for position, key in enumerate(account_keys(recorded))
    ]


def without_loaded(entry: Json) -> Json:
    return {key: value for key, value in entry["meta"].items() if key != "loadedAddresses"}


def in_json_parsed(entry: Json) -> Json:
    body = entry["transaction"]["message"]
    parsed: Json = {
        "accountKeys": flagged(entry),
        "addressTableLookups": body.get("addressTableLookups"),
        "instructions": [
            {"programId": body["accountKeys"][instruction["programIdIndex"]], "parsed": {}}
            for instruction in body["instructions"]
        ],
    }
    transaction: Json = {**entry["transaction"], "message": parsed}
    return {**entry, "transaction": transaction, "meta": without_loaded(entry)}


def in_older_json_parsed(entry: Json) -> Json:
    """Static keys only, no `source`, flags not demoted, loaded keys in meta."""
    newer = in_json_parsed(entry)["transaction"]["message"]
    static = len(entry["transaction"]["message"]["accountKeys"])
    keys = [
        {name: account[name] for name in ("pubkey", "signer", "writable")}
        for account in newer["accountKeys"][:static]
    ]
    keys[2]["writable"] = True
    transaction: Json = {**entry["transaction"], "message": {**newer, "accountKeys": keys}}
    return {**entry, "transaction": transaction}


def in_accounts_form(entry: Json) -> Json:
    transaction = {
        "signatures": entry["transaction"]["signatures"],
        "accountKeys": flagged(entry),
    }
    return {**entry, "transaction": transaction, "meta": without_loaded(entry)}


def assert_same(left: RecordedBlock, right: RecordedBlock) -> None:
    """The same columns; of calls only where both forms of a block have them."""
    for name in set(RecordedBlock.__slots__) - {"calls", "evidence"}:
        np.testing.assert_equal(getattr(left, name), getattr(right, name), err_msg=name)
    if left.calls.data and right.calls.data:
        assert left.calls.offsets.tolist() == right.calls.offsets.tolist()
        assert left.calls.programs.tolist() == right.calls.programs.tolist()


def rent_entry(lamports: int) -> Json:
    return {"pubkey": BOB, "lamports": -lamports, "postBalance": 1, "rewardType": "Rent"}


def charged(number: int, rent: int, **changes: Any) -> Json:
    """alice pays bob 2,000, of which rent is taken at once."""
    balances = {
        "preBalances": [100_000, 0, 1, 1],
        "postBalances": [100_000 - FEE - 2_000, 2_000 - rent, 1, 1],
    }
    return legacy(number, meta=meta(4, **balances, rewards=[rent_entry(rent)], **changes))
