"""Two machines side by side: LiteSVM, which runs the chain's bytecode, and a Runtime.

What it compares after each transaction: whether it succeeded, the error's code and the index of its
instruction, the account that rent is missed in, and the lamports, owner and data of every account
named so far. What it does not: logs, return data, compute units.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Any, NamedTuple

from solders.account import Account as SvmAccount
from solders.hash import Hash
from solders.instruction import CompiledInstruction
from solders.litesvm import LiteSVM
from solders.message import Message, MessageHeader
from solders.pubkey import Pubkey as SvmKey
from solders.signature import Signature
from solders.transaction import VersionedTransaction
from solders.transaction_metadata import FailedTransactionMetadata
from solders.transaction_status import (
    InstructionErrorCustom,
    TransactionErrorDuplicateInstruction,
    TransactionErrorInstructionError,
    TransactionErrorInsufficientFundsForRent,
    TransactionErrorType,
)

from sealane import Account, Failure, Instruction, Pubkey, Runtime, Transaction
from sealane.primitives.reserved_keys import SYSVARS
from sealane.programs import Sysvars

LAMPORTS_PER_SIGNATURE = 5_000
_NOTHING = (0, bytes(32), b"")


class Ending(NamedTuple):
    """How a transaction ended. `error` is a name of the chain's, or the number of a program's own
    error; `place` the index of the instruction, or the account that holds too little."""

    error: str | int | None = None
    place: int | str | None = None


class Outline(NamedTuple):
    """A message: its keys in order, what they may, and the places of its parts."""

    keys: list[Pubkey]
    header: MessageHeader


class Pair:
    """The same accounts in both machines. Use as a context manager."""

    def __init__(self) -> None:
        self.svm = LiteSVM().with_sigverify(False).with_blockhash_check(False)
        self.svm = self.svm.with_transaction_history(0)
        self.runtime = Runtime(workers=0, rent=True)
        self.keys: set[Pubkey] = set()
        self._sent = 0
        self.next_blockhash()

    def __enter__(self) -> Pair:
        return self

    def __exit__(self, *_: object) -> None:
        self.runtime.close()

    def put(self, key: Pubkey, state: Account) -> None:
        """Put an account in place. One without lamports is not there."""
        self.keys.add(key)
        assert state.lamports > 0
        owner = SvmKey.from_bytes(state.owner)
        self.svm.set_account(
            SvmKey.from_bytes(key), SvmAccount(state.lamports, state.data, owner, state.executable)
        )
        self.runtime.set_account(
            key,
            lamports=state.lamports,
            owner=state.owner,
            data=state.data,
            executable=state.executable,
        )

    def next_blockhash(self) -> None:
        """Another recent blockhash, for nonces to advance to."""
        self.svm.expire_blockhash()
        self.blockhash = self.svm.latest_blockhash()
        self.runtime.sysvars = Sysvars(
            recent_blockhashes=(bytes(self.blockhash),),
            lamports_per_signature=LAMPORTS_PER_SIGNATURE,
        )

    def send(
        self, calls: Sequence[Instruction], payer: Pubkey, *, priority_fee: int = 0
    ) -> tuple[Ending, Ending]:
        """How the transaction ended beside, and here."""
        outline = outline_of(calls, payer)
        self.keys.update(outline.keys)
        message = _message(calls, outline, self.blockhash)
        signatures = outline.header.num_required_signatures
        signed = VersionedTransaction.populate(message, [Signature.default()] * signatures)
        result = self.svm.send_transaction(signed)
        theirs = Ending()
        if isinstance(result, FailedTransactionMetadata):
            theirs = _ending_of_svm(result.err(), outline)
        # Under an id of its own: the same block again would be skipped by a store.
        self._sent += 1
        fee = LAMPORTS_PER_SIGNATURE * signatures + priority_fee
        transaction = Transaction(calls, payer=payer, fee=fee, id=f"t{self._sent}")
        (receipt,) = self.runtime.execute([transaction]).transactions
        return theirs, _ending_of(receipt.error)

    def differing(self, keys: Set[Pubkey]) -> list[str]:
        """What these accounts hold beside and here, of each where that differs."""
        return [
            f"{key}: {theirs[0]} {theirs[1].hex()} {theirs[2].hex()} beside,\n"
            f"    {ours[0]} {ours[1].hex()} {ours[2].hex()} here"
            for key in sorted(keys - SYSVARS)
            if (theirs := self._beside(key)) != (ours := self._here(key))
        ]

    def _beside(self, key: Pubkey) -> tuple[int, bytes, bytes]:
        state = self.svm.get_account(SvmKey.from_bytes(key))
        if state is None or state.executable:
            return _NOTHING
        return state.lamports, bytes(state.owner), bytes(state.data)

    def _here(self, key: Pubkey) -> tuple[int, bytes, bytes]:
        state = self.runtime.account(key)
        if state.executable:  # programs are accounts of another kind here
            return _NOTHING
        return state.lamports, bytes(state.owner), state.data


def outline_of(calls: Sequence[Instruction], payer: Pubkey) -> Outline:
    """The keys of a message: the payer, then in the order in which they are named, those that sign
    first and those that are written first among both."""
    rights: dict[Pubkey, tuple[bool, bool]] = {payer: (True, True)}
    for key, signer, writable, _ in (meta for call in calls for meta in call.accounts):
        signs, writes = rights.get(key, (False, False))
        rights[key] = (signs or signer, writes or writable)
    for call in calls:
        rights.setdefault(call.program_id, (False, False))
    keys = sorted(rights, key=lambda key: (not rights[key][0], not rights[key][1]))
    return Outline(
        keys,
        MessageHeader(
            sum(signs for signs, _ in rights.values()),
            sum(signs and not writes for signs, writes in rights.values()),
            sum(not signs and not writes for signs, writes in rights.values()),
        ),
    )


def _message(calls: Sequence[Instruction], outline: Outline, blockhash: Hash) -> Message:
    place = {key: number for number, key in enumerate(outline.keys)}
    compiled = [
        CompiledInstruction(
            place[call.program_id], call.data, bytes(place[meta.key] for meta in call.accounts)
        )
        for call in calls
    ]
    header = outline.header
    return Message.new_with_compiled_instructions(
        header.num_required_signatures,
        header.num_readonly_signed_accounts,
        header.num_readonly_unsigned_accounts,
        [SvmKey.from_bytes(key) for key in outline.keys],
        blockhash,
        compiled,
    )


def _ending_of_svm(error: TransactionErrorType, outline: Outline) -> Ending:
    match error:
        case TransactionErrorInsufficientFundsForRent():
            return Ending("InsufficientFundsForRent", str(outline.keys[error.account_index]))
        case TransactionErrorDuplicateInstruction():
            return Ending("DuplicateInstruction", error.index)
        case TransactionErrorInstructionError(err=InstructionErrorCustom() as custom):
            return Ending(custom.code, error.index)
        case TransactionErrorInstructionError(err=inner):
            return Ending(_name(inner), error.index)
        case _:
            return Ending(_name(error))


def _name(error: Any) -> str:
    """`InvalidArgument` of `InstructionErrorFieldless.InvalidArgument`."""
    return str(error).rpartition(".")[2]


def _ending_of(error: Failure | None) -> Ending:
    if error is None:
        return Ending()
    if error.instruction is None:
        rent = error.name == "InsufficientFundsForRent"
        return Ending(error.name, error.account if rent else None)
    return Ending(error.name if error.program is None else error.code, error.instruction)
