"""Rows of accounts grow, shrink and are compacted: each keeps the state that was put last."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane import Account
from sealane.runtime.columns import growing_columns
from sealane.runtime.columns.account_columns import AccountColumns
from sealane.runtime.columns.growing_columns import GrowingColumns

ROWS = 6
lengths = st.sampled_from([0, 1, 7, 8, 9, 24, 100, 400])
puts = st.lists(st.dictionaries(st.integers(0, ROWS - 1), lengths, min_size=1), max_size=25)


@pytest.fixture(autouse=True)
def little_garbage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growing_columns, "_GARBAGE_LEN_MIN", 64)


def put(table: GrowingColumns, states: dict[int, Account]) -> None:
    rows = np.array([*states], dtype=np.int64)
    table.put(rows, AccountColumns.of([*states.values()]))


@given(puts)
def test_every_row_has_the_state_put_last(puts: list[dict[int, int]]) -> None:
    table = GrowingColumns()
    expected = [Account()] * ROWS
    for number, sizes in enumerate(puts, start=1):
        states = {row: Account(number, data=bytes([number]) * n) for row, n in sizes.items()}
        put(table, states)
        for row, state in states.items():
            expected[row] = state
        assert [table.get(row) for row in range(ROWS)] == expected


def test_a_shrunken_row_grows_again_while_others_move() -> None:
    """Compaction removes the spare room that a row had before."""
    table = GrowingColumns()
    put(table, {row: Account(1, data=bytes([row]) * 400) for row in range(ROWS)})
    put(table, {0: Account(1, data=b"x" * 8)})
    grown = {row: Account(1, data=b"y" * 800) for row in range(2, ROWS)}
    put(table, {0: Account(1, data=b"z" * 400), **grown})
    put(table, {0: Account(1, data=b"z" * 392), 2: Account(1, data=b"w" * 900)})
    assert table.get(0).data == b"z" * 392
    assert table.get(1).data == bytes([1]) * 400
    assert [len(table.get(row).data) for row in range(2, ROWS)] == [900, 800, 800, 800]


def test_holes_are_reclaimed() -> None:
    table = GrowingColumns()
    for number in range(1, 200):
        put(table, {0: Account(1, data=bytes(8 * number))})
    assert len(table.columns.heap) < 20 * 8 * 200
