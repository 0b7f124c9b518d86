"""What lanes add aside: sums of their own, folded exactly, doubted from half of a type's range."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane import Account, Pubkey
from sealane.primitives.integers import U64_MAX
from sealane.programs.kit.accounts.added_record import LAMPORTS, AddsDoubtful, Place
from sealane.runtime.memory.grouped_sums import grouped_sums
from sealane.runtime.memory.lane_sums import aside_columns
from sealane.runtime.memory.working_set import WorkingSet

HALF = 1 << 63
OWNER = Pubkey.of("owner")
FIELD, WIDE = Place(8, 8), Place(16, 16)
LANES = 3


def _lanes(state: Account) -> list[WorkingSet]:
    """The working sets of the parent and of the lanes; account 1 is set aside."""
    columns = WorkingSet.columns_of([state, state])
    columns["heap"] = columns["heap"].copy()  # that of a block is memory of its own
    columns |= aside_columns(np.array([1], dtype=np.uint32), columns, LANES)
    return [WorkingSet(columns, lane, heaps=None, ordered=False) for lane in range(LANES + 1)]


def _state(lamports: int = 5, field: int = 7, wide: int = 9) -> Account:
    data = bytes(8) + field.to_bytes(8, "little") + wide.to_bytes(16, "little")
    return Account(lamports, OWNER, data)


def test_adds_show_once_they_are_folded() -> None:
    parent, first, second, _ = _lanes(_state())
    first.add(1, 3, {FIELD: 1})
    second.add(1, 4, {WIDE: 1 << 100})
    assert parent.load_to_add(1) == _state()
    assert second.load(1) == _state(12, 8, 9 + (1 << 100))
    assert parent.load_to_add(1) == _state(12, 8, 9 + (1 << 100))
    first.add(1, 1, {})
    parent.fold_all()
    assert parent.load(1).lamports == 13


def test_accounts_not_set_aside_are_added_to_in_place() -> None:
    parent, first, *_ = _lanes(_state())
    first.add(0, 3, {FIELD: 1})
    first.add_rows(np.array([0, 1, 0, 1], np.uint32), LAMPORTS, np.array([1, 10, 2, 20], np.uint64))
    assert parent.load_to_add(0) == _state(11, 8)
    assert parent.load_to_add(1) == _state()
    assert parent.load(1) == _state(35)


@pytest.mark.parametrize("place", [LAMPORTS, FIELD, WIDE])
def test_a_sum_of_several_lanes_is_doubted_from_half_of_the_range(place: Place) -> None:
    half = 1 << (8 * place.width - 1)
    for past in (0, 1):
        parent, first, second, _ = _lanes(_state(0, 0, 0))
        for lane, amount in ((first, half - 5), (second, 4 + past)):
            lamports = place is LAMPORTS
            lane.add(1, amount if lamports else 0, {} if lamports else {place: amount})
        if past:
            with pytest.raises(AddsDoubtful):
                parent.fold_all()
        else:
            parent.fold_all()


def test_one_lane_doubts_its_own_sum() -> None:
    _, first, *_ = _lanes(_state())
    first.add(1, HALF - 1, {})
    with pytest.raises(AddsDoubtful):
        first.add(1, 1, {})


def test_a_sum_beyond_the_data_that_the_account_had_is_doubted() -> None:
    _, first, *_ = _lanes(_state())
    first.add(1, 0, {Place(24, 8): 1})
    with pytest.raises(AddsDoubtful):
        first.add(1, 0, {Place(25, 8): 1})


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, U64_MAX)), max_size=6))
def test_grouped_sums_are_exact_below_half(rows: list[tuple[int, int]]) -> None:
    ids = np.array([account for account, _ in rows], dtype=np.uint32)
    accounts, totals, crowded = grouped_sums(ids, np.array([n for _, n in rows], dtype=np.uint64))
    expected = dict.fromkeys(sorted(set(ids.tolist())), 0)
    for account, amount in rows:
        expected[account] += amount
    assert accounts.tolist() == list(expected)
    assert crowded.tolist() == [total >= HALF for total in expected.values()]
    for total, found, doubted in zip(expected.values(), totals.tolist(), crowded, strict=True):
        assert doubted or found == total
