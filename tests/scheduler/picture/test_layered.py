"""Layered drawings: rows in a good order, nothing overlaps, every edge arrives."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sealane.scheduler.picture.layered import Layered, lay_out
from sealane.scheduler.picture.ordering import crossings, order_layers
from sealane.scheduler.picture.spacing import spaced

GAP = 3


def test_lines_that_cross_are_untangled() -> None:
    links = [[(0, 2), (1, 1), (2, 0)]]
    assert crossings([[0, 1, 2], [0, 1, 2]], links) == 3
    orders = order_layers([3, 3], links)
    assert crossings(orders, links) == 0


@given(st.data())
def test_ordering_never_adds_crossings(data: st.DataObject) -> None:
    sizes = data.draw(st.lists(st.integers(1, 5), min_size=1, max_size=5))
    links = [
        data.draw(st.lists(st.tuples(st.integers(0, a - 1), st.integers(0, b - 1)), unique=True))
        for a, b in pairwise(sizes)
    ]
    orders = order_layers(sizes, links)
    assert [sorted(order) for order in orders] == [list(range(size)) for size in sizes]
    assert crossings(orders, links) <= crossings([list(range(size)) for size in sizes], links)
    assert orders == order_layers(sizes, links)


def test_members_that_want_one_place_share_the_distance() -> None:
    assert spaced([10, 10, 10], [1, 1, 1], [4, 4]) == [6, 10, 14]
    assert spaced([0, 10], [1, 1], [4]) == [0, 10]
    assert spaced([10, 0], [1, 3], [4]) == [0, 4]
    assert spaced([], [], []) == []


@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(1, 5), st.integers(0, 9)), max_size=12))
def test_distances_are_kept(members: list[tuple[int, int, int]]) -> None:
    distances = [distance for _, _, distance in members[1:]]
    places = spaced(
        [want for want, _, _ in members], [weight for _, weight, _ in members], distances
    )
    assert all(
        b - a >= distance for (a, b), distance in zip(pairwise(places), distances, strict=True)
    )


def test_a_long_edge_passes_through_every_row() -> None:
    """0 ─▶ 1 ─▶ 2 and 0 ─▶ 2: in the middle row, the trunk of 0 passes beside 1."""
    found = lay_out([[0], [1], [2]], [(0, 1), (1, 2), (0, 2)], {0: 5, 1: 5, 2: 5}, GAP)
    assert [[(slot.node, slot.is_trunk) for slot in row] for row in found.rows] in (
        [[(0, False)], [(1, False), (0, True)], [(2, False)]],
        [[(0, False)], [(0, True), (1, False)], [(2, False)]],
    )
    assert found.links == [[(0, 0), (0, 1)], [(0, 0), (1, 0)]]


@given(st.data())
def test_every_edge_arrives_and_nothing_overlaps(data: st.DataObject) -> None:
    layer_of = sorted(data.draw(st.lists(st.integers(0, 4), min_size=1, max_size=12)))
    numbers = sorted(set(layer_of))
    layers = [[n for n, layer in enumerate(layer_of) if layer == number] for number in numbers]
    pairs = st.tuples(*[st.sampled_from(range(len(layer_of)))] * 2)
    edges = [
        (a, b) for a, b in data.draw(st.lists(pairs, unique=True)) if layer_of[a] < layer_of[b]
    ]
    widths = {n: data.draw(st.sampled_from([3, 7, 11])) for n in range(len(layer_of))}
    found = lay_out(layers, edges, widths, GAP)
    assert _arrivals(found) == set(edges)
    for row in found.rows:
        for left, right in pairwise(row):
            free = (right.centre - right.width // 2) - (left.centre + left.width // 2)
            assert free > GAP
        assert all(slot.centre - slot.width // 2 >= 0 for slot in row)
        assert all(slot.centre + slot.width // 2 < found.width for slot in row)


def _arrivals(found: Layered) -> set[tuple[int, int]]:
    """The edges that one gets by following the lines of a drawing down."""
    arrived: set[tuple[int, int]] = set()
    for row, links in enumerate(found.links):
        for upper, lower in links:
            slot, target = found.rows[row][upper], found.rows[row + 1][lower]
            if not target.is_trunk:
                arrived.add((slot.node, target.node))
            else:
                assert target.node == slot.node
    return arrived


def test_nothing_is_nothing() -> None:
    assert lay_out([], [], {}, GAP).width == 0
