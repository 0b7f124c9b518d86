"""Transactions as messages, and signed: from what a runtime executes to the bytes of an engine.

Guarantees: a message is compiled as the Solana SDK does it, byte for byte: the payer first, then
signers that are written, signers that are read, others that are written and others that are read,
each in the order of their keys. Decoding the bytes gives a transaction with the same effects.
Does not: hold keys, or know which blockhash is recent.

Source: CompiledKeys of solana-message.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from ..primitives import InputError, Pubkey, Transaction, UsageError
from ..primitives.pubkey import name_of
from ..signatures.schemes import Scheme
from .decoding import (
    ACCOUNTS_MAX,
    HASH_LEN,
    MessageHeader,
    WireInstruction,
    WireMessage,
)
from .message_bytes import message_bytes
from .signed_transaction import INSTRUCTIONS_MAX, MESSAGE_LEN_MAX, Witness, encode_signed


class SigningKey(Protocol):
    """What signs for an account; `Keypair` of signatures/ is one."""

    @property
    def scheme(self) -> Scheme: ...
    @property
    def public_key(self) -> bytes: ...
    @property
    def address(self) -> Pubkey: ...
    def sign(self, message: bytes) -> bytes: ...


def encode_message(
    transaction: Transaction, recent_blockhash: bytes, *, version: int | None = None
) -> bytes:
    """The message that signers of `transaction` sign: a legacy one, or of `version` 0.

    `recent_blockhash`: 32 bytes. Accounts that are only added to are written, as a message has no
    word for them. Raises InputError for a transaction that no message can hold.
    """
    return _Compiled(transaction).encoded(recent_blockhash, version)


def required_signers(transaction: Transaction) -> tuple[Pubkey, ...]:
    """The accounts that have to sign, in the order of their witnesses; the payer is the first."""
    compiled = _Compiled(transaction)
    return compiled.keys[: compiled.header.required_signatures]


def sign_transaction(
    transaction: Transaction, keypairs: Iterable[SigningKey], recent_blockhash: bytes
) -> bytes:
    """The transaction's bytes, signed for all that have to sign, as an engine carries them.

    `keypairs` of other accounts sign nothing. Raises UsageError where a signer has none, InputError
    for a transaction that no message can hold.
    """
    compiled = _Compiled(transaction)
    message = compiled.encoded(recent_blockhash, None)
    by_address = {each.address: each for each in keypairs}
    signers = compiled.keys[: compiled.header.required_signatures]
    missing = [key for key in signers if key not in by_address]
    if missing:
        named = ", ".join(name_of(key) or str(key) for key in missing)
        raise UsageError(f"{transaction!r} is to be signed by {named}, whose keypair is not given")
    witnesses = [
        Witness(pair.scheme, pair.public_key, pair.sign(message))
        for pair in (by_address[key] for key in signers)
    ]
    return encode_signed(message, witnesses)


class _Compiled:
    """The accounts of a transaction in a message's order, and how they divide."""

    def __init__(self, transaction: Transaction) -> None:
        if transaction.payer is None:
            raise UsageError(f"{transaction!r} has no payer: name an account that pays and signs")
        if transaction.plan_only:
            raise UsageError(f"{transaction!r} names only its locks: a message holds instructions")
        self.transaction = transaction
        rights = _rights(transaction, transaction.payer)
        # False sorts before True, and the payer before all others.
        self.keys = (
            transaction.payer,
            *sorted(rights, key=lambda key: (not rights[key][0], not rights[key][1], key)),
        )
        signed = [written for signs, written in rights.values() if signs]
        others = [written for signs, written in rights.values() if not signs]
        self.header = MessageHeader(1 + len(signed), signed.count(False), others.count(False))
        if len(self.keys) > ACCOUNTS_MAX:
            raise InputError(
                f"{transaction!r} names {len(self.keys)} accounts, a message {ACCOUNTS_MAX} at most"
            )
        if len(self.transaction.instructions) > INSTRUCTIONS_MAX:
            raise InputError(
                f"{transaction!r} has {len(self.transaction.instructions)} instructions, a message "
                f"{INSTRUCTIONS_MAX} at most"
            )
        if any(call.program_id == transaction.payer for call in self.transaction.instructions):
            raise InputError(f"{transaction!r} calls its payer: a program pays no fee")

    def encoded(self, recent_blockhash: bytes, version: int | None) -> bytes:
        if version not in (None, 0):
            raise UsageError(f"version={version!r}: give None for a legacy message, or 0")
        if len(recent_blockhash) != HASH_LEN:
            raise UsageError(f"a blockhash has {HASH_LEN} bytes, this {len(recent_blockhash)}")
        places = {key: place for place, key in enumerate(self.keys)}
        calls = tuple(
            [
                WireInstruction(
                    places[call.program_id],
                    bytes([places[meta.key] for meta in call.accounts]),
                    call.data,
                )
                for call in self.transaction.instructions
            ]
        )
        message = message_bytes(
            WireMessage(version, self.header, self.keys, recent_blockhash, calls, ())
        )
        if len(message) > MESSAGE_LEN_MAX:
            raise InputError(
                f"{self.transaction!r} makes a message of {len(message):,} bytes, "
                f"{MESSAGE_LEN_MAX:,} at most: split it"
            )
        return message


def _rights(transaction: Transaction, payer: Pubkey) -> dict[Pubkey, tuple[bool, bool]]:
    """Whether each account but the payer signs, and is written, in any instruction."""
    found: dict[Pubkey, tuple[bool, bool]] = {}
    for call in transaction.instructions:
        found.setdefault(call.program_id, (False, False))
        for meta in call.accounts:
            signs, written = found.get(meta.key, (False, False))
            found[meta.key] = (signs or meta.signer, written or meta.writable)
    locks: Sequence[tuple[Iterable[Pubkey], bool]] = (
        (transaction.writes, True),
        (transaction.adds, True),
        (transaction.reads, False),
    )
    for keys, writes in locks:
        for key in keys:
            signs, written = found.get(key, (False, False))
            found[key] = (signs, written or writes)
    found.pop(payer, None)
    return found
