"""Groups by owner: which accounts count, and who pays for all that lock one."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sealane.scheduler import AccessLists
from sealane.scheduler.causes.owners import NOBODY, groups_by_owner, sole_payers

from ..shapes import drawn
from .pairs import Kinds, blocks_with_adds, conflicts


def test_only_accounts_count_that_hold_somebody_back() -> None:
    """a and b are one owner's, c is another's, d nobody's; b is only read, e locked once."""
    access = drawn("Wa Rb", "Wa Rb Wc Wd", "Wc Wd We")
    owner_of = np.full(26, NOBODY)
    owner_of[:5] = [7, 7, 3, NOBODY, 7]
    groups = groups_by_owner(access, owner_of)
    assert [(group.accounts, group.positions.tolist()) for group in groups] == [
        ((2,), [1, 2]),
        ((0,), [0, 1]),
    ]


@given(blocks_with_adds(), st.lists(st.integers(-1, 3), min_size=12, max_size=12))
def test_each_owner_has_its_accounts_and_their_transactions(
    block: tuple[Kinds, AccessLists], some: list[int]
) -> None:
    kinds, access = block
    owners = [*some, *[NOBODY] * 88]
    expected: list[tuple[tuple[int, ...], list[int]]] = []
    for owner in range(4):
        accounts = tuple(a for a in range(100) if owners[a] == owner and conflicts(kinds, a))
        locked = [p for p, row in enumerate(kinds) if row.keys() & set(accounts)]
        if accounts:
            expected.append((accounts, locked))
    found = groups_by_owner(access, np.array(owners))
    assert [(group.accounts, group.positions.tolist()) for group in found] == expected


@given(blocks_with_adds(), st.data())
def test_a_sole_payer_pays_for_all_that_lock_the_account(
    block: tuple[Kinds, AccessLists], data: st.DataObject
) -> None:
    kinds, access = block
    payers = data.draw(st.lists(st.integers(-1, 2), min_size=len(kinds), max_size=len(kinds)))
    found = sole_payers(access, np.array(payers, dtype=np.int64))
    for account in range(100):
        paying = {payers[p] for p, row in enumerate(kinds) if account in row}
        assert found[account] == (paying.pop() if len(paying) == 1 else NOBODY)
