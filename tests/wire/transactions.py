"""Transactions for the tests of wire/: strategies, and the same ones as solders has them."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st
from solders.hash import Hash
from solders.instruction import AccountMeta as SoldersMeta
from solders.instruction import Instruction as SoldersInstruction
from solders.keypair import Keypair as SoldersKeypair
from solders.message import Message, MessageV0
from solders.pubkey import Pubkey as Key

from sealane.primitives import AccountMeta, Instruction, Pubkey, Transaction
from sealane.signatures.schemes import PUBLIC_KEY_LEN, SIGNATURE_LEN, Scheme, address_of

BLOCKHASH: Final = bytes(range(32))


def pubkey(number: int) -> Pubkey:
    return Pubkey(bytes((number,)) * 32)


class FakeKey:
    """A key of `scheme` whose signatures are fixed bytes: enough where nothing verifies them."""

    def __init__(self, number: int, scheme: Scheme = Scheme.ML_DSA_44) -> None:
        self.scheme = scheme
        self.public_key = bytes((number,)) * PUBLIC_KEY_LEN[scheme]
        self.address = address_of(scheme, self.public_key)

    def sign(self, message: bytes) -> bytes:
        return bytes((len(message) % 256,)) * SIGNATURE_LEN[self.scheme]


class RealKey:
    """An Ed25519 key, as solders signs with it."""

    def __init__(self, number: int) -> None:
        self.scheme = Scheme.ED25519
        self.keypair = SoldersKeypair.from_seed(bytes((number,)) * 32)
        self.public_key = bytes(self.keypair.pubkey())
        self.address = Pubkey(self.public_key)

    def sign(self, message: bytes) -> bytes:
        return bytes(self.keypair.sign_message(message))


_METAS: Final = st.tuples(st.integers(0, 12).map(pubkey), st.booleans(), st.booleans()).map(
    lambda values: AccountMeta(*values)
)
_INSTRUCTIONS: Final = st.builds(
    Instruction,
    st.integers(10, 15).map(pubkey),
    st.lists(_METAS, max_size=6).map(tuple),
    st.binary(max_size=200),
)


def _paid(calls: list[Instruction], payer: int) -> Transaction:
    return Transaction(calls, payer=pubkey(payer))


TRANSACTIONS: Final = st.builds(_paid, st.lists(_INSTRUCTIONS, max_size=5), st.integers(0, 9))


def with_locks(transaction: Transaction, writes: list[int], reads: list[int]) -> Transaction:
    """The same, locking more accounts than its instructions name."""
    return Transaction(
        transaction.instructions,
        payer=transaction.payer,
        writes=[pubkey(each) for each in writes],
        reads=[pubkey(each) for each in reads],
    )


def solders_message(transaction: Transaction, version: int | None = None) -> bytes:
    """What solders compiles the transaction to."""
    assert transaction.payer is not None
    calls = [
        SoldersInstruction(
            Key(bytes(call.program_id)),
            call.data,
            [SoldersMeta(Key(bytes(m.key)), m.signer, m.writable) for m in call.accounts],
        )
        for call in transaction.instructions
    ]
    payer, blockhash = Key(bytes(transaction.payer)), Hash(BLOCKHASH)
    if version is None:
        return bytes(Message.new_with_blockhash(calls, payer, blockhash))
    return b"\x80" + bytes(MessageV0.try_compile(payer, calls, [], blockhash))
