"""Messages as solders compiles them, and what comes back from signed ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from solders.message import Message
from solders.transaction import VersionedTransaction

from sealane.primitives import AccountMeta, InputError, Instruction, Transaction, UsageError
from sealane.runtime.block.block_building import build_block
from sealane.signatures.schemes import Scheme
from sealane.wire import (
    decode_signed,
    encode_message,
    required_signers,
    sign_transaction,
)
from sealane.wire.decoding import ACCOUNTS_MAX, decode_message
from sealane.wire.signed_transaction import INSTRUCTIONS_MAX, MESSAGE_LEN_MAX

from .transactions import (
    BLOCKHASH,
    TRANSACTIONS,
    FakeKey,
    RealKey,
    pubkey,
    solders_message,
    with_locks,
)

PAYER, PROGRAM = pubkey(1), pubkey(9)


def call(accounts: int = 0, data_len: int = 0) -> Instruction:
    keys = [pubkey(n) for n in range(10, 10 + accounts)]
    return Instruction(PROGRAM, tuple(map(AccountMeta, keys)), bytes(data_len))


@given(TRANSACTIONS, st.sampled_from([None, 0]))
def test_messages_are_compiled_as_solders_does(
    transaction: Transaction, version: int | None
) -> None:
    expected = solders_message(transaction, version)
    assert encode_message(transaction, BLOCKHASH, version=version) == expected


def test_accounts_stand_by_rights_then_by_key() -> None:
    #        signer  written
    #  5       x        x        payer first, though its key is the highest
    #  4       x        x
    #  2       x        -
    #  1       -        x
    #  0, 3    -        -        3 is the program
    metas = (
        AccountMeta(pubkey(0)),
        AccountMeta(pubkey(1), writable=True),
        AccountMeta(pubkey(2), signer=True),
        AccountMeta(pubkey(4), signer=True),
        AccountMeta(pubkey(4), writable=True),  # rights add up
    )
    made = Transaction([Instruction(pubkey(3), metas)], payer=pubkey(5))
    message = decode_message(encode_message(made, BLOCKHASH))
    assert message.keys == tuple(map(pubkey, (5, 4, 2, 1, 0, 3)))
    assert message.header == (3, 1, 2)
    assert message.recent_blockhash == BLOCKHASH
    assert required_signers(made) == tuple(map(pubkey, (5, 4, 2)))


def real(transaction: Transaction) -> Transaction:
    """The same with accounts that can sign: number n becomes the key of seed n."""
    keys = {pubkey(n): RealKey(n).address for n in range(16)}
    calls = [
        Instruction(
            keys[each.program_id],
            tuple(meta._replace(key=keys[meta.key]) for meta in each.accounts),
            each.data,
        )
        for each in transaction.instructions
    ]
    assert transaction.payer is not None
    return Transaction(calls, payer=keys[transaction.payer])


KEYS = [RealKey(number) for number in range(16)]


@given(TRANSACTIONS)
def test_what_is_signed_decodes_to_the_same_block(transaction: Transaction) -> None:
    """The rights of an account are those of the whole transaction, as a block's columns are."""
    made = real(transaction)
    decoded = decode_signed(sign_transaction(made, KEYS, BLOCKHASH)).transaction
    named = Transaction(made.instructions, payer=made.payer, id=decoded.id)
    wanted, found = build_block([named]), build_block([decoded])
    assert list(found.keys) == list(wanted.keys)
    assert found.ids == wanted.ids
    for column in ("programs", "account_offsets", "accounts", "account_flags", "data"):
        of_found, of_wanted = (getattr(b.instructions, column) for b in (found, wanted))
        assert bytes(of_found) == bytes(of_wanted), column
    assert decode_signed(sign_transaction(decoded, KEYS, BLOCKHASH)).transaction == decoded


@given(TRANSACTIONS)
def test_solders_reads_and_verifies_what_is_signed(transaction: Transaction) -> None:
    made = real(transaction)
    signed = VersionedTransaction.from_bytes(sign_transaction(made, KEYS, BLOCKHASH))
    assert signed.verify_with_results() == [True] * len(required_signers(made))
    assert isinstance(signed.message, Message)
    signed.sanitize()


def test_accounts_that_no_instruction_names_stay_locked() -> None:
    made = with_locks(Transaction([call()], payer=KEYS[0].address), [20], [21])
    decoded = decode_signed(sign_transaction(made, KEYS, BLOCKHASH)).transaction
    assert (decoded.writes, decoded.reads) == ((pubkey(20),), (pubkey(21),))


def test_accounts_that_are_added_to_are_written() -> None:
    meta = AccountMeta(pubkey(3), writable=True, adds=True)
    made = Transaction([Instruction(PROGRAM, (meta,))], payer=PAYER, adds=[pubkey(4)])
    message = decode_message(encode_message(made, BLOCKHASH))
    assert message.keys == tuple(map(pubkey, (1, 3, 4, 9)))
    assert message.header == (1, 0, 1)


def test_other_schemes_sign_in_an_envelope() -> None:
    alice, bob = FakeKey(1), RealKey(2)
    metas = (AccountMeta(bob.address, signer=True),)
    made = Transaction([Instruction(PROGRAM, metas)], payer=alice.address)
    signed = decode_signed(sign_transaction(made, [bob, alice], BLOCKHASH))
    assert [each.scheme for each in signed.witnesses] == [Scheme.ML_DSA_44, Scheme.ED25519]
    assert signed.witnesses[1].signature == bob.sign(signed.message)


def test_a_signer_without_a_keypair_is_named() -> None:
    made = Transaction([call()], payer="alice")
    with pytest.raises(UsageError, match="is to be signed by alice, whose keypair is not given"):
        sign_transaction(made, KEYS, BLOCKHASH)


@pytest.mark.parametrize(
    ("transaction", "complaint"),
    [
        (Transaction([call()]), "has no payer"),
        (Transaction(payer=PAYER, reads=[PAYER]), "names only its locks"),
        (Transaction([call()], payer=PROGRAM), "calls its payer"),
    ],
)
def test_transactions_that_no_message_can_hold(transaction: Transaction, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        encode_message(transaction, BLOCKHASH)


def test_blockhashes_and_versions_are_checked() -> None:
    made = Transaction([call()], payer=PAYER)
    with pytest.raises(UsageError, match="a blockhash has 32 bytes, this 31"):
        encode_message(made, BLOCKHASH[1:])
    with pytest.raises(UsageError, match="version=1: give None"):
        encode_message(made, BLOCKHASH, version=1)


def test_limits_of_a_message() -> None:
    def made(instructions: int, accounts: int = 0, data_len: int = 0) -> Transaction:
        calls = [call(accounts, data_len), *[call()] * (instructions - 1)]
        return Transaction(calls, payer=PAYER)

    assert encode_message(made(INSTRUCTIONS_MAX), BLOCKHASH)
    with pytest.raises(InputError, match="65 instructions, a message 64 at most"):
        encode_message(made(INSTRUCTIONS_MAX + 1), BLOCKHASH)

    locked = Transaction([call(accounts=240)], payer=PAYER, reads=["a", "b"])
    room = ACCOUNTS_MAX - len(decode_message(encode_message(locked, BLOCKHASH)).keys)
    names = [f"account {n}" for n in range(room + 1)]
    fits = Transaction([call(accounts=240)], payer=PAYER, reads=["a", "b", *names[:-1]])
    assert len(decode_message(encode_message(fits, BLOCKHASH)).keys) == ACCOUNTS_MAX
    paid = Transaction(fits.instructions, payer=KEYS[0].address, reads=fits.reads)
    decoded = decode_signed(sign_transaction(paid, KEYS, BLOCKHASH)).transaction
    assert set(decoded.reads) == set(fits.reads)
    with pytest.raises(InputError, match="257 accounts, a message 256 at most"):
        encode_message(
            Transaction([call(accounts=240)], payer=PAYER, reads=["a", "b", *names]), BLOCKHASH
        )

    half = MESSAGE_LEN_MAX // 2  # of data: its length takes two bytes already
    room = MESSAGE_LEN_MAX - len(encode_message(made(1, data_len=half), BLOCKHASH))
    longest = made(1, data_len=half + room)
    assert len(encode_message(longest, BLOCKHASH)) == MESSAGE_LEN_MAX
    past = made(1, data_len=half + room + 1)
    with pytest.raises(InputError, match=r"message of 16,385 bytes, 16,384 at most"):
        encode_message(past, BLOCKHASH)
