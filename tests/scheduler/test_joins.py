"""Joins on graphs drawn by hand, and how many edges many accesses have."""

from __future__ import annotations

import numpy as np
import pytest
import rustworkx

from sealane.primitives import UsageError
from sealane.scheduler import AccessLists, Dag, Schedule, build_dag
from sealane.scheduler.every_edge import EXPANDED_EDGES_MAX
from sealane.scheduler.joins import Joins
from sealane.scheduler.picture.all_conflicts import edge_grid

from .kinds import with_joins, without_joins, written

MEETING = written("Ra", "Ra", "Ra", "Aa", "Aa", "Aa")


def alternating(run_len: int, runs: int) -> AccessLists:
    """One account: a run of reads, one of adds, and so on."""
    adds = np.repeat(np.arange(runs) % 2 == 1, run_len)
    count = len(adds)
    nothing = np.zeros(count, dtype=np.bool_)
    return AccessLists(np.arange(count + 1), np.zeros(count, np.uint32), nothing, 1, adds)


def sides(joins: Joins) -> list[tuple[list[int], list[int]]]:
    return [(earlier.tolist(), later.tolist()) for earlier, later in joins]


def test_a_join_stands_between_two_runs() -> None:
    """
    R0 ─┐         ┌─► A3
    R1 ─┼─► join ─┼─► A4
    R2 ─┘         └─► A5
    """
    dag = with_joins(MEETING)
    assert dag.edges.tolist() == []
    assert sides(dag.joins) == [([0, 1, 2], [3, 4, 5])]
    assert sorted(dag.graph.edge_list()) == [(0, 6), (1, 6), (2, 6), (6, 3), (6, 4), (6, 5)]
    assert [wave.tolist() for wave in dag.waves] == [[0, 1, 2], [3, 4, 5]]
    assert (len(dag), dag.edge_count) == (6, 9)
    assert dag.predecessors(4) == [0, 1, 2]
    assert dag.successors(1) == [3, 4, 5]


def test_nodes_are_numbered_in_block_order_a_join_before_what_waits_for_it() -> None:
    order = with_joins(MEETING).order
    assert order.position_of.tolist() == [0, 1, 2, -1, 3, 4, 5]
    assert order.edges.tolist() == [[0, 3], [1, 3], [2, 3], [3, 4], [3, 5], [3, 6]]


def test_joins_that_end_at_one_transaction_stand_before_it_by_account() -> None:
    """0 and 1 read a and b, 2 adds to b and a."""
    dag = with_joins(written("Ra", "Rb", "Ab Aa"))
    assert sides(dag.joins) == [([0], [2]), ([1], [2])]
    assert dag.order.position_of.tolist() == [0, 1, -1, -1, 2]


def test_without_joins_nodes_are_positions_and_nothing_is_copied() -> None:
    order = without_joins(MEETING).order
    assert order.edges is order.direct
    values = [5, 4, 3, 2, 1, 0]
    assert order.by_position(values) is values


def test_a_run_between_others_waits_through_one_join_and_leads_to_another() -> None:
    """R0 R1 | A2 A3 | W4 | A5 A6: the write stands alone, as a run of its own."""
    dag = with_joins(written("Ra", "Ra", "Aa", "Aa", "Wa", "Aa", "Aa"))
    assert sides(dag.joins) == [([0, 1], [2, 3]), ([2, 3], [4]), ([4], [5, 6])]
    assert dag.waves.wave_of.tolist() == [0, 0, 1, 1, 2, 3, 3]


def test_what_is_only_added_to_orders_nothing() -> None:
    dag = with_joins(written("Aa", "Aa Wb", "Aa"))
    assert (dag.edge_count, dag.graph.num_nodes()) == (0, 3)
    assert [wave.tolist() for wave in dag.waves] == [[0, 1, 2]]


@pytest.mark.parametrize(("run_len", "joined"), [(4, False), (5, True)])
def test_a_meeting_of_few_is_taken_without_a_join(run_len: int, joined: bool) -> None:
    """4 × 4 = 2 × (4 + 4): at the limit; 5 × 5 is beyond it."""
    dag = build_dag(alternating(run_len, 2))
    assert len(dag.joins) == joined
    assert dag.edge_count == run_len**2


@pytest.mark.parametrize("run_len", [1, 4, 5, 50, 1_000, 10_000])
def test_edges_are_few_for_each_access(run_len: int) -> None:
    dag = build_dag(alternating(run_len, 20_000 // run_len))
    assert dag.graph.num_edges() == dag.order.edge_count <= 4 * 20_000
    assert len(dag.waves) == 20_000 // run_len


def test_a_hundred_million_edges_are_counted_and_drawn_without_being_listed() -> None:
    dag = build_dag(alternating(10_000, 2))
    assert dag.edge_count == 100_000_000
    assert edge_grid(dag.order, 2).tolist() == [[0, 100_000_000], [0, 0]]
    assert dag.first_predecessors(19_999, 3) == [0, 1, 2]
    assert not dag.waits_directly(10_000, 10_001)
    assert dag.waits_directly(9_999, 19_999)


def hot(readers: int, adders: int) -> Schedule:
    nothing: list[str] = []
    sets = [(["a"], nothing)] * readers + [(nothing, ["a"])] * adders
    return Schedule.from_sets(sets).changed(commutative="a")


def test_as_many_edges_as_are_listed_and_one_reader_more() -> None:
    assert EXPANDED_EDGES_MAX == 1_000 * 1_000
    found = hot(1_000, 1_000).every_edge
    assert len(found) == EXPANDED_EDGES_MAX
    assert found[[0, -1]].tolist() == [[0, 1_000], [999, 1_999]]
    beyond = hot(1_001, 1_000)
    with pytest.raises(
        ValueError, match=r"^1,001,000 edges are too many to list: .* limit is 1,000,000"
    ):
        beyond.dag.every_edge()
    with pytest.raises(UsageError, match="Choose some transactions"):
        beyond.to_dict(edges=True)


def test_edges_without_joins_are_listed_however_many_there_are() -> None:
    """1,001 × 1,000 edges, each of an account of its own, and nothing else."""
    dag = hot(1_000, 1_000).dag
    direct = np.zeros((EXPANDED_EDGES_MAX + 1, 2), np.uint32)
    assert len(Dag(dag.access, dag.graph, type(dag.order)(2_000, direct), dag.waves).every_edge())


def test_exports_have_every_edge_and_no_join() -> None:
    schedule = hot(20, 30)
    assert len(schedule.dag.joins) == 1
    graph, other = schedule.to_rustworkx(), schedule.to_networkx()
    assert graph.nodes() == list(other.nodes) == schedule.ids
    assert (graph.num_edges(), other.number_of_edges()) == (600, 600)
    assert len(schedule.edges) == 600
    assert rustworkx.is_directed_acyclic_graph(schedule.dag.graph)
