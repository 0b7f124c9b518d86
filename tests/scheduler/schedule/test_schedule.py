"""A schedule with names: what it says, how it shows itself, and how it is asked."""

from __future__ import annotations

import copy
import doctest
import json
import pickle
import sys
from typing import Any

import numpy as np
import pytest
import rustworkx
from hypothesis import given

from sealane.primitives import UsageError
from sealane.scheduler import AccessLists, Schedule, build_dag, make_plan
from sealane.scheduler.schedule.lookup import find_account, find_transaction
from sealane.scheduler.schedule.named_explanations import NamedConflict, NamedStep
from sealane.scheduler.simulation.lane_timing import time_lanes

from ...notebook import HOSTILE, TABLE_TAGS, Page, page_of
from ..shapes import Raw, blocks, columns

# wave 0    pay: W a         tip: W b, 5      idle: R c
#            |  \             |
# wave 1     |   spend: R a, W c
#            |    |           |
# wave 2    last: W a, W b ---'
WORKERS = ("4", "16", "64")
Jobs = tuple[list[str], list[str]]
JOBS: dict[str, Jobs] = {
    "pay": ([], ["alice"]),
    "tip": ([], ["bob"]),
    "idle": (["carol"], []),
    "spend": (["alice"], ["dave"]),
    "last": ([], ["alice", "bob"]),
}


def schedule() -> Schedule:
    return Schedule.from_sets(JOBS.values(), [1, 5, 1, 1, 1], ids=list(JOBS))


def test_what_it_says() -> None:
    found = schedule()
    assert found.waves == [["pay", "tip", "idle"], ["spend"], ["last"]]
    assert found.edges == [("pay", "spend"), ("tip", "last"), ("spend", "last")]
    assert found.critical_path == (("tip", "last"), 6)
    assert found.longest_path == (("pay", "spend", "last"), 3)
    assert found.parallelism == 9 / 6
    assert found.hot_accounts[:2] == [("alice", 2, 1, 0), ("bob", 2, 0, 0)]
    bob = found.hot_groups[0]
    assert bob[:4] == ("", ("bob",), 2, 1.0)
    assert bob.parallelism_without == 9 / 5
    assert found.critical_accounts == [("bob", 1)]
    assert len(found) == 5


def test_the_document_is_json_with_the_contracts_keys() -> None:
    document = schedule().to_dict(edges=True)
    assert json.loads(json.dumps(document)) == document
    assert list(document) == [
        "waves", "transactions", "accounts", "critical_path", "parallelism", "hot_accounts",
        "hot_groups", "knots", "programs", "payers", "notes", "labels", "edges",
    ]  # fmt: skip
    won = {"critical_path_cost": 5, "parallelism": 1.8, "speed_up": dict.fromkeys(WORKERS, 1.8)}
    assert document["hot_groups"][0] == {
        "accounts": ["bob"],
        "transactions": 2,
        "critical_path_share": 1.0,
        "parallelism_without": 1.8,
        "without": won,
        "split_8": won,
        "commutative": won,
    }
    assert document["knots"] == [
        {"accounts": ["bob"], "steps": 1, "critical_path_cost": 5, "parallelism": 1.8}
    ]
    assert document["programs"] == document["payers"] == []
    assert "edges" not in schedule().to_dict()


def test_a_transaction_is_explained_by_name() -> None:
    found = schedule().explain("last")
    assert [each.transaction for each in found.blocked_by] == ["spend"]
    assert found.blocked_by[0].conflicts == (NamedConflict("alice", "write after read"),)
    assert [(each.transaction, each.wave) for each in found.also_after] == [("tip", 0)]
    assert found.chain == (
        NamedStep("spend", "alice", "write after read"),
        NamedStep("pay", "alice", "read after write"),
    )
    assert repr(found) == "<last in wave 2, after spend and 1 more: write after read on alice>"
    assert str(found) == (
        "last runs in wave 2\n"
        "held back by:\n"
        "  spend (wave 1): write after read on alice\n"
        "also after:\n"
        "  tip (wave 0): write after write on bob\n"
        "back to wave 0:\n"
        "  spend: write after read on alice\n"
        "  pay: read after write on alice"
    )
    assert repr(schedule().explain("pay")) == "<pay in wave 0, conflicts with nothing before it>"


def test_two_transactions_are_explained_together() -> None:
    direct = schedule().explain("last", "pay")
    assert repr(direct) == "<last after pay: write after write on alice>"
    assert bool(direct)
    assert not schedule().explain("tip", "pay")
    assert repr(schedule().explain("tip", "pay")) == "<pay and tip may run together>"
    chained = Schedule.from_sets([([], ["x"]), (["x"], ["y"]), (["y"], [])]).explain("t0", "t2")
    assert repr(chained) == "<t2 after t0, through 2 steps>"
    assert chained.to_dict() == {
        "earlier": "t0",
        "later": "t2",
        "ordered": True,
        "conflicts": [],
        "chain": [
            {"transaction": "t1", "account": "y", "kind": "read after write", "also": []},
            {"transaction": "t0", "account": "x", "kind": "read after write", "also": []},
        ],
    }


def test_an_account_is_explained_by_its_queue() -> None:
    queue = schedule().explain(account="alice")
    assert [each[:3] for each in queue.queue] == [
        ("pay", 0, True),
        ("spend", 1, False),
        ("last", 2, True),
    ]
    assert repr(queue) == "<queue of alice: 2 write, 1 only read, in 3 waves>"
    assert "wave 1: spend reads" in str(queue)


def test_a_step_of_a_chain_names_every_account_of_its_conflict() -> None:
    pair = Schedule.from_sets([([], ["x", "y"]), (["x"], ["y", "z"]), (["z"], [])]).explain(
        "t0", "t2"
    )
    assert pair.chain[-1] == NamedStep(
        "t0",
        "x",
        "read after write",
        (NamedConflict("y", "write after write"),),
    )
    assert "t0: read after write on x; write after write on y" in str(pair)


def test_what_cannot_be_asked_is_said() -> None:
    with pytest.raises(UsageError, match="no transaction has the id 'spent'; the nearest are spen"):
        schedule().explain("spent")
    with pytest.raises(UsageError, match="no account is called 'alcie'; the nearest are alice"):
        schedule().explain(account="alcie")
    with pytest.raises(UsageError, match="are one transaction: name two"):
        schedule().explain("pay", "pay")
    with pytest.raises(UsageError, match="give one of these"):
        schedule().explain("pay", account="alice")  # pyright: ignore[reportCallIssue, reportArgumentType]
    with pytest.raises(ValueError, match="2 ids for 1 transactions"):
        Schedule.from_sets([([], ["x"])], ids=["a", "b"])
    with pytest.raises(ValueError, match="0 names for 26 accounts"):
        Schedule(columns([], 26), names=[])


def test_a_value_of_another_type_is_refused_by_what_is_expected() -> None:
    found: Any = schedule()
    with pytest.raises(UsageError, match="3: give a transaction's id, not int"):
        found.explain(3)
    with pytest.raises(UsageError, match="3: give an account's name or key, not int"):
        found.explain(account=3)
    with pytest.raises(UsageError, match="without 3: give words, not int"):
        found.without(3)
    for workers in ("4", None, 1.5):
        with pytest.raises(TypeError, match=f"workers={workers!r}: give an integer, not"):
            found.simulate(workers)
        with pytest.raises(TypeError, match=f"workers={workers!r}: give an integer, not"):
            found.plan(workers)
    assert found.plan(np.int64(2)).lane_count == 2
    assert list(found.simulate(np.int64(2), policies="waves").policies) == ["waves"]


@pytest.mark.parametrize(
    ("wanted", "found"), [("k" * 31 + "b", 1), ("kkkk…b", 1), ("c" * 40, 2), ("ccccc", 2)]
)
def test_long_names_are_found_by_their_ends(wanted: str, found: int) -> None:
    names = ["k" * 31 + "a", "k" * 31 + "b", "c" * 40]
    assert find_account(names, wanted) == find_transaction(names, wanted) == found


def test_the_block_without_some_of_it() -> None:
    assert schedule().without("bob").critical_path == (("tip",), 5)
    assert schedule().without("alice").waves == [["pay", "tip", "idle", "spend"], ["last"]]
    fewer = schedule().without("last", "tip")
    assert fewer.ids == ["pay", "idle", "spend"]
    assert fewer.waves == [["pay", "idle"], ["spend"]]
    assert fewer.total_cost == 3
    assert fewer.notes == ("without last", "without tip")
    with pytest.raises(UsageError, match="no transaction has the id 'nobody'"):
        schedule().without("nobody")
    with pytest.raises(UsageError, match="nothing says which transactions are votes"):
        schedule().without("votes")


def selected(word: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]] | None:
    return np.array([True, False, False, True, False]) if word == "votes" else None


def test_a_word_is_an_account_before_it_is_a_selection_and_that_before_an_id() -> None:
    access, _ = AccessLists.from_sets(list(JOBS.values()))
    names = ["alice", "bob", "carol", "pay"]
    ids = [*list(JOBS)[:4], "votes"]
    found = Schedule(access, ids=ids, names=names, select=selected)
    assert found.without("pay").ids == ids, "an account: nobody is left out"
    assert found.without("votes").ids == ["tip", "idle", "votes"]
    assert found.without("tip").without("votes").ids == ["idle", "votes"]
    with pytest.raises(UsageError, match="program:x: no transaction of this block calls"):
        found.without("program:x")


def test_it_is_simulated_as_it_is_and_without() -> None:
    found = schedule().simulate(workers=[1, 2], without=["bob"], policies=["dataflow"])
    assert [each.makespan for each in found.policies["dataflow"]] == [9, 5]
    assert found.what_if == ("without bob",)
    assert schedule().simulate(2, without="tip").transactions == 4
    whole = schedule().simulate()
    assert [each.workers for each in whole.policies["waves"]] == [1, 2, 4, 8, 16, 32, 64]


def test_lanes_have_names_and_figures() -> None:
    lanes = schedule().lanes(2)
    assert sorted(name for lane in lanes.lanes for name in lane) == sorted(JOBS)
    assert lanes.to_dict() == {
        "workers": 2,
        "makespan": lanes.makespan,
        "speed_up": 9 / lanes.makespan,
        "idle": 1 - 9 / (2 * lanes.makespan),
    }
    assert repr(lanes).startswith(f"<2 lanes, makespan {lanes.makespan}, speed-up ")
    assert len(schedule().plan(3)) == 5


@given(blocks())
def test_lanes_end_when_a_slow_walk_along_the_plan_says(raw: Raw) -> None:
    dag = build_dag(columns(raw, 100))
    costs = [1 + position % 3 for position in range(len(raw))]
    plan = make_plan(dag, costs, 3, 4)
    place_lane = np.repeat(np.arange(3), np.diff(plan.lane_offsets)).tolist()
    begins_wait = {
        int(plan.task_offsets[piece]): plan.wait_ends[
            plan.wait_offsets[piece] : plan.wait_offsets[piece + 1]
        ].tolist()
        for piece in range(len(plan.task_offsets) - 1)
    }
    order: list[int] = plan.order.tolist()

    def end(place: int) -> int:
        before = place - 1
        same = place > 0 and place_lane[before] == place_lane[place]
        waits = [end(stop - 1) for stop in begins_wait.get(place, [])]
        return max([end(before) if same else 0, *waits]) + costs[order[place]]

    expected = {order[place]: end(place) for place in range(len(order))}
    assert time_lanes(plan, costs).ends == [expected[position] for position in range(len(raw))]


def test_the_ways_out_carry_names() -> None:
    graph = schedule().to_networkx()
    assert graph.nodes["tip"] == {"wave": 0, "id": "tip", "cost": 5, "position": 1}
    assert graph.edges["tip", "last"] == {"conflicts": "write after write on bob"}
    drawn = schedule().to_rustworkx()
    assert list(drawn.nodes()) == list(JOBS)
    assert list(drawn.edge_list()) == [(0, 3), (1, 4), (3, 4)]
    assert isinstance(drawn, rustworkx.PyDiGraph)
    found = schedule()
    found.to_rustworkx().clear()
    assert len(found.dag.graph) == 5, "a copy, not the schedule's own"


def test_a_notebook_shows_hostile_names_as_text() -> None:
    jobs: list[Jobs] = [([], [name]) for name in HOSTILE]
    page = page_of(Schedule.from_sets(jobs, ids=HOSTILE))
    shown = Page(page)
    assert shown.tags <= TABLE_TAGS
    assert all(name in shown.text for name in HOSTILE[:2]), "accounts, in full"
    assert "\x1b" not in page


def test_a_notebook_shows_first_what_holds_the_block_back() -> None:
    swap: Jobs = ([], ["vault", "pool", "fees", "log"])
    pay: Jobs = ([], ["till"])
    jobs = [swap, swap, swap, swap, pay, pay]
    shown = Page(page_of(Schedule.from_sets(jobs))).text
    groups, waves = shown.index("what holds it back"), shown.index("Waves")
    assert groups < shown.index("vault pool fees and 1 more") < shown.index("till") < waves


def test_a_notebook_shows_little_of_a_large_block() -> None:
    jobs: list[Jobs] = [([], [f"account {n % 50}"]) for n in range(5_000)]
    page = page_of(Schedule.from_sets(jobs))
    assert len(page) < 6_000
    assert "… 94 more waves" in page


def test_each_shows_itself_in_a_short_line() -> None:
    long = ["x" * 300 + str(n) for n in range(3)]
    jobs: list[Jobs] = [([], [long[0]])] * 3
    found = Schedule.from_sets(jobs, ids=[name + "\n" for name in long])
    shown = [
        found,
        found.explain(long[2] + "\n"),
        found.explain(long[2] + "\n", long[0] + "\n"),
        found.explain(account=long[0]),
        found.critical_path,
        found.simulate(),
        found.lanes(64),
    ]
    for each in shown:
        assert len(repr(each)) <= 100, repr(each)
        assert repr(each).isprintable()


def test_it_survives_pickling_and_copying() -> None:
    found = schedule()
    _ = found.waves, found.hot_groups
    for other in (pickle.loads(pickle.dumps(found)), copy.deepcopy(found), copy.copy(found)):
        assert other.to_dict(edges=True) == found.to_dict(edges=True)
        assert other.explain("last") == found.explain("last")


def test_an_empty_block() -> None:
    found = Schedule.from_sets([])
    assert found.to_dict()["waves"] == []
    assert repr(found) == "<Schedule: 0 transactions, 0 waves, parallelism 1.0>"
    assert found.simulate(2).policies["dataflow"][0].makespan == 0
    assert found.lanes(2).makespan == 0
    assert "0 transactions" in page_of(found)


@pytest.mark.parametrize("module", ["sealane.scheduler.schedule.schedule"])
def test_the_example_runs(module: str) -> None:
    outcome = doctest.testmod(sys.modules[module])
    assert (outcome.attempted > 3, outcome.failed) == (True, 0)


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        (["a"], r"1 ids for 2 transactions: give one for each"),
        (["a", "a"], r"ids\[0\] and ids\[1\] are both 'a'"),
        (["a", 5], r"ids\[1\] is 5: each must be text"),
        (["a", None], r"ids\[1\] is None: each must be text"),
    ],
)
def test_ids_that_tell_no_two_transactions_apart_are_refused(ids: list[Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Schedule.from_sets([([], ["x"]), ([], ["x"])], ids=ids)


def test_a_simulation_takes_iterators_as_it_takes_lists() -> None:
    schedule = Schedule.from_sets([([], ["x"]), ([], ["x"]), ([], ["y"])])
    asked = {"workers": [1, 2], "without": ["x"], "policies": ["waves", "dataflow"]}
    once: dict[str, Any] = {name: iter(values) for name, values in asked.items()}
    found = schedule.simulate(**once)
    assert found == schedule.simulate([1, 2], without=["x"], policies=["waves", "dataflow"])
    assert found.what_if == ("without x",)
    assert [len(each) for each in found.policies.values()] == [2, 2]


def test_a_timeline_says_who_runs_what_when() -> None:
    """a and b are written one after the other, c beside them."""
    schedule = Schedule.from_sets([([], ["a"]), ([], ["a"]), ([], ["c"])], [2, 3, 4])
    found = schedule.timeline(2)
    assert (found.starts, found.ends) == ([0, 2, 0], [2, 5, 4])
    assert found.workers[0] == found.workers[1] != found.workers[2]
    assert schedule.timeline(1, "dataflow").makespan == 9
    with pytest.raises(UsageError, match="no policy 'fast'; choose"):
        schedule.timeline(1, "fast")
    with pytest.raises(ValueError, match="workers=0"):
        schedule.timeline(0)
