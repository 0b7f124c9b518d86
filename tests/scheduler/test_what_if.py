"""Access lists with accounts or transactions taken out, beside a block written without them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sealane.scheduler import AccessLists
from sealane.scheduler.what_if import without_accounts, without_transactions

from .shapes import Raw, blocks, columns


def equal(left: AccessLists, right: AccessLists) -> bool:
    return (
        left.offsets.tolist() == right.offsets.tolist()
        and left.accounts.tolist() == right.accounts.tolist()
        and left.writes.tolist() == right.writes.tolist()
        and left.account_count == right.account_count
    )


@given(blocks(), st.data())
def test_what_is_left_is_the_block_written_without_the_rest(raw: Raw, data: st.DataObject) -> None:
    accounts = np.array(data.draw(st.lists(st.booleans(), min_size=100, max_size=100)), np.bool_)
    gone = data.draw(st.lists(st.booleans(), min_size=len(raw), max_size=len(raw)))
    access = columns(raw, 100)
    unlocked: Raw = [[each for each in row if not accounts[each[0]]] for row in raw]
    assert equal(without_accounts(access, accounts), columns(unlocked, 100))
    kept: Raw = [row for row, is_gone in zip(raw, gone, strict=True) if not is_gone]
    assert equal(without_transactions(access, np.array(gone, np.bool_)), columns(kept, 100))
