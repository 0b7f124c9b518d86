"""A block as columns: what goes in one way and is never changed afterwards.

Accounts are interned to dense ids in the order in which the block first names them; everything
else refers to these ids. Objects exist at the edges only: `build_block` makes a block of
Transaction objects, and instructions are read back one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from ..primitives import InputError, Pubkey, Transaction, UsageError
from ..programs.kit.sysvars import SYSVAR_IDS
from ..scheduler import AccessLists
from .account_columns import take_keys
from .key_column import KeyColumn
from .shapes import Shapes, find_shapes

SIGNER: Final = 1  # bits of `account_flags`
WRITABLE: Final = 2
NO_PAYER: Final = -1
_U64_MAX: Final = 2**64 - 1
_COST_MAX: Final = 2**32 - 1  # so that the costs of a whole block add up in 64 bits


@dataclass(frozen=True, slots=True)
class InstructionColumns:
    """Every instruction of a block, m in all, in block order.

    `offsets` int64[n+1]: transaction i has instructions offsets[i] to offsets[i+1].
    `programs` uint32[m]: index into the block's `program_ids`.
    `account_offsets` int64[m+1], `accounts` uint32[·], `account_flags` uint8[·]: the accounts of
    an instruction, as dense ids, with the SIGNER and WRITABLE bits they have in the transaction.
    `data_offsets` int64[m+1], `data` uint8[·]: the instruction data.
    """

    offsets: NDArray[np.int64]
    programs: NDArray[np.uint32]
    account_offsets: NDArray[np.int64]
    accounts: NDArray[np.uint32]
    account_flags: NDArray[np.uint8]
    data_offsets: NDArray[np.int64]
    data: NDArray[np.uint8]

    def columns(self) -> dict[str, NDArray[np.generic]]:
        """The arrays by name, as they are laid into shared memory."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(frozen=True, eq=False)
class Block:
    """n transactions as columns.

    `ids`: the transactions' names, in file order. `keys`: the key of each account id.
    `access`: the locks of each transaction, each account once, at its strongest.
    `payers` int64[n]: account id of the fee payer, NO_PAYER where there is none.
    `fees` uint64[n], lamports. `costs` int64[n]: weight in plans, compute units where known.
    `program_ids`: the programs that instructions refer to. `programs`: the Python programs that
    built instructions, as far as they are known.
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

    def columns(self) -> dict[str, NDArray[np.generic]]:
        """What executing the block takes, as arrays to be laid into shared memory."""
        return {
            "keys": self.key_column.array,
            "program_ids": KeyColumn.of(self.program_ids).array,
            "access_offsets": self.access.offsets,
            "access_accounts": self.access.accounts,
            "access_writes": self.access.writes,
            "payers": self.payers,
            "fees": self.fees,
        } | {f"instruction_{name}": column for name, column in self.instructions.columns().items()}

    @classmethod
    def from_columns(cls, columns: Mapping[str, NDArray[Any]]) -> Block:
        """The block that `columns` describes: enough to execute it; without ids and costs."""
        return cls(
            ids=(),
            keys=KeyColumn(columns["keys"]),
            access=AccessLists(
                columns["access_offsets"],
                columns["access_accounts"],
                columns["access_writes"],
                len(columns["keys"]),
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

    @cached_property
    def shapes(self) -> Shapes:
        """Which transactions look alike, for executing them in groups."""
        columns = self.instructions
        return find_shapes(
            columns.offsets,
            columns.programs,
            columns.account_offsets,
            columns.accounts,
            columns.account_flags,
            columns.data_offsets,
            self.payers,
        )

    def key_rows(self, ids: NDArray[Any]) -> NDArray[np.uint8]:
        """uint8[n, 32]: the keys of these account ids."""
        return take_keys(self.key_column.array, ids)

    @cached_property
    def key_column(self) -> KeyColumn:
        """`keys` as a column, made once."""
        return KeyColumn.of(self.keys)

    def require_runnable(self) -> None:
        """Raise UsageError when a transaction names only its locks."""
        counts = np.diff(self.instructions.offsets)
        locks = np.diff(self.access.offsets)
        bare = np.flatnonzero((counts == 0) & (locks > (self.payers != NO_PAYER)))
        if len(bare):
            raise UsageError(
                f"transaction {self.ids[int(bare[0])]!r} names only its locks: it can be planned, "
                "not run; give it instructions"
            )


class BlockBuilder:
    """Collects transactions, one by one, and makes a block of them."""

    def __init__(self, *, lamports_per_signature: int = 0) -> None:
        _require_range(lamports_per_signature, _U64_MAX, "lamports_per_signature")
        self._lamports_per_signature = lamports_per_signature
        self._ids: dict[str, int] = {}
        self._accounts: dict[Pubkey, int] = {}
        self._program_ids: dict[Pubkey, int] = {}
        self._programs: dict[int, object] = {}
        self._access_counts: list[int] = []
        self._access_accounts: list[int] = []
        self._access_writes: list[bool] = []
        self._payers: list[int] = []
        self._fees: list[int] = []
        self._costs: list[int] = []
        self._instruction_counts: list[int] = []
        self._instruction_programs: list[int] = []
        self._account_counts: list[int] = []
        self._instruction_accounts: list[int] = []
        self._flags: list[int] = []
        self._data_lens: list[int] = []
        self._data = bytearray()

    def add(self, transaction: Transaction) -> None:
        """Append a transaction. Raises InputError for an id that is taken, UsageError for a fee
        or cost that is out of range."""
        position = len(self._ids)
        name = transaction.id if transaction.id is not None else f"t{position}"
        if name in self._ids:
            raise InputError(
                f"transaction id {name!r} is used twice, at positions {self._ids[name]} and "
                f"{position}; ids must be unique"
            )
        flags = self._locks(transaction)
        fee = self._fee(transaction, flags)
        _require_range(fee, _U64_MAX, f"transaction {name!r}: fee")
        cost = 1 if transaction.cost is None else transaction.cost
        _require_range(cost, _COST_MAX, f"transaction {name!r}: cost")
        self._ids[name] = position
        self._access_counts.append(len(flags))
        self._access_accounts.extend(flags)
        self._access_writes.extend(bool(flag & WRITABLE) for flag in flags.values())
        self._add_instructions(transaction, flags)
        payer = transaction.payer
        self._payers.append(NO_PAYER if payer is None else self._intern(payer))
        self._fees.append(fee)
        self._costs.append(cost)

    def _locks(self, transaction: Transaction) -> dict[int, int]:
        """Account id → flags, each account once at its strongest, the payer first."""
        flags: dict[int, int] = {}
        if transaction.payer is not None:
            flags[self._intern(transaction.payer)] = SIGNER | WRITABLE
        for instruction in transaction.instructions:
            for key, signer, writable in instruction.accounts:
                account = self._intern(key)
                # As a node does: nobody can lock a sysvar for writing, whatever is declared.
                writes = writable and key not in SYSVAR_IDS
                flag = (SIGNER if signer else 0) | (WRITABLE if writes else 0)
                flags[account] = flags.get(account, 0) | flag
        for key in transaction.writes:
            account = self._intern(key)
            flags[account] = flags.get(account, 0) | WRITABLE
        for key in transaction.reads:
            flags.setdefault(self._intern(key), 0)
        return flags

    def _add_instructions(self, transaction: Transaction, flags: dict[int, int]) -> None:
        self._instruction_counts.append(len(transaction.instructions))
        for instruction in transaction.instructions:
            program = self._program_ids.setdefault(instruction.program_id, len(self._program_ids))
            self._instruction_programs.append(program)
            if instruction.program is not None:
                self._programs.setdefault(id(instruction.program), instruction.program)
            accounts = [self._accounts[meta.key] for meta in instruction.accounts]
            self._account_counts.append(len(accounts))
            self._instruction_accounts += accounts
            # As in a Solana message: an account's rights are the transaction's, not one call's.
            self._flags += [flags[account] for account in accounts]
            self._data_lens.append(len(instruction.data))
            self._data += instruction.data

    def _fee(self, transaction: Transaction, flags: dict[int, int]) -> int:
        if transaction.fee is not None:
            return transaction.fee
        signatures = sum(flag & SIGNER for flag in flags.values())
        return self._lamports_per_signature * signatures

    def _intern(self, key: Pubkey) -> int:
        return self._accounts.setdefault(key, len(self._accounts))

    def build(self) -> Block:
        """The block of all transactions added so far."""
        access = AccessLists.from_columns(
            _offsets(self._access_counts),
            np.array(self._access_accounts, dtype=np.uint32),
            np.array(self._access_writes, dtype=np.bool_),
            len(self._accounts),
        )
        instructions = InstructionColumns(
            offsets=_offsets(self._instruction_counts),
            programs=np.array(self._instruction_programs, dtype=np.uint32),
            account_offsets=_offsets(self._account_counts),
            accounts=np.array(self._instruction_accounts, dtype=np.uint32),
            account_flags=np.array(self._flags, dtype=np.uint8),
            data_offsets=_offsets(self._data_lens),
            data=np.frombuffer(bytes(self._data), dtype=np.uint8),
        )
        return Block(
            ids=tuple(self._ids),
            keys=tuple(self._accounts),
            access=access,
            payers=np.array(self._payers, dtype=np.int64),
            fees=np.array(self._fees, dtype=np.uint64),
            costs=np.array(self._costs, dtype=np.int64),
            instructions=instructions,
            program_ids=tuple(self._program_ids),
            programs=tuple(self._programs.values()),
        )


def build_block(transactions: Iterable[Transaction], *, lamports_per_signature: int = 0) -> Block:
    """A block of these transactions, in this order.

    Raises InputError for an id that occurs twice.
    """
    builder = BlockBuilder(lamports_per_signature=lamports_per_signature)
    for transaction in transactions:
        builder.add(transaction)
    return builder.build()


def _require_range(value: object, high: int, what: str) -> None:
    if type(value) is not int or not 0 <= value <= high:
        raise UsageError(f"{what} must be an integer in [0, {high}], not {value!r}")


def _offsets(counts: Sequence[int]) -> NDArray[np.int64]:
    offsets = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(np.array(counts, dtype=np.int64), out=offsets[1:])
    return cast(NDArray[np.int64], offsets)
