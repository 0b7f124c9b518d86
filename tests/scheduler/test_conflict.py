"""Conflicts of two transactions: each kind, all accounts, and a naive oracle."""

from __future__ import annotations

import pytest
from hypothesis import given

from sealane.scheduler import Conflict, ConflictKind, conflicts_between

from .shapes import Raw, blocks, columns, drawn

RAW, WAR, WAW = (
    ConflictKind.READ_AFTER_WRITE,
    ConflictKind.WRITE_AFTER_READ,
    ConflictKind.WRITE_AFTER_WRITE,
)


@pytest.mark.parametrize(
    ("earlier", "later", "kinds"),
    [
        ("Wa", "Ra", [RAW]),
        ("Ra", "Wa", [WAR]),
        ("Wa", "Wa", [WAW]),
        ("Ra", "Ra", []),
        ("Wa", "Wb", []),
        ("Ra Wa", "Ra", [RAW]),
        ("", "Wa", []),
    ],
)
def test_each_kind(earlier: str, later: str, kinds: list[ConflictKind]) -> None:
    assert conflicts_between(drawn(earlier, later), 0, 1) == [Conflict(0, kind) for kind in kinds]


def test_all_accounts_in_the_order_of_their_ids() -> None:
    lists = drawn("Wd Rc Wb Ra", "Wa", "Ra Wb Wc Rd")
    assert conflicts_between(lists, 0, 2) == [
        Conflict(1, WAW),
        Conflict(2, WAR),
        Conflict(3, RAW),
    ]


@pytest.mark.parametrize(("earlier", "later"), [(1, 0), (1, 1)])
def test_the_earlier_one_must_come_before(earlier: int, later: int) -> None:
    with pytest.raises(ValueError, match=f"{earlier} does not come before transaction {later}"):
        conflicts_between(drawn("Wa", "Wa"), earlier, later)


def test_a_position_outside_is_refused() -> None:
    with pytest.raises(IndexError, match="no transaction 2 among 2"):
        conflicts_between(drawn("Wa", "Wa"), 0, 2)


@given(blocks(transactions_max=12))
def test_conflicts_equal_those_found_account_by_account(raw: Raw) -> None:
    lists = columns(raw, 100)
    for later in range(len(raw)):
        for earlier in range(later):
            expected: list[Conflict] = []
            for account in range(100):
                before = [w for a, w in raw[earlier] if a == account]
                after = [w for a, w in raw[later] if a == account]
                if before and after and (any(before) or any(after)):
                    kind = RAW if not any(after) else WAW if any(before) else WAR
                    expected.append(Conflict(account, kind))
            assert conflicts_between(lists, earlier, later) == expected
