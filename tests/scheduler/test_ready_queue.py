"""Handing out transactions: every order is legal and ends, and wrong calls are refused."""

from __future__ import annotations

import doctest
from graphlib import TopologicalSorter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.scheduler import ReadyQueue, Schedule, build_dag, ready_queue
from sealane.scheduler.dag import Dag

from .shapes import Raw, blocks, columns, drawn, seeded


def diamond() -> ReadyQueue:
    """0 ─┬─ 1 ─┬─ 3     on a: 0 writes, 1 and 2 read, 3 writes; 4 stands alone.
    └─ 2 ─┘
    """
    return ReadyQueue(build_dag(drawn("Wa", "Ra", "Ra", "Wa", "Wb")))


def test_of_a_schedule_the_dag_is_asked_for() -> None:
    schedule = Schedule(drawn("Wa", "Ra"))
    with pytest.raises(TypeError, match=r"not Schedule: pass schedule\.dag"):
        ReadyQueue(schedule)  # pyright: ignore[reportArgumentType]
    assert ReadyQueue(schedule.dag).ready() == (0,)


def test_each_is_ready_once_all_before_it_are_done() -> None:
    queue = diamond()
    assert queue.ready() == (0, 4)
    assert queue.ready() == ()
    queue.done(0)
    assert queue.ready() == (1, 2)
    queue.done(2, 4)
    assert queue.ready() == ()
    assert queue.is_active()
    queue.done(1)
    assert queue.ready() == (3,)
    assert queue, "3 is still running"
    queue.done(3)
    assert not queue.is_active()
    assert not queue
    assert queue.ready() == ()


def test_an_empty_block_has_nothing_to_hand_out() -> None:
    queue = ReadyQueue(build_dag(drawn()))
    assert (queue.is_active(), queue.ready()) == (False, ())


@pytest.mark.parametrize(
    ("positions", "said"),
    [
        ((1,), "transaction 1 was not given out by ready"),
        ((0,), "transaction 0 is done already"),
        ((4, 4), "transaction 4 is done already"),
        ((4, 5), "no transaction 5 among 5"),
        ((-1,), "no transaction -1 among 5"),
        (("pay",), "no transaction 'pay' among 5"),
    ],
)
def test_a_wrong_call_is_refused_and_changes_nothing(positions: tuple[int, ...], said: str) -> None:
    queue = diamond()
    queue.ready()
    queue.done(0)
    before = repr(queue)
    with pytest.raises(ValueError, match=said):
        queue.done(*positions)
    assert repr(queue) == before == "<ReadyQueue: 1 of 5 transactions done, 1 running, 2 ready>"


@given(blocks(), st.data())
def test_any_order_of_ends_is_legal_and_ends_with_all_done(raw: Raw, data: st.DataObject) -> None:
    """Beside graphlib's sorter, told the same: both hand out the same at every moment."""
    dag = build_dag(columns(raw, 100))
    queue, sorter = ReadyQueue(dag), TopologicalSorter(_graph(dag))
    sorter.prepare()
    running: list[int] = []
    done: list[int] = []
    while queue.is_active():
        assert sorter.is_active()
        ready = queue.ready()
        assert set(ready) == set(sorter.get_ready())
        assert all(set(dag.predecessors(position)) <= set(done) for position in ready)
        running += ready
        ending = data.draw(st.lists(st.sampled_from(running), min_size=1, unique=True))
        running = [position for position in running if position not in ending]
        queue.done(*ending)
        sorter.done(*ending)
        done += ending
    assert not sorter.is_active()
    assert sorted(done) == list(range(len(raw)))


def _graph(dag: Dag) -> dict[int, list[int]]:
    return {position: dag.predecessors(position) for position in range(len(dag))}


def test_its_work_grows_with_the_edges_alone() -> None:
    queue = ReadyQueue(build_dag(seeded("hot", 50_000)))
    while queue:
        queue.done(*queue.ready())


def test_the_example_with_a_pool_of_threads_runs() -> None:
    outcome = doctest.testmod(ready_queue)
    assert (outcome.attempted > 5, outcome.failed) == (True, 0)
