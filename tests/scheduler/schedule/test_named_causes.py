"""Groups, programs and payers by name, and that their wins are those of the schedule so changed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import sealane
from sealane.scheduler import AccessLists, Schedule
from sealane.scheduler.schedule.about import About
from sealane.scheduler.schedule.belonging import Belonging
from sealane.scheduler.schedule.calls import Calls
from sealane.scheduler.schedule.named_causes import NamedHotGroup

from ...real_data import MAINNET

# 0: W ann,  pool  by swap   0 ── 1 ── 2 on pool, which swap uses
# 1: W bob,  pool  by swap   3 ── 4 ── 5 on dan and purse, which nobody else than dan locks
# 2: W cleo, pool  by swap   2 ── 3 on tip, which bank uses
# 3: W cleo, tip, dan, purse by bank, paid by dan, as are 4 and 5
LOCKS = ["ann pool", "bob pool", "cleo pool tip", "tip dan purse", "dan purse", "dan purse"]
PAYERS = ["ann", "bob", "cleo", "dan", "dan", "dan"]
CALLED = [0, 0, 0, 1, 1, 1]


def schedule() -> Schedule:
    access, accounts = AccessLists.from_sets([([], row.split()) for row in LOCKS])
    names = list(map(str, accounts))
    payers = np.array([names.index(name) for name in PAYERS], dtype=np.int64)
    programs = np.array(CALLED, dtype=np.uint32)
    calls = Calls.of(np.arange(7), programs, ("swap", "bank"), ["call"] * 6)
    about = replace(
        About.unknown(access, names),
        payers=payers,
        called=calls,
        accounts=Belonging(names, access, payers, calls),
    )
    return Schedule(access, names=names, about=about)


def wins(groups: list[NamedHotGroup]) -> list[tuple[str, tuple[str, ...], int, float]]:
    return [(g.owner, g.accounts, g.transactions, g.parallelism_without) for g in groups]


def test_groups_have_the_names_of_their_accounts() -> None:
    assert wins(schedule().hot_groups) == [
        ("", ("tip",), 2, 6 / 3),
        ("", ("pool",), 3, 6 / 4),
        ("", ("dan", "purse"), 3, 6 / 4),
    ]


def test_programs_have_what_they_use_but_for_those_who_pay() -> None:
    """Without the bank's purse the path is as long, since dan alone orders the same."""
    assert wins(schedule().hot_programs) == [
        ("swap", ("pool", "tip"), 4, 6 / 3),
        ("bank", ("purse",), 3, 6 / 6),
    ]


def test_payers_have_what_nobody_else_locks() -> None:
    assert wins(schedule().hot_payers) == [("dan", ("dan", "purse"), 3, 6 / 4)]


def test_where_nothing_is_known_of_owners_there_are_none() -> None:
    found = Schedule.from_sets([([], ["x"]), ([], ["x"])])
    assert (found.hot_programs, found.hot_payers) == ([], [])


def test_an_account_that_was_split_off_belongs_to_nobody() -> None:
    found = schedule().changed(split={"pool": 2})
    assert [group.accounts for group in found.hot_programs if group.owner == "swap"] == [
        ("pool", "tip")
    ]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["hot_groups", "hot_programs", "hot_payers"])
def test_wins_are_those_of_the_block_so_changed(kind: str) -> None:
    found = sealane.load(MAINNET).schedule()
    for group in getattr(found, kind)[:3]:
        if len(group.accounts) > 5:
            continue  # one by one, in words, these take long
        names = group.accounts
        changed = {
            "without": found.changed(without=names),
            "split": found.changed(split=dict.fromkeys(names, 8)),
            "commutative": found.changed(commutative=names),
        }
        for change, block in changed.items():
            win = getattr(group, change)
            assert win.critical_path_cost == block.critical_path.cost
            assert win.parallelism == block.parallelism
            assert win.speed_ups([4, 16]) == {n: block.lanes(n).speed_up for n in (4, 16)}


@pytest.mark.slow
def test_knots_of_a_real_block_win_what_no_group_does() -> None:
    """A pool's six accounts, then twelve more: taken away, in turn, from the block itself."""
    found = sealane.load(MAINNET).schedule()
    gone: list[str] = []
    for knot in found.knots:
        gone += knot.accounts
        assert knot.parallelism == found.without(*gone).parallelism
    assert [len(knot.accounts) for knot in found.knots] == [6, 12, 3]
    assert [round(knot.parallelism, 1) for knot in found.knots] == [10.0, 12.1, 12.4]
    assert round(found.hot_groups[0].parallelism_without, 1) == 9.4


def test_a_knot_shows_itself_in_a_line() -> None:
    assert repr(schedule().knots[0]) == (
        "<tip, 1 step of the critical path; parallelism 2.0 without>"
    )


def test_a_group_shows_itself_in_a_line() -> None:
    assert repr(schedule().hot_programs[0]) == (
        "<swap: pool, tip, locked by 4 transactions, 67% of the critical path; "
        "parallelism 2.0 without>"
    )
