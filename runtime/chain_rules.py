"""What the chain asks of a transaction outside of its programs: how many keys, who may pay.

Source: validate_account_locks, validate_fee_payer and get_system_account_kind of agave.
Guarantees: a transaction that is refused here has no effect at all. The executors that run many at
once judge the common cases by column, and leave every other to be judged here.
"""

from __future__ import annotations

from typing import Final

from ..primitives import (
    SYSTEM_PROGRAM_ID,
    Account,
    Errors,
    Failure,
    Pubkey,
    TransactionErrors,
)
from ..programs.kit import Rent
from ..programs.library.nonce_account import NonceAccount, NonceHeader, NonceState, NonceVersion
from .block import Block
from .limits import ACCOUNT_LOCKS_MAX
from .program_set import ProgramSet

_NONCE_HEADERS: Final = frozenset(
    NonceHeader(version=version, state=NonceState.Initialized).encode() for version in NonceVersion
)


def refuse_locks(block: Block, position: int) -> Failure | None:
    """Why a transaction locks too much, if it does. Every key counts, those of programs too."""
    offsets, calls = block.access.offsets, block.instructions.offsets
    start, end = int(offsets[position]), int(offsets[position + 1])
    first, last = int(calls[position]), int(calls[position + 1])
    count = end - start
    if count + last - first <= ACCOUNT_LOCKS_MAX:
        return None
    if count <= ACCOUNT_LOCKS_MAX:  # else a million keys would be made for nothing
        accounts: list[int] = block.access.accounts[start:end].tolist()
        called: list[int] = block.instructions.programs[first:last].tolist()
        keys = {block.keys[account] for account in accounts}
        count = len(keys.union(block.program_ids[index] for index in called))
    if count <= ACCOUNT_LOCKS_MAX:
        return None
    return failure_of(
        TransactionErrors.TooManyAccountLocks,
        f"{count} accounts locked, programs included; {ACCOUNT_LOCKS_MAX} at most",
    )


def refuse_payer(
    key: Pubkey | None, state: Account, fee: int, programs: ProgramSet, rent: Rent
) -> Failure | None:
    """Why a payer, None where there is none, cannot pay `fee`, which is not nothing."""
    if key is None:
        return failure_of(TransactionErrors.AccountNotFound, "no payer and no signer: name one")
    if state.lamports == 0:
        return failure_of(TransactionErrors.AccountNotFound, account=str(key))
    owner = programs.get(state.owner)
    if owner is None or not owner.pays_fees:
        return failure_of(TransactionErrors.InvalidAccountForFee, account=str(key))
    kept = 0
    if state.owner == SYSTEM_PROGRAM_ID and state.data:
        if not _holds_nonce(state.data):
            return failure_of(
                TransactionErrors.InvalidAccountForFee,
                "the payer holds data, and no initialized nonce, so it cannot pay fees",
                str(key),
            )
        kept = rent.minimum_balance(NonceAccount.layout_size)
    if state.lamports < kept + fee:
        beside = f", of which {kept} stay in a nonce account" if kept else ""
        return failure_of(
            TransactionErrors.InsufficientFundsForFee,
            f"the payer holds {state.lamports} lamports{beside}, the fee is {fee}",
            str(key),
        )
    return None


def _holds_nonce(data: bytes) -> bool:
    size, start = NonceAccount.layout_size, NonceHeader.layout_size
    return len(data) == size and data[:start] in _NONCE_HEADERS


def failure_of(error: Errors, message: str = "", account: str | None = None) -> Failure:
    """What a rule of the chain fails a transaction with: no program's, and no instruction's."""
    return Failure(None, error.name, error.code, message or error.message, None, account)
