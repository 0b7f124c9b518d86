"""Groups: which accounts are one, held to the pairs of transactions that conflict on each."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from sealane.scheduler import AccessLists
from sealane.scheduler.causes.groups import account_groups, conflicting_accounts
from sealane.scheduler.what_if import commutative

from ..shapes import drawn, seeded
from .pairs import Kinds, blocks_with_adds, conflicts


def grouped(*transactions: str) -> list[str]:
    groups = account_groups(drawn(*transactions))
    return ["".join(chr(ord("a") + account) for account in group.accounts) for group in groups]


@pytest.mark.parametrize(
    ("block", "groups"),
    [
        (("Wa Wb", "Wa Wb", "Wa Wb Wc"), ["ab"]),
        (("Wa Wb", "Wa Wb", "Wa"), ["a", "b"]),
        (("Wa Rb", "Ra Wb"), ["ab"]),  # a lone read conflicts as a write does
        (("Wa Wb", "Ra Rb", "Ra Wb"), ["a", "b"]),  # 1 ── 2 conflict on b alone
        (("Wa", "Rb Wc", "Rb", "Rb"), []),  # locked once, or only read
        ((), []),
    ],
)
def test_accounts_that_cause_the_same_conflicts_are_one_group(
    block: tuple[str, ...], groups: list[str]
) -> None:
    assert grouped(*block) == groups


def test_it_makes_no_difference_whether_several_read_or_add_together() -> None:
    """0 and 1 read a, 2 and 3 add to it; with b it is the other way round."""
    access = drawn("Ra Wb", "Ra Wb", "Wa Rb", "Wa Rb")
    added = np.arange(26) < 2
    assert [group.accounts for group in account_groups(commutative(access, added))] == [(0, 1)]


@given(blocks_with_adds())
def test_groups_equal_those_from_all_pairs(block: tuple[Kinds, AccessLists]) -> None:
    kinds, access = block
    by_conflicts: dict[frozenset[tuple[int, int]], list[int]] = {}
    for account in range(100):
        found = conflicts(kinds, account)
        assert conflicting_accounts(access)[account] == bool(found)
        if found:
            by_conflicts.setdefault(found, []).append(account)
    groups = account_groups(access)
    assert [group.accounts for group in groups] == [tuple(each) for each in by_conflicts.values()]
    for group in groups:
        locking = [p for p, row in enumerate(kinds) if row.keys() & set(group.accounts)]
        assert group.positions.tolist() == locking


def test_a_large_block_takes_no_pairs() -> None:
    """A queue of 20,000: with work for each pair of its transactions this would never end."""
    groups = account_groups(seeded("hot", 20_000))
    assert [group.accounts for group in groups] == [(account,) for account in range(10)]
