"""Signatures of recorded blocks: in every encoding those of real blocks count, and no altered one.

What was signed is put together from what an answer shows; where it shows too little, that is said.
"""

from __future__ import annotations

import base64
import random
from collections.abc import Callable
from contextlib import suppress
from itertools import product
from pathlib import Path
from typing import Any, Final

import base58
import pytest
from solders.hash import Hash
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.message import Message, MessageV1, TransactionConfig
from solders.pubkey import Pubkey as Key
from solders.transaction import VersionedTransaction

from sealane.ingest.building.recording import Recording
from sealane.ingest.read_input import read_input
from sealane.ingest.solana.envelope import find_block
from sealane.ingest.solana.getblock import read_block
from sealane.ingest.solana.recording import SolanaRecording
from sealane.primitives import InputError, Pubkey
from sealane.signatures.block_signatures import SignatureReport
from sealane.wire.decoding import WireTransaction, decode_transaction

from ...real_data import ALL_BLOCKS, MAINNET, block_name, document, shared_files
from ..block_entries import Json, block, in_accounts_form, legacy, meta

ENCODINGS: Final = ("base64", "base58", "json", "json appended", "raw jsonParsed")


def report(*entries: Json) -> SignatureReport:
    return SolanaRecording(read_block(block(*entries))).signatures().verified()


def verified(path: Path) -> SignatureReport:
    (recording,) = recordings(path)
    found = recording.signatures().verified()
    assert len(recording.ids) <= found.verified + len(found.unchecked)
    return found


def recordings(path: Path) -> list[Recording]:
    found = read_input(str(path))
    assert isinstance(found, list)
    return found


def real_entries(step: int) -> list[Json]:
    found: Any = find_block(document(MAINNET))["transactions"]
    entries: list[Json] = found
    return entries[::step]


def raw_of(entry: Json) -> bytes:
    return base64.b64decode(entry["transaction"][0])


def text(raw: bytes) -> str:
    return base58.b58encode(raw).decode()


def in_encoding(entry: Json, encoding: str) -> Json:
    """An entry in base64 as a node gives it in another encoding."""
    raw = raw_of(entry)
    if encoding in ("base64", "base58"):
        return entry if encoding == "base64" else {**entry, "transaction": [text(raw), "base58"]}
    wire = decode_transaction(raw)
    loaded: Json = entry["meta"].get("loadedAddresses") or {"writable": [], "readonly": []}
    keys = list(map(text, wire.keys))
    every = [*keys, *loaded["writable"], *loaded["readonly"]]
    message: Json = {
        "accountKeys": every if encoding == "json appended" else keys,
        "header": dict(
            zip(
                (
                    "numRequiredSignatures",
                    "numReadonlySignedAccounts",
                    "numReadonlyUnsignedAccounts",
                ),
                wire.header,
                strict=True,
            )
        ),
        "instructions": [
            {
                "programIdIndex": each.program_index,
                "accounts": [*each.accounts],
                "data": text(each.data),
            }
            for each in wire.instructions
        ],
        "recentBlockhash": text(wire.recent_blockhash),
    }
    if wire.version is not None:
        message["addressTableLookups"] = [
            {
                "accountKey": text(each.table),
                "writableIndexes": [*each.writable],
                "readonlyIndexes": [*each.readonly],
            }
            for each in wire.lookups
        ]
    if encoding == "raw jsonParsed":
        message = as_parsed(message, entry, wire, every)
    transaction = {"signatures": list(map(text, wire.signatures)), "message": message}
    return {**entry, "transaction": transaction}


def as_parsed(message: Json, entry: Json, wire: WireTransaction, every: list[str]) -> Json:
    """With flags for a header; programs and accounts of instructions by key, none taken apart."""
    recorded = read_block(block(entry))
    flagged = [
        {
            "pubkey": key,
            "signer": bool(recorded.signer[place]),
            "writable": bool(recorded.writable[place]),
            "source": "transaction" if place < len(wire.keys) else "lookupTable",
        }
        for place, key in enumerate(every)
    ]
    calls = [
        {
            "programId": every[each.program_index],
            "accounts": [every[account] for account in each.accounts],
            "data": text(each.data),
        }
        for each in wire.instructions
    ]
    left = {name: value for name, value in message.items() if name != "header"}
    return {**left, "accountKeys": flagged, "instructions": calls}


@pytest.mark.parametrize("path", ALL_BLOCKS, ids=block_name)
def test_every_signature_of_a_recorded_block_counts(path: Path) -> None:
    found = verified(path)
    assert found.wrong == ()
    assert len(found.unchecked) == (3 if "json_parsed" in path.name else 0)
    assert {each.reason for each in found.unchecked} <= {
        f"the node took instruction {number} apart, so its bytes are not shown; request the block "
        'with "encoding": "base64"'
        for number in (0, 2)
    }


def test_every_signature_of_the_shared_blocks_counts() -> None:
    for path in shared_files("solana"):
        assert verified(path).wrong == (), path


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding_shows_what_was_signed(encoding: str) -> None:
    entries = real_entries(4)
    versions = {entry["version"] for entry in entries}
    assert versions == {"legacy", 0}
    converted = [in_encoding(entry, encoding) for entry in entries]
    signed = sum(raw_of(entry)[0] for entry in entries)
    assert report(*converted) == (signed, (), ())


@pytest.mark.parametrize("encoding", ["json", "raw jsonParsed"])
def test_old_answers_without_versions(encoding: str) -> None:
    entries = [in_encoding(entry, encoding) for entry in real_entries(20)]
    for entry in entries:
        del entry["version"]
    found = report(*entries)
    assert (found.wrong, found.unchecked) == ((), ())


def test_each_flipped_bit_of_the_bytes_is_refused() -> None:
    chance = random.Random(15)
    refused = 0
    for entry in real_entries(60):
        raw = raw_of(entry)
        for bit in chance.sample(range(8 * len(raw)), 40):
            altered = int.from_bytes(raw, "big") ^ 1 << bit
            data = base64.b64encode(altered.to_bytes(len(raw), "big")).decode()
            refused += is_refused({**entry, "transaction": [data, "base64"]})
    assert refused == 40 * len(real_entries(60))


def is_refused(entry: Json) -> bool:
    """Whether an altered entry has a wrong signature, or cannot be read at all."""
    try:
        found = report(entry)
    except InputError:
        return True
    return bool(found.wrong) and found.wrong[0].transaction == text_signature(entry)


def text_signature(entry: Json) -> str:
    transaction: Any = entry["transaction"]
    if "signatures" in transaction:
        return transaction["signatures"][0]
    return text(base64.b64decode(transaction[0])[1:65])


def altered_text(value: str) -> str:
    """Base58 of other bytes, of the same number."""
    raw = bytearray(base58.b58decode(value))
    raw[len(raw) // 2] ^= 1
    return text(bytes(raw))


ALTERATIONS: Final[dict[str, Callable[[Json], object]]] = {
    "signature": lambda t: t["signatures"].__setitem__(0, altered_text(t["signatures"][0])),
    "blockhash": lambda t: t["message"].update(
        recentBlockhash=altered_text(t["message"]["recentBlockhash"])
    ),
    "a blockhash of 31 bytes": lambda t: t["message"].update(recentBlockhash="1" * 31),
    "a blockhash that is no base58": lambda t: t["message"].update(recentBlockhash="0OIl"),
    "data": lambda t: t["message"]["instructions"][0].update(
        data=altered_text(t["message"]["instructions"][0]["data"])
    ),
    "data that is no base58": lambda t: t["message"]["instructions"][0].update(data="0OIl"),
    "no data": lambda t: t["message"]["instructions"][0].pop("data"),
    "accounts": lambda t: t["message"]["instructions"][0]["accounts"].append(0),
    "one instruction less": lambda t: t["message"]["instructions"].pop(),
    "no signature": lambda t: t["message"]["header"].update(numRequiredSignatures=2),
    "one signature more": lambda t: t["signatures"].append(t["signatures"][0]),
    "a second signature that is none": lambda t: t["signatures"].append("0"),
    "header": lambda t: t["message"]["header"].update(
        numReadonlyUnsignedAccounts=t["message"]["header"]["numReadonlyUnsignedAccounts"] - 1
    ),
}


@pytest.mark.parametrize("alteration", ALTERATIONS)
def test_each_altered_part_of_json_is_refused(alteration: str) -> None:
    for entry in real_entries(100):
        converted = in_encoding(entry, "json")
        assert report(converted).ok
        ALTERATIONS[alteration](converted["transaction"])
        assert is_refused(converted)


def test_another_version_or_table_is_refused() -> None:
    entry = next(each for each in real_entries(1) if each["version"] == 0)
    converted = in_encoding(entry, "json")
    lookups: Any = converted["transaction"]["message"]["addressTableLookups"]
    lookups[0]["accountKey"] = altered_text(lookups[0]["accountKey"])
    assert is_refused(converted)
    before = in_encoding(real_entries(1)[0], "json")
    assert before["version"] == "legacy"
    assert is_refused({**before, "version": 0})


def test_a_wrong_signature_names_transaction_and_signer() -> None:
    entries = [in_encoding(entry, "json") for entry in real_entries(100)]
    transaction = entries[1]["transaction"]
    transaction["message"]["recentBlockhash"] = text(bytes(32))
    payer = transaction["message"]["accountKeys"][0]
    found = report(*entries)
    assert found.wrong == ((transaction["signatures"][0], payer),)
    assert not found.ok


def signed_by(
    payer: Keypair, metas: list[AccountMeta], program: Key, signers: list[Keypair]
) -> VersionedTransaction:
    call = Instruction(program, b"abc", metas)
    message = Message.new_with_blockhash([call], payer.pubkey(), Hash.default())
    return VersionedTransaction(message, signers)


def as_entry(made: VersionedTransaction, count: int, version: object = "legacy") -> Json:
    data = base64.b64encode(bytes(made)).decode()
    return {"transaction": [data, "base64"], "meta": meta(count), "version": version}


def test_a_key_that_is_shown_as_read_only_though_it_was_declared_as_written() -> None:
    # The clock may be declared as written, and is demoted: a header cannot tell by the flags.
    payer, other = Keypair(), Keypair()
    clock = Key.from_string(str(Pubkey.of("clock")))
    program = Key.new_unique()
    metas = [
        AccountMeta(other.pubkey(), True, False),
        AccountMeta(clock, False, True),
        AccountMeta(Key.new_unique(), False, True),
        AccountMeta(program, False, True),
    ]
    entry = as_entry(signed_by(payer, metas, program, [payer, other]), 5)
    assert report(entry) == (2, (), ())
    parsed = in_encoding(entry, "raw jsonParsed")
    assert report(parsed) == (2, (), ())
    parsed["transaction"]["message"]["recentBlockhash"] = text(b"\1" * 32)
    found = report(parsed)
    assert [each.signer for each in found.wrong] == [str(payer.pubkey()), str(other.pubkey())]


def test_each_altered_flag_of_a_key_is_refused() -> None:
    # A header counts the keys with a flag, so one in the midst of others could change unnoticed.
    for entry in [in_encoding(each, "raw jsonParsed") for each in real_entries(100)]:
        assert report(entry).ok
        keys: list[Json] = entry["transaction"]["message"]["accountKeys"]
        for key, flag in product(keys, ("signer", "writable")):
            if flag == "writable" and not key[flag]:
                continue  # it may have been declared as written, and demoted
            key[flag] = not key[flag]
            assert is_refused(entry), key
            key[flag] = not key[flag]


def test_a_signer_flag_that_moves_to_another_key_is_refused() -> None:
    entry = in_encoding(real_entries(100)[0], "raw jsonParsed")
    keys: list[Json] = entry["transaction"]["message"]["accountKeys"]
    keys[0]["signer"], keys[-1]["signer"] = False, True
    assert is_refused(entry)


def test_version_1_signs_all_that_stands_before_its_signatures() -> None:
    payer = Keypair()
    call = Instruction(Key.new_unique(), b"abc", [AccountMeta(Key.new_unique(), False, True)])
    config = TransactionConfig(priority_fee=5, compute_unit_limit=100)
    message = MessageV1.try_compile(payer.pubkey(), [call], Hash.default(), config)
    entry = as_entry(VersionedTransaction(message, [payer]), 3, version=1)
    assert report(entry) == (1, (), ())
    raw = bytearray(raw_of(entry))
    raw[50] ^= 1
    entry["transaction"][0] = base64.b64encode(raw).decode()
    assert len(report(entry).wrong) == 1


def test_what_an_answer_does_not_show_is_said() -> None:
    found = report(in_accounts_form(legacy()))
    assert found.ok
    assert found.unchecked[0].transaction == legacy()["transaction"]["signatures"][0]
    assert "its message is left out" in found.unchecked[0].reason
    version_1 = legacy(version=1)
    assert 'of version 1 is only in "base64"' in report(version_1).unchecked[0].reason


def test_lookup_tables_that_are_not_shown() -> None:
    entry = next(each for each in real_entries(1) if each["version"] == 0)
    parsed = in_encoding(entry, "raw jsonParsed")
    del parsed["transaction"]["message"]["addressTableLookups"]
    found = report(parsed)
    assert found.unchecked[0].reason.startswith("the lookup tables that it takes accounts from")


@pytest.mark.parametrize("said", [True, False])
def test_each_flipped_bit_of_a_version_is_refused(said: bool) -> None:
    for version in ("legacy", 0):
        entry = next(each for each in real_entries(1) if each["version"] == version)
        raw = raw_of(entry)
        for place in (0, 1 + 64 * raw[0]):  # the count of signatures, and the message's version
            for bit in range(8):
                altered = bytearray(raw)
                altered[place] ^= 1 << bit
                data = base64.b64encode(altered).decode()
                changed = {**entry, "transaction": [data, "base64"]}
                if not said:
                    del changed["version"]
                with suppress(InputError):
                    assert report(changed).wrong, (version, place, bit)


def test_a_version_that_is_not_known_is_not_checked() -> None:
    data = base64.b64encode(bytes((0x82,)) + bytes(200)).decode()
    entry = {"transaction": [data, "base64"], "meta": meta(1), "version": 2}
    found = report(entry)
    assert found.ok
    assert "version 2" in found.unchecked[0].reason
