"""Joins held to the plain definition of a conflict over all pairs, and to the edges they stand for.

Every question is asked of three DAGs of one block: with joins in place of all its meetings, with
the same edges and no join, and with an edge for each conflicting pair.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.cli.reports.simulated_trace import SimulatedRun, simulated_trace
from sealane.scheduler import (
    AccessLists,
    Dag,
    Plan,
    ReadyQueue,
    Schedule,
    build_dag,
    critical_path,
    dependency,
    explain,
    legal_order,
    make_plan,
)
from sealane.scheduler.chains import remaining_costs
from sealane.scheduler.every_edge import count_neighbours
from sealane.scheduler.one_change import LongestChain
from sealane.scheduler.picture.all_conflicts import edge_grid
from sealane.scheduler.picture.branches import path_steps
from sealane.scheduler.picture.clocks import earliest_starts
from sealane.scheduler.picture.neighbourhood import neighbourhood
from sealane.scheduler.simulation.policies import POLICIES
from sealane.scheduler.simulation.timeline import Timeline
from sealane.scheduler.simulation.workload import Workload

from . import oracle, path_oracle
from .kinds import (
    Kinds,
    all_pairs,
    conflicting,
    joining_from,
    levels,
    mixed,
    with_joins,
    without_joins,
    written,
)


def costs_of(kinds: Kinds, seed: int, lowest: int = 0) -> list[int]:
    return np.random.default_rng(seed).integers(lowest, 5, len(kinds)).tolist()


seeds = st.integers(0, 99)


@given(mixed(), st.sampled_from([0, 1, 2, 4]))
def test_exactly_the_conflicting_pairs_are_ordered(kinds: Kinds, limit: int) -> None:
    """By a path of edges and joins; and what is directly ordered conflicts."""
    dag = with_joins(kinds, limit)
    pairs = conflicting(kinds)
    edges = [[a, b] for a, b in dag.graph.edge_list()]
    found = oracle.reachable(dag.graph.num_nodes(), edges)[: len(kinds)]
    closure = oracle.reachable(len(kinds), [list(pair) for pair in pairs])
    assert [{p for p in after if p < len(kinds)} for after in found] == closure
    assert {(a, b) for a, b in dag.every_edge().tolist()} <= set(pairs)


@given(path_oracle.path_blocks())
def test_paths_are_ordered_through_joins(block: path_oracle.PathBlock) -> None:
    """Who accesses what is below an account only shares it, in runs; see flat_keys."""
    access, _ = AccessLists.from_paths(path_oracle.given(block))
    rows = [path_oracle.merged(row) for row in block]
    with joining_from(0):
        dag = build_dag(access)
    pairs = path_oracle.conflicting_pairs(rows)
    edges: list[list[int]] = dag.every_edge().tolist()
    closure = oracle.reachable(len(rows), [list(pair) for pair in pairs])
    assert oracle.reachable(len(rows), edges) == closure
    assert {(a, b) for a, b in edges} <= set(pairs)
    assert dag.waves.wave_of.tolist() == path_oracle.levels(rows)


@given(mixed())
def test_waves_are_the_longest_paths_over_all_conflicting_pairs(kinds: Kinds) -> None:
    assert with_joins(kinds).waves.wave_of.tolist() == levels(kinds)


@given(mixed(), st.sampled_from([0, 1]))
def test_edges_and_neighbours_are_those_without_joins(kinds: Kinds, limit: int) -> None:
    dag, plain = with_joins(kinds, limit), without_joins(kinds)
    count = range(len(kinds))
    assert dag.every_edge().tolist() == plain.edges.tolist()
    assert dag.edge_count == len(plain.edges)
    for found, expected in zip(dag.neighbours, count_neighbours(plain.order), strict=True):
        assert found.tolist() == expected.tolist()
    assert [dag.predecessors(p) for p in count] == [plain.predecessors(p) for p in count]
    assert [dag.successors(p) for p in count] == [plain.successors(p) for p in count]
    assert [dag.first_predecessors(p, 2) for p in count] == [
        plain.predecessors(p)[:2] for p in count
    ]
    direct = {(a, b) for a, b in plain.edges.tolist()}
    assert direct == {(a, b) for a in count for b in count if dag.waits_directly(a, b)}
    assert (edge_grid(dag.order, 3) > 0).tolist() == (edge_grid(plain.order, 3) > 0).tolist()
    assert dag.order.tied.tolist() == plain.order.tied.tolist()


@given(mixed(), seeds)
def test_chains_and_clocks_are_those_of_all_pairs(kinds: Kinds, seed: int) -> None:
    dag, plain, whole = with_joins(kinds), without_joins(kinds), all_pairs(kinds)
    costs = costs_of(kinds, seed)
    assert critical_path(dag, costs) == critical_path(plain, costs)
    assert critical_path(dag, costs).cost == critical_path(whole, costs).cost
    assert remaining_costs(dag.order, costs) == remaining_costs(whole.order, costs)
    assert earliest_starts(dag, costs) == earliest_starts(whole, costs)


@given(mixed(), seeds)
def test_one_change_is_what_it_is_over_all_pairs(kinds: Kinds, seed: int) -> None:
    costs = costs_of(kinds, seed)
    chain, expected = LongestChain(with_joins(kinds), costs), LongestChain(all_pairs(kinds), costs)
    for position in range(len(kinds)):
        assert chain.goes_through(position) == expected.goes_through(position)
        assert chain.length_if(position, {}) == expected.length_if(position, {})


@given(mixed(), seeds)
def test_orders_are_legal_and_the_same_as_without_joins(kinds: Kinds, seed: int) -> None:
    order = legal_order(with_joins(kinds), seed).tolist()
    assert sorted(order) == list(range(len(kinds)))
    assert all(order.index(a) < order.index(b) for a, b in conflicting(kinds))
    assert order == legal_order(without_joins(kinds), seed).tolist()


@given(mixed(), seeds)
def test_a_queue_hands_out_the_same(kinds: Kinds, seed: int) -> None:
    queues = [ReadyQueue(dag(kinds)) for dag in (with_joins, without_joins)]
    chance = np.random.default_rng(seed)
    running: list[int] = []
    while queues[0]:
        found, expected = (queue.ready() for queue in queues)
        assert found == expected
        running += found
        done = running.pop(int(chance.integers(len(running))))
        for queue in queues:
            queue.done(done)
    assert not queues[1]


def same_plans(one: Plan, other: Plan) -> bool:
    return all(np.array_equal(column, vars(other)[name]) for name, column in vars(one).items())


@given(mixed(), seeds, st.integers(1, 5), st.sampled_from([1, 2, 4, 99]))
def test_plans_are_those_without_joins_and_order_every_conflict(
    kinds: Kinds, seed: int, lanes: int, barrier_len_min: int
) -> None:
    """Also with barrier waves, which leave parts of a join in several spans."""
    costs = costs_of(kinds, seed)
    plan = make_plan(with_joins(kinds), costs, lanes, barrier_len_min)
    assert same_plans(plan, make_plan(without_joins(kinds), costs, lanes, barrier_len_min))
    after = ends_before(plan)
    assert all((a, b) in after for a, b in conflicting(kinds))


def test_a_span_knows_nothing_of_what_a_join_waits_for_in_an_earlier_one() -> None:
    """0 reads a for long, 1 writes b; behind them the barrier wave of 2 to 5; 6 adds to a.

    Behind the barrier 6 can begin at once, so 8 goes to its lane again, and not behind 7.
    """
    block = ["Ra", "Wb", "Rb", "Rb", "Rb Wc", "Rb Wd", "Aa Wb", "Rc", "Rd"]
    costs = [9, 1, 1, 1, 1, 1, 1, 2, 1]
    plan = make_plan(with_joins(written(*block)), costs, 2, 4)
    assert same_plans(plan, make_plan(without_joins(written(*block)), costs, 2, 4))
    lanes = np.split(plan.order, plan.lane_offsets[1:-1])
    assert [lane.tolist()[-2:] for lane in lanes] == [[6, 8], [5, 7]]


def ends_before(plan: Plan) -> set[tuple[int, int]]:
    """Pairs of which the first must have ended when the second begins: by lanes and waits alone."""
    count = len(plan)
    begun_after: list[list[int]] = [[] for _ in range(count)]  # by place: places that have ended
    bounds: list[int] = plan.lane_offsets.tolist()
    for first, stop in pairwise(bounds):
        for place in range(first + 1, stop):
            begun_after[place].append(place - 1)
    begins: list[int] = plan.task_offsets[:-1].tolist()
    for task, begin in enumerate(begins):
        for wait in range(*plan.wait_offsets[task : task + 2]):
            begun_after[begin].append(int(plan.wait_ends[wait]) - 1)
    edges = [[before, place] for place in range(count) for before in begun_after[place]]
    order: list[int] = plan.order.tolist()
    reach = oracle.reachable(count, edges)
    return {(order[a], order[b]) for a in range(count) for b in reach[a]}


def run(policy: str, dag: Dag, costs: list[int], workers: int) -> Timeline:
    priorities = [cost % 3 for cost in costs]
    return POLICIES[policy](Workload(dag, costs, priorities, 1), workers)


@pytest.mark.parametrize("policy", POLICIES)
@given(mixed(), seeds, st.integers(1, 5))
def test_simulations_are_those_without_joins(
    policy: str, kinds: Kinds, seed: int, workers: int
) -> None:
    """Also of transactions that cost nothing. Aborts at one time may be told in any order."""
    costs = costs_of(kinds, seed)
    with joining_from(0):  # pools work out edges of their own
        found = run(policy, with_joins(kinds), costs, workers)
    expected = run(policy, without_joins(kinds), costs, workers)
    assert (found.starts, found.ends, found.workers) == (
        expected.starts,
        expected.ends,
        expected.workers,
    )
    assert sorted(found.aborted) == sorted(expected.aborted)


@pytest.mark.parametrize("policy", ["waves", "lanes", "dataflow", "fifo"])
@given(mixed(), seeds, st.integers(1, 5))
def test_makespans_are_those_of_all_pairs(
    policy: str, kinds: Kinds, seed: int, workers: int
) -> None:
    costs = costs_of(kinds, seed, lowest=1)
    found = run(policy, with_joins(kinds), costs, workers)
    assert found.makespan == run(policy, all_pairs(kinds), costs, workers).makespan


@given(mixed())
def test_explanations_are_those_without_joins(kinds: Kinds) -> None:
    dag, plain = with_joins(kinds), without_joins(kinds)
    for position in range(len(kinds)):
        assert explain(dag.access, dag, position) == explain(plain.access, plain, position)
        for levels_far in (1, 2, 3):
            near = neighbourhood(dag, position, levels_far)
            assert near.tolist() == neighbourhood(plain, position, levels_far).tolist()
        for other in range(position):
            found = dependency(dag.access, dag, other, position)
            assert found == dependency(plain.access, plain, other, position)


@given(mixed(), seeds)
def test_pictures_are_those_without_joins(kinds: Kinds, seed: int) -> None:
    costs = costs_of(kinds, seed, lowest=1)
    found, expected = (
        path_steps(dag.access, dag, costs, critical_path(dag, costs), 2)
        for dag in (with_joins(kinds), without_joins(kinds))
    )
    assert found == expected


@pytest.mark.parametrize("policy", ["dataflow", "pack"])
@given(mixed(), seeds, st.integers(1, 3))
def test_traces_show_the_same_waits(policy: str, kinds: Kinds, seed: int, workers: int) -> None:
    costs = costs_of(kinds, seed)
    traces = [
        simulated_trace(SimulatedRun.of(schedule_with(dag, costs), policy, workers))
        for dag in (with_joins(kinds), without_joins(kinds))
    ]
    assert traces[0].flows == traces[1].flows


def schedule_with(dag: Dag, costs: list[int]) -> Schedule:
    schedule = Schedule(dag.access, costs)
    schedule.__dict__["dag"] = dag
    return schedule
