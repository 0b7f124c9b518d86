"""Legal orders: all edges kept, the same for a seed, and waves really mixed."""

from __future__ import annotations

from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from sealane.scheduler import AccessLists, build_dag, legal_order

from .shapes import Raw, blocks, columns, seeded


@given(blocks(), st.integers(0, 2**32))
def test_every_edge_is_kept(raw: Raw, seed: int) -> None:
    dag = build_dag(columns(raw, 100))
    order: list[int] = legal_order(dag, seed).tolist()
    place = {position: k for k, position in enumerate(order)}
    assert sorted(order) == list(range(len(raw)))
    assert all(place[earlier] < place[later] for earlier, later in dag.edges.tolist())


def test_a_seed_gives_one_order_and_another_seed_another() -> None:
    dag = build_dag(seeded("busy", 500))
    orders = [legal_order(dag, seed).tolist() for seed in (1, 1, 2, 3)]
    assert orders[0] == orders[1]
    assert len({tuple(order) for order in orders}) == 3


def test_every_pair_that_is_free_is_seen_in_both_orders() -> None:
    """
    0 ─► 1 ─► … ─► 9, and 10 … 14 alone: also 9, of the last wave, before any of wave 0.
    """
    dag = build_dag(columns([[(0, True)]] * 10 + [[(k, True)] for k in range(1, 6)], 6))
    seen: set[tuple[int, int]] = set()
    for seed in range(60):
        seen |= set(combinations(legal_order(dag, seed).tolist(), 2))
    free = {(a, b) for a in range(10) for b in range(10, 15)} | set(combinations(range(10, 15), 2))
    assert free | {(b, a) for a, b in free} <= seen


def test_seeds_differ_in_how_eagerly_they_follow_a_chain() -> None:
    """0 ─► 1 ─► … ─► 9, and 10 … 14 alone: run through without a break, or with several."""
    dag = build_dag(columns([[(0, True)]] * 10 + [[(k, True)] for k in range(1, 6)], 6))
    breaks: set[int] = set()
    for seed in range(60):
        order: list[int] = legal_order(dag, seed).tolist()
        breaks.add(sum(before < 9 and after != before + 1 for before, after in pairwise(order)))
    assert min(breaks) == 0
    assert max(breaks) >= 3


def test_the_order_of_a_seed_is_the_same_in_every_version() -> None:
    """A seed in a bug report must replay: eight independent transactions, pinned."""
    dag = build_dag(columns([[(k, True)] for k in range(8)], 8))
    assert legal_order(dag, 42).tolist() == [0, 1, 6, 3, 2, 4, 7, 5]


def test_empty_block() -> None:
    assert legal_order(build_dag(AccessLists.from_columns([0], [], [], 0)), 1).tolist() == []
