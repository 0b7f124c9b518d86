"""Waves and order against oracles: all conflicting pairs for small blocks, rustworkx for large."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest
import rustworkx
from hypothesis import given
from hypothesis import strategies as st

from sealane.scheduler import build_dag, waves

from . import oracle
from .shapes import Raw, blocks, columns, seeded


@given(blocks(), st.sampled_from([1, 2, 3, 7, waves.EDGES_PER_BLOCK]))
def test_waves_equal_the_longest_paths_over_all_conflicting_pairs(
    raw: Raw, edges_per_block: int
) -> None:
    """In blocks of edges so small, too, that every way of finding a level is taken."""
    with patch.object(waves, "EDGES_PER_BLOCK", edges_per_block):
        dag = build_dag(columns(raw, 100))
    assert dag.waves.wave_of.tolist() == oracle.levels(raw)


@given(blocks())
def test_waves_are_the_groups_of_wave_of_each_ascending(raw: Raw) -> None:
    found = build_dag(columns(raw, 100)).waves
    levels = oracle.levels(raw)
    assert [wave.tolist() for wave in found] == [
        [p for p, level in enumerate(levels) if level == k]
        for k in range(max(levels, default=-1) + 1)
    ]
    assert (found.order.dtype, found.wave_of.dtype, found.offsets.dtype) == (
        np.uint32,
        np.uint32,
        np.int64,
    )


@given(blocks())
def test_exactly_the_conflicting_pairs_are_ordered(raw: Raw) -> None:
    """Every conflicting pair by a path; and every edge is a conflict, none is made up."""
    dag = build_dag(columns(raw, 100))
    edges: list[list[int]] = dag.edges.tolist()
    after = oracle.reachable(len(raw), edges)
    pairs = oracle.conflicting_pairs(raw)
    assert [pair for pair in pairs if pair[1] not in after[pair[0]]] == []
    assert {(earlier, later) for earlier, later in edges} <= set(pairs)
    assert edges == sorted(edges)
    assert len(edges) == len({tuple(edge) for edge in edges})


@given(blocks())
def test_nothing_conflicts_within_a_wave(raw: Raw) -> None:
    for wave in build_dag(columns(raw, 100)).waves:
        members: list[int] = wave.tolist()
        for k, later in enumerate(members):
            for earlier in members[:k]:
                assert oracle.conflict_accounts(raw[earlier], raw[later]) == set()


@given(blocks(transactions_max=15))
def test_edges_follow_the_rule_for_each_account(raw: Raw) -> None:
    """Read → last writer; write → all readers since, or the last writer when there are none."""
    expected: set[tuple[int, int]] = set()
    last_writer: dict[int, int] = {}
    readers: dict[int, list[int]] = {}
    for position, transaction in enumerate(raw):
        written = {account for account, is_write in transaction if is_write}
        for account in {account for account, _ in transaction}:
            writer = [last_writer[account]] if account in last_writer else []
            since = readers.get(account, [])
            waits_for = (since or writer) if account in written else writer
            expected |= {(earlier, position) for earlier in waits_for}
            if account in written:
                last_writer[account] = position
                readers[account] = []
            else:
                readers.setdefault(account, []).append(position)
    assert build_dag(columns(raw, 100)).edges.tolist() == [list(e) for e in sorted(expected)]


@pytest.mark.parametrize("shape", ["wide", "busy", "zipf", "hot"])
def test_large_blocks_have_the_generations_of_rustworkx(shape: str) -> None:
    dag = build_dag(seeded(shape, 20_000))
    generations = [sorted(wave) for wave in rustworkx.topological_generations(dag.graph)]
    assert [wave.tolist() for wave in dag.waves] == generations
    assert sorted(dag.graph.edge_list()) == [(a, b) for a, b in dag.edges.tolist()]


def test_the_same_lists_give_the_same_dag() -> None:
    first, second = (build_dag(seeded("zipf", 2_000)) for _ in range(2))
    assert np.array_equal(first.edges, second.edges)
    assert np.array_equal(first.waves.order, second.waves.order)
