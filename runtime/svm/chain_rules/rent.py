"""Rent: no account may end below its rent-exempt minimum, unless it was below it before.

Source: RentState::transition_allowed of Agave, as on mainnet-beta before SIMD-0392
(relax_post_exec_min_balance_check). Checked for the payer when its fee is taken, and for every
writable account of a transaction that succeeded. Enforced only if the caller asks for it.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ....primitives import Account, Failure, Pubkey, TransactionErrors
from ....primitives.known_keys import INCINERATOR_ID
from ....programs.kit import Rent
from ....programs.kit.accounts.record import AccountRecord

Lamports: TypeAlias = "int | NDArray[np.uint64]"


def becomes_rent_paying(before: Lamports, after: Lamports, minimum: Lamports) -> Any:
    """Whether an account of unchanged size ends below its rent-exempt `minimum` without being
    empty. One that was below it before may stay there and lose lamports, but not gain any.

    Takes integers and returns bool, or takes columns uint64[n] and returns bool[n].
    """
    return (after > 0) & (after < minimum) & ((after > before) | (before >= minimum))


def becomes_rent_paying_text(before: str, after: str, minimum: str) -> str:
    """The same as the source of a condition on variables of these names."""
    return f"0 < {after} < {minimum} and not {after} <= {before} < {minimum}"


def debit_makes_rent_paying_text(before: str, after: str, minimum: str) -> str:
    """The same for an account that can only have lost lamports, such as a payer by its fee."""
    return f"0 < {after} < {minimum} <= {before}"


def rent_minimums(rent: Rent, data_lens: NDArray[np.int64]) -> NDArray[np.uint64]:
    """uint64[n]: the rent-exempt minimum, in lamports, of accounts with data of these lengths."""
    bare = rent.minimum_balance(0)
    each_byte = rent.minimum_balance(1) - bare
    return data_lens.astype(np.uint64) * np.uint64(each_byte) + np.uint64(bare)


def breaks_rent(before: Account, lamports_begun: int, record: AccountRecord, rent: Rent) -> bool:
    """Whether the rule forbids a transaction to leave an account in this state.

    `before`: its state before the transaction. `lamports_begun`: its lamports after the fee.
    """
    data_len = len(record.buffer)
    minimum = rent.minimum_balance(data_len)
    if data_len != len(before.data):
        lamports_begun = minimum  # a resized account must not end below it, whatever it held
    broken = becomes_rent_paying(lamports_begun, record.balance, minimum)
    return bool(broken) and record.key != INCINERATOR_ID


def rent_failure(key: Pubkey, lamports: int, data_len: int, rent: Rent) -> Failure:
    """The failure of a transaction that would leave an account below its rent-exempt minimum."""
    return Failure.of_rule(
        TransactionErrors.InsufficientFundsForRent,
        f"{key} is left with {lamports} lamports: more than nothing, and less than the "
        f"{rent.minimum_balance(data_len)} that exempt its {data_len} bytes from rent",
        account=str(key),
    )
