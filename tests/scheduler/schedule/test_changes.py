"""What-ifs in words: what they change, and words that name nothing."""

from __future__ import annotations

from typing import Any

import pytest

from sealane import UsageError
from sealane.scheduler import NamedAccess, Schedule
from sealane.scheduler.schedule.changes import SPLIT_MAX, part_names, read_changes


def schedule() -> Schedule:
    """Four deposits into one vault, each from its own purse; then an audit that reads it."""
    jobs: list[tuple[list[str], list[str]]] = [([], [f"purse{n}", "vault"]) for n in range(4)]
    return Schedule.from_sets([*jobs, (["vault"], ["audit"])], [3, 3, 3, 3, 1])


def test_each_change_alone() -> None:
    found = schedule()
    assert found.critical_path.cost == 13
    assert found.changed(without="vault").critical_path.cost == 3
    assert found.changed(split=["vault=2"]).critical_path.cost == 7
    assert found.changed(split={"vault": 4}).critical_path.cost == 4
    assert found.changed(commutative=["vault"]).critical_path.cost == 4
    assert found.changed(read_only=["vault"]).critical_path.cost == 3
    assert found.changed(ordinary=["vault"]).critical_path.cost == 13


def test_ordinary_accounts_are_written_where_they_were_added_to() -> None:
    """Four add to a total, and one of them to a tip jar."""
    jobs = [
        NamedAccess([], [], adds) for adds in (["total"], ["total"], ["total"], ["total", "jar"])
    ]
    added = Schedule.from_sets(jobs)
    assert len(added.waves) == 1
    found = added.changed(ordinary="total")
    assert found.waves == [["t0"], ["t1"], ["t2"], ["t3"]]
    assert found.notes == ("ordinary total",)
    assert found.changed(commutative="total").waves == added.waves
    assert added.changed(ordinary="jar").waves == added.waves
    assert added.changed(ordinary="total", commutative="total").waves == added.waves
    assert added.simulate(2, ordinary="total", policies=["lanes"]).what_if == ("ordinary total",)


def test_changes_together_are_noted_and_named() -> None:
    found = schedule().changed(without=["t0", "audit"], split=["vault=2"], read_only=["purse1"])
    assert found.notes == ("without t0", "without audit", "split vault=2", "read-only purse1")
    assert found.ids == ["t1", "t2", "t3", "t4"]
    assert found.explain(account="vault#1").to_dict()["queue"][0]["transaction"] == "t2"
    assert schedule().simulate(2, split="vault=2", policies=["lanes"]).what_if == ("split vault=2",)


def test_parts_take_no_name_that_is_there() -> None:
    assert part_names(["vault", "vault#1"], "vault", 3) == ["vault#2", "vault#3"]
    assert part_names(["vault"], "vault", 1) == []


@pytest.mark.parametrize("word", ["vault", "=3", "vault=", "vault=x", "vault=²", "vault=-1", 7])
def test_a_split_says_into_how_many_parts(word: Any) -> None:
    with pytest.raises(UsageError, match=r"split .*: (write|give) ACCOUNT=K"):
        schedule().changed(split=[word])


@pytest.mark.parametrize("parts", [0, SPLIT_MAX + 1, 10**30])
def test_the_number_of_parts_is_bounded(parts: int) -> None:
    with pytest.raises(UsageError, match=rf"1 to {SPLIT_MAX:,} (parts )?are possible"):
        read_changes(split=[f"vault={parts}"])
    with pytest.raises(UsageError, match=rf"1 to {SPLIT_MAX:,} parts are possible, not 0{'{12}'}2"):
        read_changes(split=["vault=" + "0" * 12 + "2"])
    assert read_changes(split=[f"a=b={SPLIT_MAX}"]).split == (("a=b", SPLIT_MAX),)


@pytest.mark.parametrize("parts", [True, 2.0, None])
def test_the_number_of_parts_is_a_number(parts: Any) -> None:
    with pytest.raises(UsageError, match="is no number of parts"):
        schedule().changed(split={"vault": parts})


@pytest.mark.parametrize("option", ["without", "commutative", "read_only", "ordinary"])
def test_an_unknown_account_is_answered_with_the_nearest(option: str) -> None:
    with pytest.raises(UsageError, match="valut"):
        schedule().changed(**{option: "valut"})
