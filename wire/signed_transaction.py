"""Signed transactions as an ordering engine carries them: bytes in, a plain value out, and back.

    Solana's own form   count of signatures, as many of 64 bytes; the message
    envelope            0x00 0x01; count of witnesses; each a scheme, key and signature; the message

Guarantees: every error is an InputError; takes time and memory linear in the bytes, whose number is
bounded; a transaction has one encoding: decoding and encoding again gives the same bytes. Each
signer that the message requires has its witness, in the message's order.
Does not: verify signatures (`checks` says what to verify), know what chain the bytes are for, or
read addresses from lookup tables: a message that names tables is refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property
from typing import Final, NamedTuple

from ..primitives import AccountMeta, Failure, InputError, Instruction, Pubkey, Transaction
from ..primitives.known_keys import COMPUTE_BUDGET_ID
from ..primitives.pubkey import encode_base58
from ..signatures.schemes import (
    PUBLIC_KEY_LEN,
    SIGNATURE_LEN,
    Scheme,
    SignatureCheck,
    address_of,
)
from .compute_budget import ComputeBudget, default_budget, read_budget
from .decoding import WireMessage, decode_message

ENVELOPE_MARKER: Final = b"\x00\x01"  # no transaction of Solana begins with zero signatures
SCHEME_BYTES: Final = {Scheme.ED25519: 1, Scheme.ML_DSA_44: 2}
# Room for the most instruction data that a nested call may have on Solana (10 KiB), and for as many
# accounts as a transaction may lock. Solana's own 1,232 bytes are those of a UDP packet, and calls
# of Sealane's library would not all fit; its SIMD-0296 allows 4,096.
MESSAGE_LEN_MAX: Final = 16 * 1024
# As many as a transaction may execute, nested ones included (INSTRUCTION_TRACE_MAX).
INSTRUCTIONS_MAX: Final = 64
WITNESSES_MAX: Final = 16  # of an envelope: 60 KiB of ML-DSA-44
_COUNT_MAX: Final = 0x7F  # signatures in Solana's form: a higher first byte is a version
_ENVELOPE_HEAD: Final = len(ENVELOPE_MARKER) + 1
_WITNESS_LEN: Final = {
    scheme: 1 + PUBLIC_KEY_LEN[scheme] + SIGNATURE_LEN[scheme] for scheme in SCHEME_BYTES
}
_SIGNATURE_LEN: Final = SIGNATURE_LEN[Scheme.ED25519]
TRANSACTION_LEN_MAX: Final = (
    _ENVELOPE_HEAD + WITNESSES_MAX * max(_WITNESS_LEN.values()) + MESSAGE_LEN_MAX
)
_SCHEMES: Final = {byte: scheme for scheme, byte in SCHEME_BYTES.items()}


class Witness(NamedTuple):
    """A signature of a message, and the public key that it is by, in bytes."""

    scheme: Scheme
    public_key: bytes
    signature: bytes


class SignedTransaction:
    """A transaction that was decoded: what it does, and who signed it.

    `raw`: as carried. `message`: the bytes that are signed; `message_hash`, their SHA-256, is the
    same whatever the signatures are. `witnesses`: in the order of the message's signers.
    `transaction`: what it does, as a runtime executes it; its id is the first signature in base58,
    as on Solana, or of an envelope the message hash in base58.
    """

    __slots__ = (
        "__dict__",
        "message",
        "message_hash",
        "raw",
        "recent_blockhash",
        "transaction",
        "witnesses",
    )

    def __init__(
        self, raw: bytes, message: bytes, wire: WireMessage, witnesses: tuple[Witness, ...]
    ) -> None:
        self.raw = raw
        self.message = message
        self.message_hash = hashlib.sha256(message).digest()
        self.witnesses = witnesses
        self.recent_blockhash = wire.recent_blockhash
        in_envelope = raw[:1] == ENVELOPE_MARKER[:1]
        identity = self.message_hash if in_envelope else witnesses[0].signature
        self.transaction = _transaction(wire, encode_base58(identity))

    def __repr__(self) -> str:
        return f"SignedTransaction({self.transaction!r}, {len(self.raw)} bytes)"

    def checks(self) -> list[SignatureCheck]:
        """What to verify: one signature for each signer that the message requires."""
        message = self.message
        return [
            SignatureCheck(each.scheme, each.public_key, message, each.signature)
            for each in self.witnesses
        ]

    @cached_property
    def compute_budget(self) -> ComputeBudget | Failure:
        """What it may use and offers; a Failure where the chain's rules refuse what it asks for."""
        calls = self.transaction.instructions
        requests = [
            (place, call.data)
            for place, call in enumerate(calls)
            if call.program_id == COMPUTE_BUDGET_ID
        ]
        return read_budget(len(calls), requests) if requests else default_budget(len(calls))

    @property
    def compute_unit_limit(self) -> int:
        """The compute units that it may use: none where its budget is refused."""
        budget = self.compute_budget
        return 0 if isinstance(budget, Failure) else budget.limit

    @property
    def compute_unit_price(self) -> int:
        """What it offers for a compute unit, in millionths of a lamport."""
        budget = self.compute_budget
        return 0 if isinstance(budget, Failure) else budget.price


def decode_signed(raw: bytes) -> SignedTransaction:
    """Decode exactly one signed transaction. Raises InputError for anything else."""
    if len(raw) > TRANSACTION_LEN_MAX:
        raise InputError(f"{len(raw):,} bytes, a transaction has {TRANSACTION_LEN_MAX:,} at most")
    first = raw[0] if raw else 0
    if raw[:1] == ENVELOPE_MARKER[:1]:
        witnesses, start = _read_witnesses(raw)
        message, wire = _read_message(raw, start)
        _require_witnessed(witnesses, wire)
        return SignedTransaction(raw, message, wire, witnesses)
    if not 0 < first <= _COUNT_MAX:
        found = f"0x{first:02x}" if raw else "no bytes"
        raise InputError(
            f"byte 0: expected 1 to {_COUNT_MAX} signatures, or 0x00 of an envelope, found {found}"
        )
    start = 1 + first * _SIGNATURE_LEN
    if start > len(raw):
        raise InputError(f"byte 1: expected {first} signatures, found {len(raw) - 1} bytes")
    message, wire = _read_message(raw, start)
    _require_count(first, wire)
    witnesses = tuple(
        [
            Witness(
                Scheme.ED25519,
                wire.keys[place],
                raw[1 + place * _SIGNATURE_LEN : 1 + (place + 1) * _SIGNATURE_LEN],
            )
            for place in range(first)
        ]
    )
    return SignedTransaction(raw, message, wire, witnesses)


def encode_signed(message: bytes, witnesses: Sequence[Witness]) -> bytes:
    """The transaction's bytes: in Solana's own form if all signatures are Ed25519, else in an
    envelope.

    `witnesses`: in the order of the message's signers. Raises InputError where they are not those
    that the message requires, or too many or long.
    """
    if all(each.scheme is Scheme.ED25519 for each in witnesses):
        head = bytes((min(len(witnesses), 0xFF),))
        raw = head + b"".join([each.signature for each in witnesses]) + message
    else:
        raw = ENVELOPE_MARKER + bytes((min(len(witnesses), 0xFF),))
        raw += b"".join([_encoded(each) for each in witnesses]) + message
    # What is written here can be read: the reader's rules are the only ones.
    decoded = decode_signed(raw)
    if decoded.witnesses != tuple(witnesses):
        raise InputError("the witnesses are not those of the message's signers, in their order")
    return raw


def _encoded(witness: Witness) -> bytes:
    byte = SCHEME_BYTES.get(witness.scheme)
    if byte is None:
        known = ", ".join(SCHEME_BYTES)
        raise InputError(f"no transaction is signed by {witness.scheme}; it takes {known}")
    return bytes((byte,)) + witness.public_key + witness.signature


def _read_witnesses(raw: bytes) -> tuple[tuple[Witness, ...], int]:
    """The witnesses of an envelope, and where its message begins."""
    if raw[:2] != ENVELOPE_MARKER or len(raw) < _ENVELOPE_HEAD:
        raise InputError("byte 0: expected an envelope, 0x00 0x01 and a count of witnesses")
    count = raw[2]
    if not 0 < count <= WITNESSES_MAX:
        raise InputError(f"byte 2: expected 1 to {WITNESSES_MAX} witnesses, found {count}")
    found: list[Witness] = []
    start = _ENVELOPE_HEAD
    for place in range(count):
        scheme = _SCHEMES.get(raw[start]) if start < len(raw) else None
        if scheme is None:
            raise InputError(f"byte {start}: expected the scheme of witness {place}: 1 or 2")
        key_start, end = start + 1, start + _WITNESS_LEN[scheme]
        if end > len(raw):
            raise InputError(
                f"byte {start}: expected witness {place} ({scheme}, {end - start} bytes), found "
                f"{len(raw) - start} bytes before the end"
            )
        key_end = key_start + PUBLIC_KEY_LEN[scheme]
        found.append(Witness(scheme, raw[key_start:key_end], raw[key_end:end]))
        start = end
    if all(each.scheme is Scheme.ED25519 for each in found):
        raise InputError(
            "byte 2: all witnesses are ed25519: such a transaction has Solana's own form, so that "
            "it has one encoding"
        )
    return tuple(found), start


def _read_message(raw: bytes, start: int) -> tuple[bytes, WireMessage]:
    length = len(raw) - start
    if length > MESSAGE_LEN_MAX:
        raise InputError(
            f"byte {start}: the message has {length:,} bytes, {MESSAGE_LEN_MAX:,} at most"
        )
    wire = decode_message(raw, start)
    if wire.lookups:
        raise InputError(
            "the message takes accounts from address lookup tables, which nothing here resolves; "
            "name all its accounts"
        )
    if len(set(wire.keys)) != len(wire.keys):
        twice = next(key for place, key in enumerate(wire.keys) if key in wire.keys[:place])
        raise InputError(f"account {Pubkey(twice)} appears twice in the message")
    if len(wire.instructions) > INSTRUCTIONS_MAX:
        raise InputError(f"{len(wire.instructions)} instructions, {INSTRUCTIONS_MAX} at most")
    if any(program == 0 for program, _, _ in wire.instructions):
        raise InputError("an instruction calls the payer: a program pays no fee")
    return raw[start:], wire


def _require_count(count: int, wire: WireMessage) -> None:
    required = wire.header.required_signatures
    if count != required:
        raise InputError(f"{count} signatures, the message's header requires {required}")


def _require_witnessed(witnesses: Sequence[Witness], wire: WireMessage) -> None:
    """Refuse witnesses that are not those of the signers, in their order."""
    _require_count(len(witnesses), wire)
    for place, (each, key) in enumerate(zip(witnesses, wire.keys, strict=False)):
        address = address_of(each.scheme, each.public_key)
        if address != key:
            raise InputError(
                f"witness {place} is of account {address}, signer {place} of the message is "
                f"{Pubkey(key)}"
            )


def _transaction(wire: WireMessage, name: str) -> Transaction:
    keys = [Pubkey(key) for key in wire.keys]
    required, readonly_signed, readonly_unsigned = wire.header
    written_signers, written = required - readonly_signed, len(keys) - readonly_unsigned
    metas = [
        AccountMeta(
            key, place < required, place < (written_signers if place < required else written)
        )
        for place, key in enumerate(keys)
    ]
    named = {0}
    calls: list[Instruction] = []
    for program, accounts, data in wire.instructions:
        named.add(program)
        named.update(accounts)
        calls.append(Instruction(keys[program], tuple([metas[n] for n in accounts]), data))
    # Without instructions its locks would make it one that can only be planned. They do nothing.
    if not calls or len(named) == len(keys):
        return Transaction(calls, payer=keys[0], id=name)
    beside = [meta for place, meta in enumerate(metas) if place not in named]
    return Transaction(
        calls,
        payer=keys[0],
        id=name,
        writes=[meta.key for meta in beside if meta.writable],
        reads=[meta.key for meta in beside if not meta.writable],
    )
