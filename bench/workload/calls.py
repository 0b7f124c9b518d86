"""Builds blocks of calls of one form, column by column, and their accounts.

`Calls` identifies accounts by number; keys are derived from numbers, so that every contestant gets
the same accounts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ...primitives import Pubkey
from ...programs.kit import Program
from ...runtime import Block
from ...runtime.block.block import SIGNER, WRITABLE, InstructionColumns
from ...runtime.columns.key_column import KeyColumn
from ...scheduler import AccessLists

FEE_LAMPORTS: Final = 5_000
STARTING_LAMPORTS: Final = 10**15
READ: Final = 0
WRITE: Final = WRITABLE
SIGN_AND_WRITE: Final = SIGNER | WRITABLE


@dataclass(frozen=True, slots=True)
class Calls:
    """n calls of one instruction.

    `accounts` int64[n, k]: account numbers; `rights`: of each of the k, READ … SIGN_AND_WRITE;
    `data` uint8[n, d]: instruction data; `payer`: which of the k pays the fee.
    """

    program: Program
    accounts: NDArray[np.int64]
    rights: tuple[int, ...]
    data: NDArray[np.uint8]
    payer: int = 0

    def __len__(self) -> int:
        return len(self.accounts)

    def block(self) -> Block:
        """The block of these calls, equal to that of `build_block` for the same transactions."""
        count, width = len(self), len(self.rights)
        numbers, ids = interned(self.accounts.ravel())
        every = np.arange(count + 1, dtype=np.int64)
        flags = np.tile(np.array(self.rights, dtype=np.uint8), count)
        return Block(
            ids=tuple([f"t{position}" for position in range(count)]),
            keys=KeyColumn.of([account_key(number) for number in numbers.tolist()]),
            access=AccessLists.from_columns(
                every * width, ids, (flags & WRITABLE) > 0, len(numbers)
            ),
            payers=ids.reshape(count, width)[:, self.payer].astype(np.int64),
            fees=np.full(count, FEE_LAMPORTS, dtype=np.uint64),
            costs=np.ones(count, dtype=np.int64),
            instructions=InstructionColumns(
                offsets=every,
                programs=np.zeros(count, dtype=np.uint32),
                account_offsets=every * width,
                accounts=ids,
                account_flags=flags,
                data_offsets=every * self.data.shape[1],
                data=self.data.ravel(),
            ),
            program_ids=(self.program.id,),
            programs=(self.program,),
        )


def encoded(tag: bytes, *columns: NDArray[np.generic]) -> NDArray[np.uint8]:
    """uint8[n, d]: instruction data, the tag and then each column's value, little-endian."""
    count = len(columns[0])
    parts = [np.broadcast_to(np.frombuffer(tag, dtype=np.uint8), (count, len(tag)))]
    for column in columns:
        size = column.dtype.itemsize
        parts.append(np.ascontiguousarray(column).view(np.uint8).reshape(count, size))
    return np.concatenate(parts, axis=1)


def interned(numbers: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    """The distinct numbers in order of first occurrence, and the id of each."""
    values, first, inverse = np.unique(numbers, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty(len(order), dtype=np.uint32)
    rank[order] = np.arange(len(order), dtype=np.uint32)
    return values[order], rank[inverse]


def fresh(block: Block) -> Block:
    """A copy of the block as if never executed: nothing is cached for it or for its keys, which are
    new objects."""
    return replace(block, keys=KeyColumn(block.key_column.array.copy()))


def account_key(number: int) -> Pubkey:
    return Pubkey(blake2b(number.to_bytes(8, "little"), digest_size=32).digest())
