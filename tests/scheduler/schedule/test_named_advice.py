"""Advice by name: it can be pasted, whatever the names are, and the block then is as it says."""

from __future__ import annotations

import shlex

import numpy as np
import pytest
from numpy.typing import NDArray

from sealane.scheduler import AccessLists, Schedule
from sealane.scheduler.schedule.changes import Changes
from sealane.scheduler.schedule.named_advice import NamedAdvice

HOSTILE = ["a b", "-x", "--split", "$(reboot)", "it's", "votes", "program:token", "ä=ö", "\x1b[1m"]


def advice(changes: Changes) -> NamedAdvice:
    return NamedAdvice(changes, 2**60, 2.5, {4: 2.0, 64: 2.5})


def test_its_document_has_the_contracts_keys() -> None:
    changes = Changes(("votes",), (("vault", 8), ("pool", 8)), ("tally",))
    assert advice(changes).to_dict() == {
        "change": "without votes split vault=8 split pool=8 commutative tally",
        "critical_path_cost": str(2**60),
        "parallelism": 2.5,
        "speed_up": {"4": 2.0, "64": 2.5},
        "options": "--without votes --split vault=8 --split pool=8 --commutative tally",
    }
    assert advice(changes).arguments["split"] == {"vault": 8, "pool": 8}
    assert repr(advice(Changes(("a",)))) == (
        "<without a: critical path 1,152,921,504,606,846,976, parallelism 2.5>"
    )


@pytest.mark.parametrize("name", HOSTILE)
def test_options_are_quoted_for_a_shell(name: str) -> None:
    words = shlex.split(advice(Changes((name,), ((name, 2),), (name,))).options)
    assert words in (
        ["--without", name, "--split", f"{name}=2", "--commutative", name],
        [f"--without={name}", f"--split={name}=2", f"--commutative={name}"],
    )


def test_what_it_says_is_what_the_changed_block_comes_to() -> None:
    """Two pools of two accounts each, and a purse that all pay from."""
    jobs: list[tuple[list[str], list[str]]]
    jobs = [([], [f"pool{n % 2}", f"vault{n % 2}"]) for n in range(12)]
    jobs += [([], ["purse"]), (["purse"], ["pool0"])]
    schedule = Schedule.from_sets(jobs, range(1, 15))
    found = schedule.advice()
    assert found
    for each in found:
        changed = schedule.changed(**each.arguments)
        assert changed.critical_path.cost == each.critical_path_cost
        assert changed.parallelism == each.parallelism
        assert changed.lanes(4).speed_up == each.speed_ups[4]
        simulated = schedule.simulate(64, policies="lanes", **each.arguments)
        assert simulated.policies["lanes"][0].speed_up == each.speed_ups[64]
    asked = schedule.simulate(2, policies="waves", advise=True)
    assert asked.advice == tuple(found)
    assert asked.to_dict()["advice"] == [each.to_dict() for each in found]
    assert schedule.simulate(2, policies="waves").advice == ()


def chosen(word: str) -> NDArray[np.bool_] | None:
    """t1 is a vote, and nobody calls a program."""
    return np.array([False, True, False]) if word == "votes" else None


def test_votes_are_left_out_by_their_word_unless_an_account_has_it() -> None:
    access = AccessLists.from_columns([0, 1, 3, 4], [0, 0, 1, 1], [True] * 4, 2)
    votes = Schedule(access, [4, 1, 4], select=chosen).advice()
    assert "without votes" in [each.change for each in votes]
    taken = Schedule(access, [4, 1, 4], select=chosen, names=["a", "votes"]).advice()
    assert "votes" not in {word for each in taken for word in each.changes.without[:1]}
