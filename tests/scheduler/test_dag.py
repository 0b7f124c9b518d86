"""The DAG on graphs drawn by hand. Wn: transaction n writes the account, Rn: it reads it."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from sealane.scheduler import AccessLists, Dag, build_dag
from sealane.scheduler import edges as edges_module

from .shapes import columns, drawn


def edges(dag: Dag) -> list[tuple[int, int]]:
    """The edges, which the column and the graph must agree on."""
    in_column = [(earlier, later) for earlier, later in dag.edges.tolist()]
    assert sorted(dag.graph.edge_list()) == in_column
    return in_column


def waves(dag: Dag) -> list[list[int]]:
    return [wave.tolist() for wave in dag.waves]


def test_write_read_read_write_on_one_account() -> None:
    """Row 21 of the faults.

        ┌─► R1 ─┐
    W0 ─┤       ├─► W3
        └─► R2 ─┘
    """
    dag = build_dag(drawn("Wa", "Ra", "Ra", "Wa"))
    assert edges(dag) == [(0, 1), (0, 2), (1, 3), (2, 3)]
    assert waves(dag) == [[0], [1, 2], [3]]


def test_a_write_waits_for_readers_when_nobody_wrote_before() -> None:
    """
    R0 ─┐
        ├─► W2 ─► W3 ─► R4
    R1 ─┘
    """
    dag = build_dag(drawn("Ra", "Ra", "Wa", "Wa", "Ra"))
    assert edges(dag) == [(0, 2), (1, 2), (2, 3), (3, 4)]
    assert waves(dag) == [[0, 1], [2], [3], [4]]


def test_reads_alone_order_nothing() -> None:
    """R0   R1   R2, all of a; and W1 of b, which nobody else touches."""
    dag = build_dag(drawn("Ra", "Ra Wb", "Ra"))
    assert edges(dag) == []
    assert waves(dag) == [[0, 1, 2]]


@pytest.mark.parametrize("accesses_per_chunk", [1, 2, 3])
def test_no_account_is_divided_between_chunks(accesses_per_chunk: int) -> None:
    """
        ┌─► R1
    W0 ─┼─► R2
        └─► R3: last of a block of 2ⁿ, it has the greatest key that its account can have.
    """
    with patch.object(edges_module, "ACCESSES_PER_CHUNK", accesses_per_chunk):
        assert edges(build_dag(drawn("Wa", "Ra", "Ra", "Ra"))) == [(0, 1), (0, 2), (0, 3)]


def test_two_accounts_between_the_same_two_transactions_make_one_edge() -> None:
    """
    W0 ═a,b,c═► 1
    """
    dag = build_dag(drawn("Wa Wb Rc", "Wa Rb Wc"))
    assert edges(dag) == [(0, 1)]
    assert waves(dag) == [[0], [1]]


def test_a_wave_is_the_longest_way_not_the_shortest() -> None:
    """
    0 ─a─► 1 ─b─► 2 ─c─► 4
    └───────d─────────►──┘        3 stands alone
    """
    dag = build_dag(drawn("Wa Wd", "Wa Wb", "Wb Wc", "We", "Wc Wd"))
    assert edges(dag) == [(0, 1), (0, 4), (1, 2), (2, 4)]
    assert waves(dag) == [[0, 3], [1], [2], [4]]
    assert dag.waves.wave_of.tolist() == [0, 1, 2, 0, 3]
    assert dag.waves.order.tolist() == [0, 3, 1, 2, 4]
    assert dag.waves.offsets.tolist() == [0, 2, 3, 4, 5]


def test_a_late_transaction_falls_into_the_first_wave_only_if_nothing_holds_it() -> None:
    """
    W0 ─a─► W1 ─a─► W2        W3 of b: wave 0, though it comes last
    """
    dag = build_dag(drawn("Wa", "Wa", "Wa", "Wb"))
    assert waves(dag) == [[0, 3], [1], [2]]


@pytest.mark.parametrize("repeated", ["Ra Ra", "Ra Wa", "Wa Ra", "Wa Wa"])
def test_a_repeated_account_makes_no_edge_to_itself(repeated: str) -> None:
    """Row 20 of the faults: W0 ─► 1 ─► W2, whatever 1 does twice."""
    dag = build_dag(drawn("Wa", repeated, "Wa"))
    assert edges(dag) == [(0, 1), (1, 2)]
    assert waves(dag) == [[0], [1], [2]]


def test_empty_block() -> None:
    """Row 22 of the faults."""
    dag = build_dag(AccessLists.from_columns([0], [], [], 0))
    assert (len(dag), edges(dag), waves(dag), len(dag.waves)) == (0, [], [], 0)


@pytest.mark.parametrize("accesses", ["", "Ra", "Wa"])
def test_one_transaction(accesses: str) -> None:
    dag = build_dag(drawn(accesses))
    assert (len(dag), edges(dag), waves(dag)) == (1, [], [[0]])


def test_ten_thousand_that_all_conflict() -> None:
    """Row 22 of the faults: W0 ─► W1 ─► … ─► W9999"""
    dag = build_dag(columns([[(0, True)]] * 10_000, 1))
    assert edges(dag) == [(k, k + 1) for k in range(9_999)]
    assert waves(dag) == [[k] for k in range(10_000)]


def test_ten_thousand_that_never_conflict() -> None:
    """Row 22 of the faults: each writes an account of its own, all read one more."""
    dag = build_dag(columns([[(k, True), (10_000, False)] for k in range(10_000)], 10_001))
    assert edges(dag) == []
    assert waves(dag) == [list(range(10_000))]


def test_one_writer_that_ten_thousand_readers_wait_for() -> None:
    """Crosses the chunks that edges are handled in, all with one earlier end.

        ┌─► R1 ────┐
    W0 ─┤    …     ├─► W10001
        └─► R10000 ┘
    """
    dag = build_dag(columns([[(0, True)], *[[(0, False)]] * 10_000, [(0, True)]], 1))
    assert len(edges(dag)) == 20_000
    assert waves(dag) == [[0], list(range(1, 10_001)), [10_001]]


def test_neighbours_by_position() -> None:
    """
        ┌─► R1 ─┐
    W0 ─┤       ├─► W3
        └─► R2 ─┘
    """
    dag = build_dag(drawn("Wa", "Ra", "Ra", "Wa"))
    assert [dag.predecessors(p) for p in range(4)] == [[], [0], [0], [1, 2]]
    assert [dag.successors(p) for p in range(4)] == [[1, 2], [3], [3], []]
    for outside in (-1, 4):
        with pytest.raises(IndexError, match=f"no transaction {outside} among 4"):
            dag.predecessors(outside)
        with pytest.raises(IndexError, match=f"no transaction {outside} among 4"):
            dag.successors(outside)


def test_waves_are_found_by_number() -> None:
    """W0 ─► W1"""
    found = build_dag(drawn("Wa", "Wa")).waves
    assert (found[0].tolist(), found[1].tolist()) == ([0], [1])
    for outside in (-1, 2):
        with pytest.raises(IndexError, match=f"no wave {outside} among 2"):
            found[outside]


def test_transactions_without_an_edge_are_nodes_too() -> None:
    """W0   W1 ─► W2   W3, of which only the middle ones are in the list of edges."""
    dag = build_dag(drawn("Wa", "Wb", "Wb", "Wc"))
    assert edges(dag) == [(1, 2)]
    assert list(dag.graph.node_indices()) == [0, 1, 2, 3]
    assert len(dag) == 4
