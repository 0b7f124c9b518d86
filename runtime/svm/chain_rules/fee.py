"""The fee: the payer is debited before the first instruction, and also if the transaction fails.

    cannot pay        nothing runs and nothing is paid; see refuse_payer
    pays, succeeds    the fee is debited, and the instructions' changes are kept
    pays, fails       only the fee is debited

Source: validate_fee_payer of Agave, and its rollback accounts, which a failed transaction leaves.
The payer's owner must be a program whose accounts may pay fees. The payer must hold no data, except
a nonce, which must keep its rent-exempt minimum.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ....primitives import SYSTEM_PROGRAM_ID, Account, Failure, Pubkey, TransactionErrors
from ....primitives.known_keys import INCINERATOR_ID
from ....programs.kit import Rent
from ....programs.kit.program.program_set import ProgramSet
from ....programs.library.nonce_account import NonceAccount, NonceHeader, NonceState, NonceVersion
from .rent import becomes_rent_paying, rent_failure

_NONCE_HEADERS: Final = frozenset(
    NonceHeader(version=version, state=NonceState.Initialized).encode() for version in NonceVersion
)


def refuse_payer(
    key: Pubkey | None, state: Account, fee: int, programs: ProgramSet, rent: Rent
) -> Failure | None:
    """The failure if a payer (`key` None: there is none) cannot pay `fee`, which is above zero."""
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


def debited(payer: Account, fee: int) -> Account:
    """The payer after the fee: its state when the transaction begins, and if it fails."""
    return payer._replace(lamports=payer.lamports - fee)


def doubtful_payers(
    fees: NDArray[np.uint64],
    data_lens: NDArray[np.int64],
    payer_owners: Collection[bytes],
    only_owner: Pubkey | None,
    owned_by: Callable[[bytes], NDArray[np.bool_] | bool],
) -> NDArray[np.bool_]:
    """bool[n]: payers that may be unable to pay these fees, whatever lamports they hold.

    `data_lens`: the lengths of their data. `owned_by`: for a program's id, which of them it owns.
    `only_owner`: the owner, if all have the same one. `payer_owners`: the programs whose accounts
    may pay fees.
    """
    pay = fees != 0
    doubtful = np.zeros(len(fees), dtype=np.bool_)
    if only_owner not in payer_owners:
        able = ~pay
        for owner in payer_owners:
            able |= owned_by(owner)
        doubtful |= ~able
    if data_lens.any():
        # A system account with data may be a nonce, which must keep some of its lamports.
        doubtful |= pay & (data_lens > 0) & owned_by(SYSTEM_PROGRAM_ID)
    return doubtful


def too_poor_text(held: str, fee: str) -> str:
    """The condition that a payer, if not doubtful, holds too little."""
    return f"{held} < {fee}"


def too_poor_or_emptied_text(held: str, fee: str) -> str:
    """The same, or that the fee empties the payer, which is executed alone as well."""
    return f"{fee} and {held} <= {fee}"
