"""The parts that views are drawn with: rows of waves, bars, strips."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.cli.render.bar import bar
from sealane.cli.render.density import density
from sealane.cli.render.strip import BEYOND, cell_size, strip
from sealane.cli.render.wave_rows import WaveRow, wave_rows

PLACES = st.integers(1, 300).flatmap(
    lambda count: st.tuples(st.just(count), st.sets(st.integers(0, count - 1)))
)
WIDTHS = st.lists(st.integers(1, 1000), max_size=900)


def test_few_waves_have_a_row_each() -> None:
    assert wave_rows([5, 1, 1], 3) == [WaveRow(0, 0, 5), WaveRow(1, 1, 1), WaveRow(2, 2, 1)]


def test_neighbours_of_similar_width_are_merged() -> None:
    rows = wave_rows([100, 50, 2, 1, 1, 2, 1, 1], 3)
    assert [(row.label, row.width_text) for row in rows] == [
        ("0", "100"),
        ("1", "50"),
        ("2–7", "1.3"),
    ]


@given(WIDTHS, st.integers(1, 40))
def test_rows_cover_every_wave_once(widths: list[int], rows_max: int) -> None:
    rows = wave_rows(widths, rows_max)
    assert len(rows) <= rows_max
    assert [wave for row in rows for wave in range(row.first, row.last + 1)] == list(
        range(len(widths))
    )
    assert all(row.transactions == sum(widths[row.first : row.last + 1]) for row in rows)


@pytest.mark.parametrize(
    ("value", "drawn"), [(8, "████"), (4, "██"), (1, "▌"), (0.01, "▏"), (0, ""), (7.99, "████")]
)
def test_bars_are_to_scale_and_never_vanish(value: float, drawn: str) -> None:
    assert bar(value, 8, 4) == drawn


def test_no_bar_for_zero() -> None:
    assert bar(0, 0, 4) == ""


def test_a_strip_is_in_proportion() -> None:
    # 2 wait for A, 1 for B, 3 for others, 2 for nobody
    assert strip([2, 1, 3, 2], 8, room=20).plain == "AAB▒▒▒░░"
    assert strip([4, 2, 6, 4], 8, room=20).plain == "AAB▒▒▒░░"


def test_a_strip_beyond_its_room_ends_in_an_arrow() -> None:
    assert strip([9, 0, 0], 9, room=9).plain == "A" * 9
    assert strip([10, 0, 0], 10, room=9).plain == "A" * 8 + BEYOND


@given(st.lists(st.integers(0, 50), min_size=2, max_size=8), st.integers(1, 60))
def test_a_strip_is_as_long_as_asked_for(counts: list[int], cells: int) -> None:
    expected = cells if sum(counts) else 0
    assert len(strip(counts, cells, room=60)) == expected


@pytest.mark.parametrize(
    ("widths", "size"),
    [([], 1), ([80] * 4, 1), ([81] * 4, 2), ([161] * 4, 5), ([401] * 4, 10), ([5, 5, 5, 9999], 1)],
)
def test_cells_are_sized_by_the_common_widths(widths: list[float], size: int) -> None:
    assert cell_size(widths, 80) == size


@pytest.mark.parametrize(
    ("places", "count", "drawn"),
    [
        ([0, 3], 4, "█··█"),
        (range(16), 16, "████"),
        ([0, 4, 5, 8, 9, 10], 16, "░▒▓·"),
        ([], 3, "···"),
        ([], 0, ""),
    ],
)
def test_a_stretch_is_shaded_by_its_share(places: list[int], count: int, drawn: str) -> None:
    assert density(places, count, room=4) == drawn


@given(PLACES, st.integers(1, 50))
def test_every_place_is_seen(places: tuple[int, set[int]], room: int) -> None:
    count, found = places
    drawn = density(found, count, room)
    assert len(drawn) == min(count, room)
    cells = {place * len(drawn) // count for place in found}
    assert {cell for cell, shade in enumerate(drawn) if shade != "·"} == cells
    if len(found) == count:
        assert set(drawn) == {"█"}
