"""Choosing transactions of a block: the conditions, and what stays as it was in the whole."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from sealane.primitives import UsageError
from sealane.scheduler import Schedule
from sealane.scheduler.picture.part import Choice, Part, choose

# wave 0   pay: W a, 1         tip: W b, 5      idle: R c, 1
#            |                  |
# wave 1   spend: R a, W c, 1   |
#            |                  |
# wave 2   last: W a, W b, 1 ---'
JOBS: dict[str, tuple[list[str], list[str]]] = {
    "pay": ([], ["alice"]),
    "tip": ([], ["bob"]),
    "idle": (["carol"], []),
    "spend": (["alice"], ["carol"]),
    "last": ([], ["alice", "bob"]),
}
PAYS = "program:token"


def schedule() -> Schedule:
    found = Schedule.from_sets(JOBS.values(), [1, 5, 1, 1, 1], ids=list(JOBS))

    def select(word: str) -> NDArray[np.bool_] | None:
        return np.array([1, 1, 0, 0, 0], np.bool_) if word == PAYS else None

    return Schedule(
        found.access, found.costs, ids=found.ids, names=found.names, select=select, source="x.yaml"
    )


def ids(choice: Choice) -> list[str]:
    return list(choose(schedule(), choice).block.ids)


@pytest.mark.parametrize(
    ("choice", "found"),
    [
        (Choice(), list(JOBS)),
        (Choice(accounts=["bob"]), ["tip", "last"]),
        (Choice(accounts=["alice", "bob"]), ["last"]),
        (Choice(programs=["token"]), ["pay", "tip"]),
        (Choice(programs=["program:token"]), ["pay", "tip"]),
        (Choice(programs=["token"], accounts=["bob"]), ["tip"]),
        (Choice(around="tip"), ["tip", "last"]),
        (Choice(around="pay", levels=1), ["pay", "spend"]),
        (Choice(around="pay", levels=2), ["pay", "spend", "last"]),
        (Choice(top=2), ["pay", "tip"]),
        (Choice(top=2, accounts=["alice"]), ["pay", "spend"]),
        (Choice(top=1, by_conflicts=True), ["spend"]),
        (Choice(top=99), list(JOBS)),
    ],
)
def test_all_conditions_must_be_met(choice: Choice, found: list[str]) -> None:
    assert ids(choice) == found


def test_waves_and_the_critical_path_are_those_of_the_whole_block() -> None:
    part = choose(schedule(), Choice(accounts=["alice"], top=2, by_conflicts=True))
    assert part.block.ids == ["spend", "last"]
    assert part.waves == {1: [0], 2: [1]}
    assert part.is_critical == [False, True]
    assert part.block.waves == [["spend"], ["last"]], "alone they would begin at 0"
    assert part.said == ("lock alice", "wait most for each other")
    assert len(part) == 2
    assert not part.is_whole


def test_a_conflict_past_one_that_was_left_out_is_an_edge() -> None:
    queue: list[tuple[list[str], list[str]]] = [([], ["x"])] * 3
    part = choose(Schedule.from_sets(queue, [2, 1, 2]), Choice(top=2))
    assert part.block.edges == [("t0", "t2")]


def test_a_whole_block_is_the_schedule_itself() -> None:
    whole = schedule()
    part = Part.of(whole)
    assert part.block is whole
    assert part.is_whole
    assert choose(whole, Choice()).said == ()
    assert repr(choose(whole, Choice(top=1))) == "<Part: 1 of 5 transactions>"


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        (Choice(accounts=["bop"]), "no account is called 'bop'; the nearest are bob"),
        (Choice(around="pey"), "no transaction has the id 'pey'; the nearest are pay"),
        (Choice(programs=["tokens"]), "no transaction calls 'tokens': the block has no calls"),
        (
            Choice(accounts=["carol"], programs=["token"]),
            "no transaction is left: there is none of those that lock carol and call token; leave "
            "out one of these conditions",
        ),
    ],
)
def test_who_finds_nothing_is_told_why(choice: Choice, message: str) -> None:
    with pytest.raises(UsageError, match=message) as raised:
        choose(schedule(), choice)
    assert str(raised.value).startswith("x.yaml: ")


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        (Choice(top=0), "top is 0: give the number of transactions to keep"),
        (Choice(around="pay", levels=-1), "levels is -1: give 0 or more edges to follow"),
    ],
)
def test_numbers_that_are_too_low(choice: Choice, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        choose(schedule(), choice)
