"""The queue of an account in the names of its file: who writes, reads and adds, and which paths."""

from __future__ import annotations

from sealane.scheduler import AccessLists, Schedule


def test_a_queue_says_what_it_costs_and_how_much_of_it_is_in_turn() -> None:
    queue = Schedule.from_sets(
        [([], ["x"]), ([], ["y"]), (["x"], []), (["x"], [])], [3, 9, 2, 4]
    ).explain(account="x")
    assert queue.to_dict() == {
        "account": "x",
        "cost": 9,
        "longest_run": {"transactions": ["t0", "t3"], "cost": 7},
        "queue": [
            {
                "transaction": "t0",
                "wave": 0,
                "writes": True,
                "cost": 3,
                "position": 0,
                "adds": False,
            },
            {
                "transaction": "t2",
                "wave": 1,
                "writes": False,
                "cost": 2,
                "position": 2,
                "adds": False,
            },
            {
                "transaction": "t3",
                "wave": 1,
                "writes": False,
                "cost": 4,
                "position": 3,
                "adds": False,
            },
        ],
    }


def test_adds_are_told_from_reads() -> None:
    block = Schedule.from_sets([([], ["x"]), ([], [], ["x"]), (["x"], []), ([], [], ["x"])])
    queue = block.explain(account="x")
    assert [each.does for each in queue.queue] == ["writes", "adds", "reads", "adds"]
    assert repr(queue) == "<queue of x: 1 write, 1 only read, 2 only add, in 4 waves>"
    assert "wave 3: t3 adds" in str(queue)


def test_a_path_has_the_queue_of_what_is_above_and_below() -> None:
    access, names = AccessLists.from_paths(
        [([], ["bank/alice", "bank/bob"]), (["bank"], []), ([], ["tips"]), ([], [], ["*"])]
    )
    queue = Schedule(access, names=names).explain(account="bank")
    assert list(map(str, queue.queue)) == [
        "wave 0: t0 writes bank/alice, bank/bob",
        "wave 1: t1 reads bank",
        "wave 2: t3 adds *",
    ]
    assert queue.to_dict()["queue"][0]["accounts"] == ["bank/alice", "bank/bob"]
    assert queue.longest_run.transactions == ("t0", "t1", "t3")
