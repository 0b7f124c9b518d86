"""Scheduling cases after the tests of agave's schedulers, beside those in the shared data.

Sources: core/src/banking_stage/transaction_scheduler/{greedy,prio_graph}_scheduler.rs of
anza-xyz/agave@06f01cd6 and @13d46bbb. Payers that nothing else locks are left out: they order
nothing.
"""

from __future__ import annotations

from typing import Any, Final

from .scheduling_case import Case


def _case(policy: str, name: str, threads: int, accounts: list[str], **rest: Any) -> Case:
    """Transaction i writes `accounts[i]`, a letter each; its priority is i unless given."""
    priorities: list[int] = rest.pop("priorities", list(range(len(accounts))))
    txs = [
        {"id": n, "writes": list(writes), "reads": ["system"], "priority": bid, "cost": 5000}
        for n, (writes, bid) in enumerate(zip(accounts, priorities, strict=True))
    ]
    return {"policy": policy, "name": name, "threads": threads, "txs": txs, **rest}


GREEDY: Final = [
    _case(
        "greedy",
        "cu_limit",
        1,
        ["a", "b"],
        config={"target_scheduled_cus": 1},
        work=[[[1]]],
        scheduled=1,
        unschedulable=0,
    ),
    _case(
        "greedy",
        "scan_limit",
        1,
        ["a", "b"],
        config={"max_scanned_transactions_per_scheduling_pass": 1},
        work=[[[1]]],
        scheduled=1,
        unschedulable=0,
    ),
    _case(
        "greedy",
        "batch_size",
        1,
        ["a", "b"],
        config={"target_transactions_per_batch": 1},
        work=[[[1], [0]]],
        scheduled=2,
        unschedulable=0,
    ),
    _case(
        "greedy",
        "simple_thread_selection",
        2,
        ["a", "b", "c", "d"],
        work=[[[3, 1]], [[2, 0]]],
        scheduled=4,
        unschedulable=0,
    ),
    # 3 ──▶ 1 ──▶ 0     1 needs what two threads hold. 0 conflicts with 1 alone, and overtakes it.
    # 2 ──▶ 1           Looking at 1 sends the batches, as it conflicts with both.
    _case(
        "greedy",
        "scan_past_highest_priority",
        2,
        ["c", "abc", "b", "a"],
        work=[[[3], [0]], [[2]]],
        scheduled=3,
        unschedulable_conflicts=1,
        unschedulable_threads=0,
    ),
]

PRIO_GRAPH: Final = [
    _case(
        "prio_graph",
        "simple_thread_selection",
        2,
        ["a", "b", "c", "d"],
        work=[[[3, 1]], [[2, 0]]],
        scheduled=4,
        unschedulable=0,
    ),
]
