"""Hot accounts: how they rank, and a Counter as the oracle."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.scheduler import AccessLists, HotAccount, hot_accounts

from ..shapes import Raw, blocks, columns, drawn


def test_writes_rank_first_then_reads_then_the_id() -> None:
    """a: 1 write; b: 2 writes; c: 1 write, 1 read; d: 4 reads; e: 1 write, as a; f … z: none."""
    lists = drawn("Wb Rd", "Wb Rd", "Wc Rd", "Rc Rd", "We", "Wa")
    expected = [
        HotAccount(1, writes=2, reads=0),
        HotAccount(2, writes=1, reads=1),
        HotAccount(0, writes=1, reads=0),
        HotAccount(4, writes=1, reads=0),
        HotAccount(3, writes=0, reads=4),
    ]
    assert hot_accounts(lists, 10) == expected
    for limit in range(6):
        assert hot_accounts(lists, limit) == expected[:limit]


def test_a_negative_limit_is_refused() -> None:
    with pytest.raises(ValueError, match="limit is -1"):
        hot_accounts(drawn("Wa"), -1)


@given(blocks(), st.integers(0, 12))
def test_counts_and_order_equal_those_of_a_counter(raw: Raw, limit: int) -> None:
    writes: Counter[int] = Counter()
    reads: Counter[int] = Counter()
    for transaction in raw:
        written = {account for account, is_write in transaction if is_write}
        writes.update(written)
        reads.update({account for account, _ in transaction} - written)
    ranked = sorted(writes.keys() | reads.keys(), key=lambda a: (-writes[a], -reads[a], a))
    assert hot_accounts(columns(raw, 100), limit) == [
        HotAccount(account, writes[account], reads[account]) for account in ranked[:limit]
    ]


def test_adds_are_counted_by_themselves_and_ranked_as_writes() -> None:
    """a: two adds and a read; b: one write; c: one write, one read."""
    accounts = [0, 1, 0, 2, 0, 2]
    writes, adds = [False, True, False, True, False, False], [True, False, True, *[False] * 3]
    access = AccessLists.from_columns([0, 2, 4, 6], accounts, writes, 3, adds)
    assert hot_accounts(access, 3) == [
        HotAccount(0, writes=0, reads=1, adds=2),
        HotAccount(2, writes=1, reads=1),
        HotAccount(1, writes=1, reads=0),
    ]
