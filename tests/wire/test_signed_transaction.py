"""Signed transactions: what is decoded, and all that is refused, bounded and without surprise."""

from __future__ import annotations

import hashlib

import base58
import pytest
from hypothesis import given
from hypothesis import strategies as st
from solders.transaction import VersionedTransaction

from sealane.primitives import AccountMeta, Failure, InputError, Instruction, Transaction
from sealane.programs.library.compute_budget import (
    set_compute_unit_limit,
    set_compute_unit_price,
)
from sealane.runtime.block.limits import INSTRUCTION_TRACE_MAX
from sealane.signatures.schemes import Scheme, SignatureCheck, address_of
from sealane.wire import (
    Witness,
    decode_signed,
    encode_message,
    encode_signed,
    sign_transaction,
)
from sealane.wire.signed_transaction import (
    INSTRUCTIONS_MAX,
    MESSAGE_LEN_MAX,
    TRANSACTION_LEN_MAX,
    WITNESSES_MAX,
)

from .transactions import BLOCKHASH, FakeKey, RealKey, pubkey

ALICE, BOB, CAROL = RealKey(1), RealKey(2), FakeKey(3)
PROGRAM = pubkey(9)


def transaction(*signers: FakeKey | RealKey, calls: int = 1) -> Transaction:
    metas = tuple(AccountMeta(each.address, signer=True) for each in signers)
    return Transaction([Instruction(PROGRAM, metas, b"abc")] * calls, payer=signers[0].address)


def signed(*signers: FakeKey | RealKey) -> bytes:
    return sign_transaction(transaction(*signers), signers, BLOCKHASH)


def message_of(*signers: FakeKey | RealKey) -> bytes:
    return encode_message(transaction(*signers), BLOCKHASH)


def witness(key: FakeKey | RealKey, message: bytes) -> Witness:
    return Witness(key.scheme, key.public_key, key.sign(message))


def test_a_transaction_of_solana() -> None:
    raw = signed(ALICE, BOB)
    found = decode_signed(raw)
    assert found.raw == raw
    assert found.message == message_of(ALICE, BOB)
    assert found.message_hash == hashlib.sha256(found.message).digest()
    assert found.recent_blockhash == BLOCKHASH
    assert found.transaction.id == base58.b58encode(raw[1:65]).decode()
    assert found.transaction.payer == ALICE.address
    assert found.checks() == [
        SignatureCheck(Scheme.ED25519, each.public_key, found.message, each.sign(found.message))
        for each in (ALICE, BOB)
    ]
    assert encode_signed(found.message, found.witnesses) == raw


def test_an_envelope_byte_by_byte() -> None:
    raw = signed(CAROL, ALICE)
    message = message_of(CAROL, ALICE)
    assert raw == b"".join(
        (
            b"\x00\x01\x02",
            b"\x02" + CAROL.public_key + CAROL.sign(message),
            b"\x01" + ALICE.public_key + ALICE.sign(message),
            message,
        )
    )
    found = decode_signed(raw)
    assert found.transaction.id == base58.b58encode(hashlib.sha256(message).digest()).decode()
    assert [each.scheme for each in found.checks()] == [Scheme.ML_DSA_44, Scheme.ED25519]
    assert found.checks()[0].public_key == CAROL.public_key
    assert encode_signed(message, found.witnesses) == raw


def test_repr_is_short() -> None:
    text = repr(decode_signed(signed(CAROL)))
    assert text.startswith("SignedTransaction(<Transaction ")
    assert len(text) < 130


@pytest.mark.parametrize("signers", [(ALICE, BOB), (CAROL, ALICE)], ids=["solana", "envelope"])
def test_every_truncation_is_refused(signers: tuple[FakeKey | RealKey, ...]) -> None:
    raw = signed(*signers)
    for length in range(len(raw)):
        with pytest.raises(InputError):
            decode_signed(raw[:length])
    with pytest.raises(InputError, match="expected the end"):
        decode_signed(raw + b"\0")


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        (b"", "found no bytes"),
        (b"\x80" + bytes(100), "expected 1 to 127 signatures, or 0x00 of an envelope, found 0x80"),
        (b"\x00\x02\x01", "expected an envelope"),
        (b"\x00\x01\x00", "expected 1 to 16 witnesses, found 0"),
        (b"\x00\x01\x01\x03" + bytes(9000), "byte 3: expected the scheme of witness 0: 1 or 2"),
        (b"\x00\x01\x01\x02" + bytes(9), r"witness 0 \(ml-dsa-44, 3733 bytes\), found 10"),
        (b"\x7f" + bytes(100), "expected 127 signatures, found 100 bytes"),
    ],
)
def test_beginnings_that_are_refused(raw: bytes, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        decode_signed(raw)


def test_witnesses_that_are_missing_superfluous_doubled_or_of_others() -> None:
    message = message_of(CAROL, ALICE)
    carol, alice, bob = (witness(each, message) for each in (CAROL, ALICE, BOB))
    assert encode_signed(message, [carol, alice])
    for witnesses, complaint in (
        ([carol], "1 signatures, the message's header requires 2"),
        ([carol, alice, bob], "3 signatures, the message's header requires 2"),
        ([carol, carol], f"witness 1 is of account {CAROL.address}, signer 1 of the message is"),
        ([carol, bob], f"witness 1 is of account {BOB.address}"),
        ([bob, carol], f"witness 0 is of account {BOB.address}"),
    ):
        with pytest.raises(InputError, match=complaint):
            encode_signed(message, witnesses)


def test_signatures_of_solanas_form_are_counted_and_of_the_signers() -> None:
    message = message_of(ALICE, BOB)
    alice, bob = (witness(each, message) for each in (ALICE, BOB))
    with pytest.raises(InputError, match="1 signatures, the message's header requires 2"):
        encode_signed(message, [alice])
    with pytest.raises(InputError, match="not those of the message's signers, in their order"):
        encode_signed(message, [bob, alice])


def test_a_transaction_has_one_encoding() -> None:
    message = message_of(ALICE)
    raw = b"\x00\x01\x01\x01" + ALICE.public_key + ALICE.sign(message) + message
    with pytest.raises(InputError, match="all witnesses are ed25519"):
        decode_signed(raw)


def test_schemes_that_sign_no_transaction_are_refused() -> None:
    message = message_of(ALICE)
    with pytest.raises(InputError, match="no transaction is signed by secp256k1"):
        encode_signed(message, [Witness(Scheme.SECP256K1, bytes(20), bytes(65))])


def test_lookup_tables_are_refused() -> None:
    message = b"\x80" + message_of(ALICE) + b"\x01" + bytes(32) + b"\x01\x00\x00"
    with pytest.raises(InputError, match="address lookup tables"):
        decode_signed(b"\x01" + bytes(64) + message)


def test_version_0_without_tables_is_taken() -> None:
    message = encode_message(transaction(ALICE), BLOCKHASH, version=0)
    found = decode_signed(encode_signed(message, [witness(ALICE, message)]))
    assert found.transaction.payer == ALICE.address
    assert found.message[0] == 0x80


# A legacy message by hand: header, keys, blockhash, instructions.
def by_hand(header: bytes, keys: list[int], calls: bytes) -> bytes:
    listed = b"".join(map(pubkey, keys))
    message = header + bytes((len(keys),)) + listed + BLOCKHASH + calls
    return bytes((header[0],)) + bytes(64 * header[0]) + message


@pytest.mark.parametrize(
    ("header", "keys", "calls", "complaint"),
    [
        (b"\x01\x00\x01", [1, 9, 9], b"\x01\x01\x00\x00", "appears twice"),
        (b"\x01\x00\x01", [1, 9], b"\x01\x00\x00\x00", "calls the payer"),
        (b"\x01\x00\x01", [1, 9], b"\x01\x02\x00\x00", "program index 2"),
        (b"\x01\x00\x01", [1, 9], b"\x01\x01\x01\x02\x00", "account index 2"),
        (b"\x01\x01\x01", [1, 9], b"\x00", "1 read-only of 1 signers"),
        (b"\x01\x00\x02", [1, 9], b"\x00", "1 signers and 2 read-only others among 2"),
        (b"\x01\x00\x00", [], b"\x00", "among 0 account keys"),
        (b"\x01\x00\x01", [1, 9], b"\x81\x00\x01\x00\x00", "overlong compact-u16"),
    ],
)
def test_messages_that_nodes_refuse(
    header: bytes, keys: list[int], calls: bytes, complaint: str
) -> None:
    with pytest.raises(InputError, match=complaint):
        decode_signed(by_hand(header, keys, calls))


def test_messages_at_their_edges_are_taken() -> None:
    without_calls = decode_signed(by_hand(b"\x01\x00\x01", [1, 9], b"\x00")).transaction
    assert (without_calls.instructions, without_calls.plan_only) == ((), False)
    signing_program = decode_signed(by_hand(b"\x02\x01\x00", [1, 9], b"\x01\x01\x00\x00"))
    assert signing_program.transaction.instructions[0].program_id == PROGRAM
    assert len(signing_program.checks()) == 2


def test_limits_at_and_past_them() -> None:
    def with_calls(count: int) -> bytes:
        return by_hand(b"\x01\x00\x01", [1, 9], bytes((count,)) + b"\x01\x00\x00" * count)

    assert INSTRUCTIONS_MAX == INSTRUCTION_TRACE_MAX
    found = decode_signed(with_calls(INSTRUCTIONS_MAX)).transaction
    assert len(found.instructions) == INSTRUCTIONS_MAX
    with pytest.raises(InputError, match="65 instructions, 64 at most"):
        decode_signed(with_calls(INSTRUCTIONS_MAX + 1))

    def in_message(length: int) -> bytes:
        head = len(by_hand(b"\x01\x00\x01", [1, 9], b"\x01\x01\x00")) - 65
        spare = length - head - 2
        data = bytes((spare & 0x7F | 0x80, spare >> 7)) + bytes(spare)
        return by_hand(b"\x01\x00\x01", [1, 9], b"\x01\x01\x00" + data)

    assert len(decode_signed(in_message(MESSAGE_LEN_MAX)).message) == MESSAGE_LEN_MAX
    with pytest.raises(InputError, match=r"message has 16,385 bytes, 16,384 at most"):
        decode_signed(in_message(MESSAGE_LEN_MAX + 1))


def test_as_many_witnesses_as_an_envelope_holds() -> None:
    keys = sorted((FakeKey(n) for n in range(WITNESSES_MAX + 1)), key=lambda key: key.address)
    found = decode_signed(signed(*keys[:-1]))
    assert len(found.checks()) == WITNESSES_MAX
    assert len(found.raw) <= TRANSACTION_LEN_MAX
    with pytest.raises(InputError, match="expected 1 to 16 witnesses, found 17"):
        signed(*keys)


def test_longer_bytes_are_not_even_read() -> None:
    with pytest.raises(InputError, match="found 0"):
        decode_signed(b"\x00\x01" + bytes(TRANSACTION_LEN_MAX - 2))
    with pytest.raises(InputError, match=r"76,116 bytes, a transaction has 76,115 at most"):
        decode_signed(b"\x00\x01" + bytes(TRANSACTION_LEN_MAX - 1))


def test_compute_budgets_are_read() -> None:
    def budgeted(*calls: Instruction) -> Transaction:
        return Transaction([*calls, *transaction(ALICE).instructions], payer=ALICE.address)

    def decoded(*calls: Instruction):
        return decode_signed(sign_transaction(budgeted(*calls), [ALICE], BLOCKHASH))

    plain = decoded()
    assert (plain.compute_unit_limit, plain.compute_unit_price) == (200_000, 0)
    priced = decoded(set_compute_unit_price(micro_lamports=7))
    assert (priced.compute_unit_limit, priced.compute_unit_price) == (203_000, 7)
    limited = decoded(set_compute_unit_limit(units=500), set_compute_unit_price(micro_lamports=7))
    assert (limited.compute_unit_limit, limited.compute_unit_price) == (500, 7)
    twice = decoded(set_compute_unit_limit(units=500), set_compute_unit_limit(units=500))
    assert isinstance(twice.compute_budget, Failure)
    assert twice.compute_budget.name == "DuplicateInstruction"
    assert (twice.compute_unit_limit, twice.compute_unit_price) == (0, 0)


@given(st.binary(max_size=600))
def test_any_bytes_decode_or_are_refused(raw: bytes) -> None:
    try:
        found = decode_signed(raw)
    except InputError:
        return
    assert encode_signed(found.message, found.witnesses) == raw


@given(st.data())
def test_changed_bytes_decode_or_are_refused_as_solders_would(data: st.DataObject) -> None:
    """What is taken here, solders takes too. Not the other way: duplicate keys and tables."""
    raw = bytearray(signed(ALICE, BOB))
    for _ in range(data.draw(st.integers(1, 4))):
        # Not in signatures, where any change is taken.
        position = data.draw(st.integers(128, len(raw) - 1) | st.just(0))
        raw[position] = data.draw(st.sampled_from([0, 1, 2, 3, 4, 0x7F, 0x80, 0x81, 0xFF]))
    try:
        found = decode_signed(bytes(raw))
    except InputError:
        return
    assert encode_signed(found.message, found.witnesses) == bytes(raw)
    VersionedTransaction.from_bytes(bytes(raw)).sanitize()


@given(st.data())
def test_changed_envelopes_decode_to_what_was_changed_or_are_refused(data: st.DataObject) -> None:
    raw = bytearray(signed(CAROL, ALICE))
    start = len(raw) - len(message_of(CAROL, ALICE))
    alice = start - 97  # her witness: a scheme, a key and a signature
    places = (
        st.integers(0, 4) | st.integers(alice - 1, alice + 2) | st.integers(start, len(raw) - 1)
    )
    for place in data.draw(st.lists(places, min_size=1, max_size=3)):
        raw[place] = data.draw(st.sampled_from([0, 1, 2, 3, 0x10, 0x11, 0x80, 0xFF]))
    cut = data.draw(st.sampled_from([len(raw)] * 5 + [alice, start]))
    try:
        found = decode_signed(bytes(raw[:cut]))
    except InputError:
        return
    assert encode_signed(found.message, found.witnesses) == bytes(raw[:cut])
    assert [address_of(*each[:2]) for each in found.witnesses] == [CAROL.address, ALICE.address]
