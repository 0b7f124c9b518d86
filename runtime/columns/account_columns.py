"""Many account states as columns. An Account object is built only when a row is read.

    lamports uint64[n], owners uint8[n, 32], executable uint8[n],
    data_starts int64[n] (into `heap`, a multiple of 8), data_lens int64[n], heap uint8[·]

Guarantees: behaves as a sequence of Account. Rows without data may have any start.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from ...primitives import Account, Pubkey
from ...primitives.pubkey import PUBKEY_LEN
from .data_heap import HEAP_ALIGNMENT, gather, joined, padded_lens, starts_of
from .ragged import take_keys


class AccountColumns(Sequence[Account]):
    """n account states. See the module's docstring for the columns."""

    __slots__ = ("data_lens", "data_starts", "executable", "heap", "lamports", "owners")

    def __init__(
        self,
        lamports: NDArray[np.uint64],
        owners: NDArray[np.uint8],
        executable: NDArray[np.uint8],
        data_starts: NDArray[np.int64],
        data_lens: NDArray[np.int64],
        heap: NDArray[np.uint8],
    ) -> None:
        self.lamports = lamports
        self.owners = owners
        self.executable = executable
        self.data_starts = data_starts
        self.data_lens = data_lens
        self.heap = heap

    @classmethod
    def of(cls, states: Sequence[Account]) -> AccountColumns:
        """The columns of these states."""
        if isinstance(states, AccountColumns):
            return states
        count = len(states)
        lens = np.fromiter((len(s.data) for s in states), np.int64, count)
        heap = b"".join(s.data + bytes(-len(s.data) % HEAP_ALIGNMENT) for s in states if s.data)
        owners = np.frombuffer(b"".join(s.owner for s in states), dtype=np.uint8)
        return cls(
            lamports=np.fromiter((s.lamports for s in states), np.uint64, count),
            owners=owners.reshape(count, PUBKEY_LEN),
            executable=np.fromiter((s.executable for s in states), np.uint8, count),
            data_starts=starts_of(lens),
            data_lens=lens,
            heap=np.frombuffer(heap, dtype=np.uint8),
        )

    def __len__(self) -> int:
        return len(self.lamports)

    @overload
    def __getitem__(self, index: int) -> Account: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Account]: ...
    def __getitem__(self, index: int | slice) -> Account | Sequence[Account]:
        if isinstance(index, slice):
            return [self[row] for row in range(*index.indices(len(self)))]
        length = int(self.data_lens[index])
        data = b""
        if length:
            start = int(self.data_starts[index])
            data = self.heap[start : start + length].tobytes()
        return Account(
            int(self.lamports[index]),
            Pubkey(self.owners[index].tobytes()),
            data,
            bool(self.executable[index]),
        )

    def __iter__(self) -> Iterator[Account]:
        owners: dict[bytes, Pubkey] = {}
        raw, heap = self.owners.tobytes(), self.heap
        columns = zip(
            self.lamports.tolist(),
            self.executable.tolist(),
            self.data_starts.tolist(),
            self.data_lens.tolist(),
            strict=True,
        )
        for row, (lamports, executable, start, length) in enumerate(columns):
            owner = raw[row * PUBKEY_LEN : (row + 1) * PUBKEY_LEN]
            known = owners.get(owner) or owners.setdefault(owner, Pubkey(owner))
            data = heap[start : start + length].tobytes() if length else b""
            yield Account(lamports, known, data, bool(executable))

    def take(self, rows: NDArray[Any]) -> AccountColumns:
        """A copy of these rows, in this order, with a new heap."""
        lens = self.data_lens.take(rows)
        return AccountColumns(
            self.lamports.take(rows),
            take_keys(self.owners, rows),
            self.executable.take(rows),
            starts_of(lens),
            lens,
            gather(self.heap, self.data_starts.take(rows), lens),
        )

    def replaced(self, states: Mapping[int, Account]) -> AccountColumns:
        """A copy with some rows replaced."""
        if not states:
            return self
        rows = np.fromiter(states, np.int64, len(states))
        new = AccountColumns.of(list(states.values()))
        columns = self.take(np.arange(len(self)))
        columns.lamports[rows] = new.lamports
        columns.owners[rows] = new.owners
        columns.executable[rows] = new.executable
        columns.data_starts[rows] = new.data_starts + len(columns.heap)
        columns.data_lens[rows] = new.data_lens
        columns.heap = np.concatenate((columns.heap, new.heap))
        return columns

    def followed_by(self, more: AccountColumns) -> AccountColumns:
        """These rows, then those of `more`. The length of this heap must be a multiple of 8."""
        return AccountColumns(
            np.concatenate((self.lamports, more.lamports)),
            np.concatenate((self.owners, more.owners)),
            np.concatenate((self.executable, more.executable)),
            np.concatenate((self.data_starts, more.data_starts + len(self.heap))),
            np.concatenate((self.data_lens, more.data_lens)),
            np.concatenate((self.heap, more.heap)),
        )

    def joined_data(self) -> bytes:
        """The data of all rows in order, contiguous and without padding."""
        return joined(self.heap, self.data_starts, self.data_lens)

    def packed_heap(self) -> NDArray[np.uint8]:
        """A heap with only the data of all rows, in order and aligned."""
        if not len(self.heap):
            return self.heap
        held = self.data_lens > 0
        if (self.data_starts == starts_of(self.data_lens))[held].all():
            return self.heap[: int(padded_lens(self.data_lens).sum())]
        return gather(self.heap, self.data_starts, self.data_lens)


class ChangedAccounts(Mapping[int, Account]):
    """The accounts that a block changed, by account id, in any order, with their new states."""

    def __init__(self, ids: NDArray[np.int64], columns: AccountColumns) -> None:
        self.ids = ids
        self.columns = columns

    @classmethod
    def of(cls, states: Mapping[int, Account]) -> ChangedAccounts:
        """These states, by account id."""
        ids = sorted(states)
        columns = AccountColumns.of([states[account] for account in ids])
        return cls(np.array(ids, dtype=np.int64), columns)

    def __len__(self) -> int:
        return len(self.ids)

    def __iter__(self) -> Iterator[int]:
        return iter(self.ids.tolist())

    def __getitem__(self, account: int) -> Account:
        return self.columns[self._row_of[account]]

    @cached_property
    def _row_of(self) -> dict[int, int]:
        return {account: row for row, account in enumerate(self)}
