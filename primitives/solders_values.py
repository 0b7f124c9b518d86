"""What instructions, messages and transactions of solders say, as plain values.

Guarantees: nothing of solders is imported; whatever has the same attributes will do. Rights are
those of the message's header (MessageHeader of the Solana SDK): signers first, and of each kind the
writable ones first. Does not: resolve address lookup tables, or look at signatures.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from .errors import UsageError
from .pubkey import Pubkey, encode_base58


class MetaValues(NamedTuple):
    """One account of an instruction."""

    key: Pubkey
    signer: bool
    writable: bool


class InstructionValues(NamedTuple):
    """One instruction."""

    program_id: Pubkey
    accounts: tuple[MetaValues, ...]
    data: bytes


class TransactionValues(NamedTuple):
    """One transaction. `writes` and `reads`: what it locks beside what instructions name.

    `id`: the first signature in base58, None where it is not signed.
    """

    instructions: tuple[InstructionValues, ...]
    payer: Pubkey | None
    id: str | None
    writes: tuple[Pubkey, ...]
    reads: tuple[Pubkey, ...]


def instruction_values(instruction: Any) -> InstructionValues:
    """What a solders Instruction says. Raises UsageError for anything else."""
    try:
        metas = [
            MetaValues(Pubkey.of(meta.pubkey), bool(meta.is_signer), bool(meta.is_writable))
            for meta in instruction.accounts
        ]
        return InstructionValues(
            Pubkey.of(instruction.program_id), tuple(metas), bytes(instruction.data)
        )
    except (AttributeError, TypeError, ValueError) as error:
        raise _unlike("Instruction", instruction, error) from error


def transaction_values(transaction: Any) -> TransactionValues:
    """What a Transaction, a VersionedTransaction or a message of solders says.

    Raises UsageError for anything else, and for one that looks up accounts in tables: their keys
    are not in it.
    """
    message = getattr(transaction, "message", transaction)
    lookups = len(getattr(message, "address_table_lookups", None) or ())
    if lookups:
        raise UsageError(
            f"this transaction takes accounts from {lookups} address lookup table"
            f"{'' if lookups == 1 else 's'}, and their keys are not in it; make it without tables, "
            "or take it from a getBlock answer, which has the keys"
        )
    try:
        return _values(message, getattr(transaction, "signatures", ()))
    except (AttributeError, IndexError, TypeError, ValueError) as error:
        raise _unlike("Transaction", transaction, error) from error


def _values(message: Any, signatures: Any) -> TransactionValues:
    metas = _metas(message)
    calls: list[Any] = list(message.instructions)
    instructions = [
        InstructionValues(
            metas[int(each.program_id_index)].key,
            tuple(metas[place] for place in bytes(each.accounts)),
            bytes(each.data),
        )
        for each in calls
    ]
    named = {meta.key for each in instructions for meta in each.accounts}
    named |= {each.program_id for each in instructions}
    beside = [meta for meta in metas[1:] if meta.key not in named]
    return TransactionValues(
        tuple(instructions),
        metas[0].key if metas else None,
        _id(signatures),
        tuple(meta.key for meta in beside if meta.writable),
        tuple(meta.key for meta in beside if not meta.writable),
    )


def _metas(message: Any) -> list[MetaValues]:
    keys = [Pubkey.of(key) for key in message.account_keys]
    header = message.header
    signers = int(header.num_required_signatures)
    written_signers = signers - int(header.num_readonly_signed_accounts)
    written = len(keys) - int(header.num_readonly_unsigned_accounts)
    return [
        MetaValues(key, place < signers, place < (written_signers if place < signers else written))
        for place, key in enumerate(keys)
    ]


def _id(signatures: Any) -> str | None:
    first = next((bytes(each) for each in signatures), b"")
    return encode_base58(first) if any(first) else None


def _unlike(wanted: str, given: object, error: Exception) -> UsageError:
    kind = type(given)
    return UsageError(
        f"{wanted}.from_solders takes what solders makes, and this {kind.__module__}."
        f"{kind.__qualname__} is unlike it: {error}"
    )
