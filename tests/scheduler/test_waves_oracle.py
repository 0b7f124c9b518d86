"""Waves and order against oracles: all conflicting pairs for small blocks, rustworkx for large."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest
import rustworkx
from hypothesis import given
from hypothesis import strategies as st

from sealane.scheduler import build_dag, edges, levels

from . import oracle
from .shapes import Raw, blocks, columns, seeded


@given(
    blocks(),
    st.sampled_from([1, 2, 3, 7, edges.EDGES_PER_CHUNK]),
    st.sampled_from([0, 1, levels.PASSES_MAX]),
)
def test_waves_equal_the_longest_paths_over_all_conflicting_pairs(
    raw: Raw, edges_per_chunk: int, passes_max: int
) -> None:
    """In chunks so small and passes so few, too, that every way of finding a level is taken."""
    with (
        patch.object(edges, "EDGES_PER_CHUNK", edges_per_chunk),
        patch.object(levels, "PASSES_MAX", passes_max),
        patch.object(levels, "SHORT_RANGE", 0),
    ):
        dag = build_dag(columns(raw, 100))
    assert dag.waves.wave_of.tolist() == oracle.levels(raw)
    assert sorted(dag.graph.edge_list()) == [(a, b) for a, b in dag.edges.tolist()]


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
    found: list[list[int]] = dag.edges.tolist()
    after = oracle.reachable(len(raw), found)
    pairs = oracle.conflicting_pairs(raw)
    assert [pair for pair in pairs if pair[1] not in after[pair[0]]] == []
    assert {(earlier, later) for earlier, later in found} <= set(pairs)
    assert found == sorted(found)
    assert len(found) == len({tuple(edge) for edge in found})


@given(blocks())
def test_nothing_conflicts_within_a_wave(raw: Raw) -> None:
    for wave in build_dag(columns(raw, 100)).waves:
        members: list[int] = wave.tolist()
        for k, later in enumerate(members):
            for earlier in members[:k]:
                assert oracle.conflict_accounts(raw[earlier], raw[later]) == set()


@given(blocks(), st.sampled_from([1, 2, 5, 16, edges.ACCESSES_PER_CHUNK]))
def test_edges_follow_the_rule_for_each_account(raw: Raw, accesses_per_chunk: int) -> None:
    """Read → last writer; write → all readers since, or the last writer when there are none."""
    access = columns(raw, 100)
    with patch.object(edges, "ACCESSES_PER_CHUNK", accesses_per_chunk):
        assert edges.conflict_edges(access)[0].tolist() == oracle.edges(raw)


@given(blocks(), st.integers(1, 9))
def test_pairs_are_the_rows_of_the_column(raw: Raw, edges_per_chunk: int) -> None:
    found, _ = edges.conflict_edges(columns(raw, 100))
    with patch.object(edges, "EDGES_PER_CHUNK", edges_per_chunk):
        assert [list(pair) for pair in edges.edge_pairs(found)] == found.tolist()


@pytest.mark.slow
@pytest.mark.parametrize(("account_count", "writes_share"), [(3, 0.5), (300, 0.1), (30_000, 0.5)])
def test_large_blocks_of_reads_and_writes_follow_the_rule(
    account_count: int, writes_share: float
) -> None:
    """With more accesses than a chunk takes, and accounts with more or fewer than that."""
    chance = np.random.default_rng(account_count)
    raw: Raw = [
        list(zip(accounts.tolist(), is_write.tolist(), strict=True))
        for accounts, is_write in zip(
            chance.integers(0, account_count, (40_000, 3)),
            chance.random((40_000, 3)) < writes_share,
            strict=True,
        )
    ]
    access = columns(raw, account_count)
    assert len(access.accounts) > edges.ACCESSES_PER_CHUNK
    assert edges.conflict_edges(access)[0].tolist() == oracle.edges(raw)


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
