"""What the chain asks of a transaction outside of its programs: keys, payer, what it leaves.

Source: validate_account_locks, validate_fee_payer and RentState::transition_allowed of agave, as on
mainnet-beta before SIMD-0392 (relax_post_exec_min_balance_check).
Guarantees: each rule stands in one place. The executors that run many transactions at once
judge the common cases vectorized, and leave every other to be judged here.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ...primitives import SYSTEM_PROGRAM_ID, Account, Failure, Pubkey, TransactionErrors
from ...primitives.known_keys import INCINERATOR_ID
from ...programs.kit import Rent
from ...programs.kit.accounts.record import AccountRecord
from ...programs.kit.program.program_set import ProgramSet
from ...programs.library.nonce_account import NonceAccount, NonceHeader, NonceState, NonceVersion
from ..block.block import Block
from ..block.limits import ACCOUNT_LOCKS_MAX

Lamports: TypeAlias = "int | NDArray[np.uint64]"
_NONCE_HEADERS: Final = frozenset(
    NonceHeader(version=version, state=NonceState.Initialized).encode() for version in NonceVersion
)


def possibly_over_locked(block: Block) -> frozenset[int]:
    """The positions of those that may lock too much: a program may be among the accounts, too."""
    counts = np.diff(block.access.offsets) + np.diff(block.instructions.offsets)
    return frozenset((counts > ACCOUNT_LOCKS_MAX).nonzero()[0].tolist())


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
    return Failure.of_rule(
        TransactionErrors.TooManyAccountLocks,
        f"{count} accounts locked, programs included; {ACCOUNT_LOCKS_MAX} at most",
    )


def refuse_payer(
    key: Pubkey | None, state: Account, fee: int, programs: ProgramSet, rent: Rent
) -> Failure | None:
    """Why a payer (None where there is none) cannot pay `fee`, which is above zero."""
    if key is None:
        return Failure.of_rule(
            TransactionErrors.AccountNotFound, "no payer and no signer: name one"
        )
    if state.lamports == 0:
        return Failure.of_rule(TransactionErrors.AccountNotFound, account=str(key))
    owner = programs.get(state.owner)
    if owner is None or not owner.pays_fees:
        return Failure.of_rule(TransactionErrors.InvalidAccountForFee, account=str(key))
    kept = 0
    if state.owner == SYSTEM_PROGRAM_ID and state.data:
        if not _holds_nonce(state.data):
            return Failure.of_rule(
                TransactionErrors.InvalidAccountForFee,
                "the payer holds data, and no initialized nonce, so it cannot pay fees",
                account=str(key),
            )
        kept = rent.minimum_balance(NonceAccount.layout_size)
    if state.lamports < kept + fee:
        beside = f", of which {kept} stay in a nonce account" if kept else ""
        return Failure.of_rule(
            TransactionErrors.InsufficientFundsForFee,
            f"the payer holds {state.lamports} lamports{beside}, the fee is {fee}",
            account=str(key),
        )
    left, data_len = state.lamports - fee, len(state.data)
    minimum = rent.minimum_balance(data_len) if rent.enforced else 0
    if becomes_rent_paying(state.lamports, left, minimum) and key != INCINERATOR_ID:
        return rent_failure(key, left, data_len, rent)
    return None


def _holds_nonce(data: bytes) -> bool:
    size, start = NonceAccount.layout_size, NonceHeader.layout_size
    return len(data) == size and data[:start] in _NONCE_HEADERS


def becomes_rent_paying(before: Lamports, after: Lamports, minimum: Lamports) -> Any:
    """Whether an account of unchanged size ends where none may: below its rent-exempt `minimum`,
    but not empty. One that was below it already may stay and lose lamports, but gain none.

    For integers, or columns of them: bool, or bool[n].
    """
    return (after > 0) & (after < minimum) & ((after > before) | (before >= minimum))


def rent_minimums(rent: Rent, data_lens: NDArray[np.int64]) -> NDArray[np.uint64]:
    """uint64[n]: the rent-exempt minimum of accounts with data of these lengths."""
    bare = rent.minimum_balance(0)
    each_byte = rent.minimum_balance(1) - bare
    return data_lens.astype(np.uint64) * np.uint64(each_byte) + np.uint64(bare)


def breaks_rent(before: Account, lamports_begun: int, record: AccountRecord, rent: Rent) -> bool:
    """Whether a transaction may not leave an account like this.

    `before`: as it was, `lamports_begun`: what it held when the fee had been taken.
    """
    data_len = len(record.buffer)
    minimum = rent.minimum_balance(data_len)
    if data_len != len(before.data):
        lamports_begun = minimum  # a resized one may not end below it, whatever it held
    broken = becomes_rent_paying(lamports_begun, record.lamports, minimum)
    return bool(broken) and record.key != INCINERATOR_ID


def rent_failure(key: Pubkey, lamports: int, data_len: int, rent: Rent) -> Failure:
    """The failure of a transaction that would leave an account like this."""
    return Failure.of_rule(
        TransactionErrors.InsufficientFundsForRent,
        f"{key} is left with {lamports} lamports: more than nothing, and less than the "
        f"{rent.minimum_balance(data_len)} that exempt its {data_len} bytes from rent",
        account=str(key),
    )
