"""Access lists: which accounts each transaction reads, writes and adds to, as flat columns.

Guarantees: an `AccessLists` made by `from_columns` or `from_sets` is well formed. Offsets are
monotone, every id is below `account_count`, and a transaction has each account at most once,
at its strongest access: a write beats all, and a read beside an add counts as a write, since it
conflicts with as much. Its columns are read-only views.
Does not: know what an account is. Anything that reads and writes named things will do.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .hierarchy import checked_parents, require_few_above
from .paths import PathTable

# The DAG packs (account, transaction, is-read) in one int64: 32 + 30 + 1 bits.
TRANSACTIONS_MAX = 1 << 30
ACCOUNTS_MAX = 1 << 32
# Of a hierarchy: each account has three flat keys, and the DAG packs those.
NESTED_ACCOUNTS_MAX = 1 << 29

# Kinds of access, where they are compared: see AccessLists.kinds_of.
READ: Final = 0
WRITE: Final = 1
ADD: Final = 2

# By kind: the kinds of access to one account that it conflicts with.
CONFLICTING: Final = ((WRITE, ADD), (READ, WRITE, ADD), (READ, WRITE))

_Column = TypeVar("_Column", bound=NDArray[Any])


class NamedAccess(NamedTuple):
    """What one transaction reads, writes and only adds to, by name.

    A plain `(reads, writes)` or `(reads, writes, adds)` does as well.
    """

    reads: Iterable[Hashable]
    writes: Iterable[Hashable]
    adds: Iterable[Hashable] = ()


GivenAccess = (
    tuple[Iterable[Hashable], Iterable[Hashable]]
    | tuple[Iterable[Hashable], Iterable[Hashable], Iterable[Hashable]]
)


@dataclass(frozen=True, eq=False, repr=False)
class AccessLists:
    """The accesses of transactions 0 … n-1, in block order, one row after another.

    `offsets` int64[n+1]: the accesses of transaction p are rows offsets[p]:offsets[p+1].
    `accounts` uint32[m]: dense account ids, each below `account_count`.
    `writes` bool[m]: whether the access is a write.
    `adds` bool[m], or None where there are none: whether it only adds to the account. Two adds do
    not conflict; an add conflicts with reads and writes. None of them is a write as well.
    `parents` int64[account_count], or None where accounts are no hierarchy: the id of each one's
    parent, -1 for one at the top. An account then conflicts with those above and below it as with
    itself.
    The constructor checks nothing; `from_columns` is the way in for columns from elsewhere.
    """

    offsets: NDArray[np.int64]
    accounts: NDArray[np.uint32]
    writes: NDArray[np.bool_]
    account_count: int
    adds: NDArray[np.bool_] | None = None
    parents: NDArray[np.int64] | None = None

    def __len__(self) -> int:
        """The number of transactions."""
        return len(self.offsets) - 1

    def __repr__(self) -> str:
        transactions, accesses = len(self), len(self.accounts)
        return (
            f"<AccessLists of {transactions:,} transactions, {self.account_count:,} accounts, "
            f"{accesses:,} accesses>"
        )

    @classmethod
    def from_columns(
        cls,
        offsets: ArrayLike,
        accounts: ArrayLike,
        writes: ArrayLike,
        account_count: int,
        adds: ArrayLike | None = None,
        parents: ArrayLike | None = None,
    ) -> AccessLists:
        """Check the columns and drop repeated accounts; shapes as in the class.

        Any integer dtype will do for offsets, accounts and parents. A repeated account stays where
        its transaction first names it, at the strongest of its accesses. What is a write and an
        add is a write.
        Raises ValueError, naming the transaction where there is one to name.
        """
        offset_column = _checked_offsets(_integers(offsets, "offsets"))
        account_column = _integers(accounts, "accounts")
        write_column = _flags(writes, "writes", account_column)
        add_column = None if adds is None else _flags(adds, "adds", account_column) & ~write_column
        if offset_column[-1] != len(account_column):
            raise ValueError(
                f"offsets end at {offset_column[-1]}, but there are {len(account_column)} accesses"
            )
        _check_accounts(offset_column, account_column, account_count)
        lists = cls(
            _read_only(offset_column),
            _read_only(account_column.astype(np.uint32, copy=False)),
            _read_only(write_column),
            int(account_count),
            _read_only(add_column) if add_column is not None and add_column.any() else None,
            None if parents is None else _checked_hierarchy(parents, account_count),
        )
        if lists.parents is not None:
            require_few_above(lists.parents, lists.accounts)
        return _without_repeats(lists)

    @classmethod
    def from_sets(cls, transactions: Sequence[GivenAccess]) -> tuple[AccessLists, list[Hashable]]:
        """Number the names in `(reads, writes)`; return the lists and the name of each id.

        `(reads, writes, adds)` will do as well, for each transaction. Ids go by first appearance,
        a transaction's writes before its reads, and its adds last. The order within a set is not
        defined by Python, so sets are taken in the order of their elements' `repr`.
        Raises ValueError for a bare string, which would be read letter by letter.
        """
        ids: dict[Hashable, int] = {}
        offsets, accounts, writes, adds = _numbered(
            transactions, lambda name: ids.setdefault(name, len(ids))
        )
        return cls.from_columns(offsets, accounts, writes, len(ids), adds), list(ids)

    @classmethod
    def from_paths(cls, transactions: Sequence[GivenAccess]) -> tuple[AccessLists, list[str]]:
        """As `from_sets` of paths such as `bank/alice`: a hierarchy, and the path of each id.

        Paths that only lie above others have ids as well. Raises ValueError, naming the
        transaction, for a name that is no path: see `sealane.scheduler.paths`.

        >>> from sealane.scheduler import AccessLists, build_dag
        >>> access, names = AccessLists.from_paths([([], ["a/b"]), ([], ["a/c"]), (["a/*"], [])])
        >>> names, [wave.tolist() for wave in build_dag(access).waves]
        (['a', 'a/b', 'a/c'], [[0, 1], [2]])
        """
        table = PathTable()
        offsets, accounts, writes, adds = _numbered(transactions, table.id_of)
        access = cls.from_columns(offsets, accounts, writes, len(table), adds, table.parents())
        return access, table.names

    def of(self, position: int) -> tuple[NDArray[np.uint32], NDArray[np.bool_]]:
        """The accounts and the write flags of one transaction. Raises IndexError."""
        if not 0 <= position < len(self):
            raise IndexError(f"no transaction {position} among {len(self)}")
        rows = slice(self.offsets[position], self.offsets[position + 1])
        return self.accounts[rows], self.writes[rows]

    def kinds_of(self, rows: slice | NDArray[np.integer]) -> NDArray[np.uint8]:
        """uint8: READ, WRITE or ADD, for each of these accesses.

        Which of them conflict on one account is told by CONFLICTING.
        """
        kinds = self.writes[rows].astype(np.uint8)
        if self.adds is not None:
            kinds[self.adds[rows]] = ADD
        return kinds

    @cached_property
    def positions(self) -> NDArray[np.uint32]:
        """uint32[m]: the transaction that each access belongs to."""
        return np.repeat(np.arange(len(self), dtype=np.uint32), np.diff(self.offsets))


class _Columns(NamedTuple):
    offsets: list[int]
    accounts: list[int]
    writes: NDArray[np.bool_]
    adds: NDArray[np.bool_]


def _numbered(transactions: Sequence[GivenAccess], id_of: Callable[[Any], int]) -> _Columns:
    """The columns of accesses given by name. Raises ValueError, naming the transaction."""
    accounts: list[int] = []
    kinds: list[int] = []
    offsets = [0]
    for position, given in enumerate(transactions):
        for names, kind in _by_kind(given):
            try:
                found = [id_of(name) for name in _in_order(names)]
            except ValueError as error:
                raise ValueError(f"transaction {position}: {error}") from error
            accounts += found
            kinds += [kind] * len(found)
        offsets.append(len(accounts))
    column = np.array(kinds, dtype=np.uint8)
    return _Columns(offsets, accounts, column == WRITE, column == ADD)


def _by_kind(given: GivenAccess) -> Iterator[tuple[Iterable[Hashable], int]]:
    """The names that a transaction gives, and how it accesses them: writes, reads, then adds."""
    named = NamedAccess(*given)
    yield named.writes, WRITE
    yield named.reads, READ
    yield named.adds, ADD


def _in_order(names: Iterable[Hashable]) -> Iterable[Hashable]:
    if isinstance(names, str | bytes):
        raise ValueError(f"{names!r} stands alone; put it in a list")
    return sorted(names, key=repr) if isinstance(names, Set) else names


def _read_only(column: _Column) -> _Column:
    view = column.view()
    view.setflags(write=False)
    return view


def _integers(column: ArrayLike, name: str) -> NDArray[Any]:
    array = np.asarray(column)
    if array.size == 0:
        array = array.astype(np.int64)
    if array.ndim != 1 or array.dtype.kind not in "iu":
        raise ValueError(f"{name} must be one column of integers, not {array.dtype}[{array.ndim}d]")
    return array


def _flags(column: ArrayLike, name: str, accounts: NDArray[Any]) -> NDArray[np.bool_]:
    array = np.asarray(column)
    if array.size == 0:
        array = array.astype(np.bool_)
    if array.dtype != np.bool_ or array.shape != accounts.shape:
        raise ValueError(
            f"{name} must be bool{list(accounts.shape)}, one for each access, "
            f"not {array.dtype}{list(array.shape)}"
        )
    return array


def _checked_hierarchy(parents: ArrayLike, account_count: int) -> NDArray[np.int64]:
    column = _integers(parents, "parents").astype(np.int64, copy=False)
    if len(column) != account_count:
        raise ValueError(f"{len(column)} parents for {account_count} accounts: give one for each")
    if account_count > NESTED_ACCOUNTS_MAX:
        raise ValueError(
            f"account_count is {account_count}: a hierarchy has at most {NESTED_ACCOUNTS_MAX}"
        )
    return checked_parents(column)


def _checked_offsets(offsets: NDArray[Any]) -> NDArray[np.int64]:
    if len(offsets) == 0 or offsets[0] != 0:
        raise ValueError("offsets must start with 0, one more entry than there are transactions")
    if len(offsets) - 1 > TRANSACTIONS_MAX:
        raise ValueError(f"{len(offsets) - 1} transactions, but the limit is {TRANSACTIONS_MAX}")
    backwards = offsets[1:] < offsets[:-1]
    if backwards.any():
        raise ValueError(f"transaction {int(backwards.argmax())}: its offsets run backwards")
    return offsets.astype(np.int64, copy=False)


def _check_accounts(offsets: NDArray[np.int64], accounts: NDArray[Any], account_count: int) -> None:
    if not 0 <= account_count <= ACCOUNTS_MAX:
        raise ValueError(f"account_count is {account_count}, not within 0 … {ACCOUNTS_MAX}")
    if len(accounts) == 0 or (accounts.min() >= 0 and accounts.max() < account_count):
        return
    row = int(((accounts < 0) | (accounts >= account_count)).argmax())
    position = int(np.searchsorted(offsets, row, side="right")) - 1
    raise ValueError(
        f"transaction {position}: account {accounts[row]} is not within 0 … {account_count - 1}"
    )


def _without_repeats(access: AccessLists) -> AccessLists:
    """One access for each (transaction, account): the first, as strong as all of them."""
    pairs = access.positions.astype(np.int64) << 32 | access.accounts
    ascending = np.sort(pairs)
    repeated = ascending[1:][ascending[1:] == ascending[:-1]] >> 32
    if len(repeated) == 0:
        return access
    # Only the rows of transactions that repeat something pay for the slower stable argsort.
    repeats = np.zeros(len(access), dtype=np.bool_)
    repeats[repeated] = True
    rows = np.flatnonzero(repeats[access.positions])
    rows = rows[np.argsort(pairs[rows], kind="stable")]
    starts = np.flatnonzero(np.diff(pairs[rows], prepend=-1))
    first = rows[starts]
    kinds = access.kinds_of(slice(None))
    kinds[first] = _strongest(kinds[rows], starts)
    kept = np.ones(len(pairs), dtype=np.bool_)
    kept[rows] = False
    kept[first] = True
    kept_before = np.concatenate(([0], np.cumsum(kept)))
    return AccessLists(
        _read_only(kept_before[access.offsets]),
        _read_only(access.accounts[kept]),
        _read_only((kinds == WRITE)[kept]),
        access.account_count,
        None if access.adds is None else _read_only((kinds == ADD)[kept]),
        access.parents,
    )


def _strongest(kinds: NDArray[np.uint8], starts: NDArray[np.intp]) -> NDArray[np.uint8]:
    """Of each run of accesses, the one that conflicts as all do: WRITE where they differ."""
    lowest, highest = np.minimum.reduceat(kinds, starts), np.maximum.reduceat(kinds, starts)
    return np.where(lowest == highest, lowest, np.uint8(WRITE))
