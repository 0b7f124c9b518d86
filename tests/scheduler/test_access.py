"""Access lists: what is accepted, what is refused and by which name, and repeated accounts."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given

from sealane.scheduler import ACCOUNTS_MAX, AccessLists, NamedAccess, access

from .shapes import Raw, blocks, columns


def rows(lists: AccessLists) -> list[list[tuple[int, bool]]]:
    return [
        list(zip(accounts.tolist(), writes.tolist(), strict=True))
        for accounts, writes in map(lists.of, range(len(lists)))
    ]


@pytest.mark.parametrize(
    ("given_rows", "kept"),
    [
        ([(3, False), (3, False)], [(3, False)]),
        ([(3, False), (3, True)], [(3, True)]),
        ([(3, True), (3, False)], [(3, True)]),
        ([(3, True), (3, True)], [(3, True)]),
        ([(9, True), (3, False), (9, False), (1, False), (3, True)], [(9, 1), (3, 1), (1, 0)]),
    ],
    ids=["R+R", "R+W", "W+R", "W+W", "order of first appearance"],
)
def test_repeated_account_counts_once_at_its_strongest(
    given_rows: list[tuple[int, bool]], kept: list[tuple[int, bool]]
) -> None:
    """Row 20 of the faults, between two transactions that it must leave alone."""
    neighbour = [(3, False), (9, True)]
    assert rows(columns([neighbour, given_rows, [], neighbour], 10)) == [
        neighbour,
        kept,
        [],
        neighbour,
    ]


@given(blocks())
def test_repeats_go_and_nothing_else_changes(raw: Raw) -> None:
    expected: Raw = []
    for transaction in raw:
        strongest: dict[int, bool] = {}
        for account, is_write in transaction:
            strongest[account] = strongest.get(account, False) or is_write
        expected.append(list(strongest.items()))
    lists = columns(raw, 100)
    assert rows(lists) == expected
    assert lists.positions.tolist() == [p for p, row in enumerate(expected) for _ in row]


def test_columns_have_their_dtypes_and_cannot_be_written() -> None:
    offsets, accounts, writes = np.array([0, 2]), np.array([4, 5]), np.array([True, False])
    lists = AccessLists.from_columns(offsets, accounts, writes, 6)
    assert (lists.offsets.dtype, lists.accounts.dtype, lists.writes.dtype) == (
        np.int64,
        np.uint32,
        np.bool_,
    )
    for column in (lists.offsets, lists.accounts, lists.writes):
        assert not column.flags.writeable
    offsets[0] = 0  # the caller's own arrays stay writable


@pytest.mark.parametrize(
    ("offsets", "accounts", "writes", "message"),
    [
        ([], [], [], "offsets must start with 0"),
        ([1, 1], [0], [True], "offsets must start with 0"),
        ([0, 2, 1, 3], [0, 1, 2], [True] * 3, "transaction 1: its offsets run backwards"),
        ([0, 1], [0, 1], [True] * 2, "offsets end at 1, but there are 2 accesses"),
        ([0, 1, 3], [0, 1, 5], [True] * 3, "transaction 1: account 5 is not within 0 … 4"),
        ([0, 1, 1, 2], [0, -1], [True] * 2, "transaction 2: account -1 is not within 0 … 4"),
        ([0, 1], [0], [True, False], "writes must be bool"),
        ([0, 1], [0], [1], "writes must be bool"),
        ([0, 1], [0.0], [True], "accounts must be one column of integers"),
        ([[0, 1]], [0], [True], "offsets must be one column of integers"),
    ],
)
def test_bad_columns_are_refused(
    offsets: list[int], accounts: list[int], writes: list[bool], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        AccessLists.from_columns(offsets, accounts, writes, 5)


def test_limit_of_transactions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "TRANSACTIONS_MAX", 3)
    assert len(AccessLists.from_columns([0] * 4, [], [], 0)) == 3
    with pytest.raises(ValueError, match="4 transactions, but the limit is 3"):
        AccessLists.from_columns([0] * 5, [], [], 0)


def test_limit_of_accounts() -> None:
    top = ACCOUNTS_MAX - 1
    assert AccessLists.from_columns([0, 1], [top], [True], ACCOUNTS_MAX).accounts.tolist() == [top]
    for beyond in (ACCOUNTS_MAX + 1, -1):
        with pytest.raises(ValueError, match="account_count"):
            AccessLists.from_columns([0], [], [], beyond)


def test_of_refuses_positions_outside() -> None:
    lists = columns([[(0, True)]], 1)
    for position in (-1, 1):
        with pytest.raises(IndexError, match=f"no transaction {position} among 1"):
            lists.of(position)


def test_names_get_ids_by_first_appearance_writes_first() -> None:
    lists, names = AccessLists.from_sets(
        [(["x", 7], ["y"]), NamedAccess(reads=["z"], writes=["x"]), ([], [])]
    )
    assert names == ["y", "x", 7, "z"]
    assert rows(lists) == [[(0, True), (1, False), (2, False)], [(1, True), (3, False)], []]
    assert lists.account_count == 4


def test_a_bare_string_is_not_taken_letter_by_letter() -> None:
    with pytest.raises(ValueError, match="transaction 1: 'alice' stands alone"):
        AccessLists.from_sets([([], []), ("alice", [])])


@pytest.mark.parametrize("hash_seed", ["0", "1", "2"])
def test_sets_of_names_get_the_same_ids_whatever_the_hash_seed(hash_seed: str) -> None:
    code = (
        "from sealane.scheduler import AccessLists\n"
        "print(AccessLists.from_sets([(set('qwerty'), {'B', 'A', 'C'})])[1])"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=True,
    )
    assert printed.stdout.strip() == str(list("ABCeqrtwy"))
