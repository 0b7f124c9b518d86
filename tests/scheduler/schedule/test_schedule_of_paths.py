"""A schedule over paths, in the names of its file: what is told of a path and its ancestors."""

from __future__ import annotations

import pytest

from sealane.primitives import UsageError
from sealane.scheduler import AccessLists, Schedule
from sealane.scheduler.picture.part import Choice, choose
from sealane.scheduler.schedule.named_explanations import NamedConflict


def schedule() -> Schedule:
    """pay ── audit ── close: pay writes bank/alice, audit reads bank, close writes all; tip is
    beside bank."""
    access, names = AccessLists.from_paths(
        [([], ["bank/alice"]), (["bank/*"], []), ([], ["tips/bob"]), ([], ["*"])]
    )
    return Schedule(access, ids=["pay", "audit", "tip", "close"], names=names)


def test_a_conflict_names_the_path_and_the_ancestor() -> None:
    pair = schedule().explain("pay", "audit")
    assert pair.conflicts == (NamedConflict("bank/alice", "read after write", "bank"),)
    assert str(pair).endswith("read after write on bank/alice, below bank")
    assert repr(pair) == "<audit after pay: read after write on bank/alice, below bank>"
    assert pair.to_dict()["conflicts"] == [
        {"account": "bank/alice", "kind": "read after write", "ancestor": "bank"}
    ]


def test_a_chain_names_the_ancestor_of_each_step() -> None:
    found = schedule().explain("close")
    assert [str(step) for step in found.chain] == [
        "audit: write after read on bank, below *",
        "pay: read after write on bank/alice, below bank",
    ]
    assert found.chain[1].to_dict() == {
        "transaction": "pay",
        "account": "bank/alice",
        "kind": "read after write",
        "ancestor": "bank",
        "also": [],
    }


def test_graphs_name_the_ancestor() -> None:
    edge = schedule().to_networkx().edges["pay", "audit"]
    assert edge["conflicts"] == "read after write on bank/alice, below bank"


@pytest.mark.parametrize(
    ("account", "chosen"),
    [
        ("bank", ["pay", "audit", "close"]),
        ("bank/alice", ["pay", "audit", "close"]),
        ("tips", ["tip", "close"]),
        ("*", ["pay", "audit", "tip", "close"]),
    ],
)
def test_to_choose_a_path_is_to_choose_what_is_above_and_below(
    account: str, chosen: list[str]
) -> None:
    block = schedule()
    part = choose(block, Choice(accounts=[account]))
    assert [block.ids[position] for position in part.positions.tolist()] == chosen


def test_what_ifs_are_of_all_below() -> None:
    block = schedule()
    assert block.without("bank").waves == [["pay", "audit", "tip"], ["close"]]
    assert block.without("bank/alice").waves == [["pay", "audit", "tip"], ["close"]]
    assert block.without("*").waves == [["pay", "audit", "tip", "close"]]
    assert block.changed(read_only="bank").waves == [["pay", "audit", "tip"], ["close"]]


def test_a_wildcard_is_asked_for_as_its_parent() -> None:
    block = schedule()
    assert block.explain(account="bank/*").account == "bank"
    assert block.without("bank/*").waves == block.without("bank").waves
    flat = Schedule.from_sets([([], ["bank"])])
    with pytest.raises(UsageError, match=r"no account is called 'bank/\*'; the nearest are bank"):
        flat.explain(account="bank/*")


def test_a_split_path_has_parts_with_all_that_is_below() -> None:
    access, names = AccessLists.from_paths([([], ["v/x"]), ([], ["v"]), (["v/y/z"], [])])
    split = Schedule(access, names=names).changed(split={"v": 2})
    assert split.names[4:] == ["v#1", "v#1/x", "v#1/y", "v#1/y/z"]
    assert split.explain("t1", "t2").conflicts == (
        NamedConflict("v#1/y/z", "read after write", "v#1"),
    )


def test_the_root_is_split_with_everything() -> None:
    assert schedule().changed(split={"*": 2}).names[5:] == [
        "*#1/bank",
        "*#1/bank/alice",
        "*#1/tips",
        "*#1/tips/bob",
        "*#1",
    ]


def test_the_paths_of_all_parts_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two paths in three parts."""
    monkeypatch.setattr("sealane.scheduler.schedule.changes.PATHS_MAX", 6)
    assert len(schedule().changed(split={"bank": 3}).names) == 5 + 4
    monkeypatch.setattr("sealane.scheduler.schedule.changes.PATHS_MAX", 5)
    with pytest.raises(UsageError, match="these are 6 paths, and 5 are possible; choose fewer"):
        schedule().changed(split={"bank": 3})
