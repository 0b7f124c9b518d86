"""A block as columns, immutable once it is built.

Accounts are interned to dense ids, numbered in the order in which the block first names them;
everything else refers to these ids. Only `build_block` reads Transaction objects.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ...primitives import Pubkey, UsageError
from ...primitives.one_line import counted
from ...primitives.transaction import importable_name, imported_program
from ...scheduler import AccessLists
from ..columns.key_column import KeyColumn
from ..columns.ragged import take_keys
from .allocation import find_allocations, find_too_many
from .shapes import NO_SHAPE, Shapes, find_shapes

SIGNER: Final = 1  # bits of `account_flags`
WRITABLE: Final = 2
ADDS: Final = 4  # beside WRITABLE: the transaction only adds to the account
NO_PAYER: Final = -1


@dataclass(frozen=True, slots=True)
class InstructionColumns:
    """All m instructions of a block, in block order.

    `offsets` int64[n+1]: transaction i has the instructions offsets[i] to offsets[i+1].
    `programs` uint32[m]: index into the block's `program_ids`.
    `account_offsets` int64[m+1], `accounts` uint32[·], `account_flags` uint8[·]: the accounts of
    an instruction, as dense ids, with the SIGNER, WRITABLE and ADDS bits they have in the
    transaction.
    `data_offsets` int64[m+1], `data` uint8[·]: the instruction data.
    """

    offsets: NDArray[np.int64]
    programs: NDArray[np.uint32]
    account_offsets: NDArray[np.int64]
    accounts: NDArray[np.uint32]
    account_flags: NDArray[np.uint8]
    data_offsets: NDArray[np.int64]
    data: NDArray[np.uint8]

    @classmethod
    def none(cls, transactions: int) -> InstructionColumns:
        """Those of a block that can only be planned."""
        offsets = np.zeros(transactions + 1, dtype=np.int64)
        ids, flags = np.zeros(0, dtype=np.uint32), np.zeros(0, dtype=np.uint8)
        return cls(offsets, ids, offsets[:1], ids, flags, offsets[:1], flags)

    def columns(self) -> dict[str, NDArray[np.generic]]:
        """The arrays by name, for packing into shared memory."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(frozen=True, eq=False, repr=False)
class Block:
    """n transactions as columns. `build_block` or `Runtime.prepare` makes one.

    `ids`: the transactions' names, in file order. `keys`: the key of each account id.
    `access`: the locks of each transaction, each account once, with its strongest right.
    `payers` int64[n]: account id of the fee payer, NO_PAYER where there is none.
    `fees` uint64[n], lamports. `costs` int64[n]: weight in plans, in compute units where known.
    `program_ids`: the programs that instructions call. `programs`: the Python programs that built
    instructions, as far as they are known; pickling keeps those that can be imported by name.
    """

    ids: Sequence[str]
    keys: Sequence[Pubkey]
    access: AccessLists
    payers: NDArray[np.int64]
    fees: NDArray[np.uint64]
    costs: NDArray[np.int64]
    instructions: InstructionColumns
    program_ids: Sequence[Pubkey]
    programs: tuple[object, ...] = ()

    def __len__(self) -> int:
        return len(self.payers)

    def __repr__(self) -> str:
        transactions, accounts = len(self), len(self.keys)
        return f"<Block of {counted(transactions, 'transaction')}, {counted(accounts, 'account')}>"

    def __reduce__(self) -> tuple[Any, ...]:
        # Without the cached properties, which are computed again.
        columns = {field: getattr(self, field) for field in self.__dataclass_fields__}
        names = [importable_name(program) for program in columns.pop("programs")]
        return _unpickled, (columns, [name for name in names if name is not None])

    def __copy__(self) -> Block:
        return self  # nothing in it changes

    def __deepcopy__(self, memo: object) -> Block:
        return self

    def columns(self) -> dict[str, NDArray[np.generic]]:
        """The arrays that executing the block requires, for packing into shared memory."""
        added = {} if self.access.adds is None else {"access_adds": self.access.adds}
        return (
            added
            | {
                "keys": self.key_column.array,
                "program_ids": KeyColumn.of(self.program_ids).array,
                "access_offsets": self.access.offsets,
                "access_accounts": self.access.accounts,
                "access_writes": self.access.writes,
                "payers": self.payers,
                "fees": self.fees,
            }
            | {
                f"instruction_{name}": column
                for name, column in self.instructions.columns().items()
            }
        )

    @classmethod
    def from_columns(
        cls, columns: Mapping[str, NDArray[Any]], shapes: Shapes | None = None
    ) -> Block:
        """Rebuild a block from `columns`, complete enough to execute it; without ids and costs.

        `shapes`: those of the block, if they were found before.
        """
        block = cls(
            ids=(),
            keys=KeyColumn(columns["keys"]),
            access=AccessLists(
                columns["access_offsets"],
                columns["access_accounts"],
                columns["access_writes"],
                len(columns["keys"]),
                columns.get("access_adds"),
            ),
            payers=columns["payers"],
            fees=columns["fees"],
            costs=np.zeros(0, dtype=np.int64),
            instructions=InstructionColumns(
                **{
                    name: columns[f"instruction_{name}"]
                    for name in InstructionColumns.__dataclass_fields__
                }
            ),
            program_ids=KeyColumn(columns["program_ids"]),
        )
        if shapes is not None:
            block.__dict__["shapes"] = shapes  # where cached_property looks
        return block

    @cached_property
    def allocations(self) -> dict[int, int]:
        """Bytes of account data that transactions declare to allocate, by position."""
        columns = self.instructions
        return find_allocations(
            columns.offsets,
            columns.programs,
            columns.data_offsets,
            columns.data,
            self.program_ids,
        )

    @cached_property
    def beyond_data(self) -> frozenset[int]:
        """Positions of transactions whose allocations exceed the block's limit."""
        return find_too_many(self.allocations)

    @cached_property
    def shapes(self) -> Shapes:
        """The shape of each transaction, for executing transactions of one shape together."""
        columns = self.instructions
        found = find_shapes(
            columns.offsets,
            columns.programs,
            columns.account_offsets,
            columns.accounts,
            columns.account_flags,
            columns.data_offsets,
            self.payers,
            self.access.offsets,
        )
        found.of[sorted(self.beyond_data)] = NO_SHAPE  # these fail before any call
        return found

    def find_out(self) -> None:
        """Compute the cached properties now, instead of during execution."""
        _ = self.shapes, self.key_column, self.allocations

    def key_rows(self, ids: NDArray[Any]) -> NDArray[np.uint8]:
        """uint8[n, 32]: the keys of the account ids."""
        return take_keys(self.key_column.array, ids)

    @cached_property
    def key_column(self) -> KeyColumn:
        """`keys` as a column, built once."""
        return KeyColumn.of(self.keys)

    def first_plan_only(self) -> int | None:
        """The position of the first transaction that names only its locks, if there is one."""
        counts = np.diff(self.instructions.offsets)
        locks = np.diff(self.access.offsets)
        bare = np.flatnonzero((counts == 0) & (locks > (self.payers != NO_PAYER)))
        return int(bare[0]) if len(bare) else None

    def require_runnable(self) -> None:
        """Raise UsageError if a transaction is plan-only."""
        bare = self.first_plan_only()
        if bare is not None:
            raise UsageError(
                f"transaction {self.ids[bare]!r} names only its locks: it can be planned, "
                "not run; give it instructions. `.schedule()` of a loaded block plans it; for a "
                "recorded one, `sealane replay FILE` runs its recorded balances"
            )


def _unpickled(columns: dict[str, Any], programs: list[tuple[str, str]]) -> Block:
    return Block(**columns, programs=tuple(map(imported_program, programs)))
