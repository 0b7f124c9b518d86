"""Builds a block from Transaction objects, column by column, to make each object cheap.

Guarantees: the block is the same as if transactions were read one by one; of several errors, that
of the earliest transaction is raised. Does not: look at accounts, or run anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ...primitives import InputError, Transaction, UsageError
from ...primitives.integers import U64_MAX
from ...programs.kit import Program
from ..columns.ragged import offsets_of
from .block import Block, InstructionColumns
from .locks import Locks, find_locks
from .transaction_columns import (
    Calls,
    TransactionColumns,
    read_transactions,
)

_COST_MAX: Final = 2**32 - 1  # so that the costs of a whole block add up in 64 bits
_COST_DEFAULT: Final = 1

_Number = TypeVar("_Number", bound=np.generic)


def build_block(
    transactions: Iterable[Transaction],
    *,
    lamports_per_signature: int = 0,
    crediting: Iterable[Program] | None = None,
) -> Block:
    """Build a block of these transactions, in this order.

    `lamports_per_signature`: the fee of a transaction that states none, for each of its signers.
    `crediting`: with the rule `adds`, the programs whose `Credits[…]` accounts are only added to,
    beside those that built instructions; see crediting.py. None without the rule.
    Raises InputError for an id that occurs twice, UsageError for a fee or cost out of range.
    """
    _require_range(lamports_per_signature, U64_MAX, "lamports_per_signature")
    columns = read_transactions(transactions)
    locks = find_locks(columns, crediting)
    ids, fees, costs = _charges(columns, locks.signatures, lamports_per_signature)
    return Block(
        ids=ids,
        keys=locks.keys,
        access=locks.access,
        payers=locks.payers,
        fees=fees,
        costs=costs,
        instructions=_instructions(columns.calls, locks),
        program_ids=columns.program_ids,
        programs=columns.programs,
    )


def _instructions(calls: Calls, locks: Locks) -> InstructionColumns:
    return InstructionColumns(
        offsets=offsets_of(calls.counts),
        programs=calls.programs,
        account_offsets=offsets_of(calls.account_counts),
        accounts=locks.accounts,
        # As in a Solana message, an account has one set of rights for the whole transaction.
        account_flags=locks.flags,
        data_offsets=offsets_of(calls.data_lens),
        data=calls.data,
    )


def _charges(
    columns: TransactionColumns, signatures: NDArray[np.int64], lamports_per_signature: int
) -> tuple[tuple[str, ...], NDArray[np.uint64], NDArray[np.int64]]:
    """Ids, fees and costs, checked."""
    count, fees, costs = len(columns.ids), columns.fees, columns.costs
    ids = [f"t{place}" if name is None else name for place, name in enumerate(columns.ids)]
    unnamed = columns.ids.count(None) == count  # the default ids are unique
    fees_given = [fee for fee in fees if fee is not None]
    costs_given = [cost for cost in costs if cost is not None]
    sound = (
        (unnamed or len(set(ids)) == count)
        and _all_within(fees_given, U64_MAX)
        and _all_within(costs_given, _COST_MAX)
        and int(signatures.max(initial=0)) * lamports_per_signature <= U64_MAX
    )
    if not sound:
        _require_sound(ids, fees, costs, signatures, lamports_per_signature)
    # A product that wraps around is not used: that transaction states a fee, or was refused above.
    by_signature = signatures.astype(np.uint64) * np.uint64(lamports_per_signature)
    ones = np.full(count, _COST_DEFAULT, dtype=np.int64)
    return tuple(ids), _filled(by_signature, fees, fees_given), _filled(ones, costs, costs_given)


def _all_within(values: Sequence[int], high: int) -> bool:
    return not values or (
        set(map(type, values)) == {int} and min(values) >= 0 and max(values) <= high
    )


def _filled(
    defaults: NDArray[_Number], values: Sequence[int | None], given: ArrayLike
) -> NDArray[_Number]:
    """`values` with the default in place of each None. `given`: the values that are not None."""
    column = np.array(given, dtype=defaults.dtype)
    if len(column) == len(values):
        return column
    defaults[[value is not None for value in values]] = column
    return defaults


def _require_sound(
    ids: Sequence[str],
    fees: Sequence[int | None],
    costs: Sequence[int | None],
    signatures: NDArray[np.int64],
    lamports_per_signature: int,
) -> None:
    """Raise the error of the first invalid transaction, if there is one."""
    positions: dict[str, int] = {}
    rows = zip(ids, fees, costs, signatures.tolist(), strict=True)
    for position, (name, fee, cost, signed) in enumerate(rows):
        if name in positions:
            raise InputError(
                f"transaction id {name!r} is used twice, at positions {positions[name]} and "
                f"{position}; ids must be unique"
            )
        positions[name] = position
        charged = signed * lamports_per_signature if fee is None else fee
        _require_range(charged, U64_MAX, f"transaction {name!r}: fee")
        _require_range(
            _COST_DEFAULT if cost is None else cost, _COST_MAX, f"transaction {name!r}: cost"
        )


def _require_range(value: object, high: int, what: str) -> None:
    if type(value) is not int or not 0 <= value <= high:
        raise UsageError(f"{what} must be an integer in [0, {high}], not {value!r}")
