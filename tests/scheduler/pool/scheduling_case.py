"""Scheduling cases as the shared data has them: transactions, one pass, and the batches by thread.

    {"policy": "greedy", "threads": 2, "config": {"target_scheduled_cus": 20000},
     "txs": [{"id": 0, "writes": ["a"], "reads": [], "priority": 1, "cost": 5000}],
     "scheduled": 1, "unschedulable_conflicts": 0, "work": [[[0]]]}

`work`: for each thread its batches, each a list of ids; missing threads get none. `work_counts`:
only how long they are. `txs` may be a text, "256 independent, equal priority 1".
"""

from __future__ import annotations

import re
from typing import Any, Final

from sealane.scheduler import AccessLists
from sealane.scheduler.pool import (
    GreedyLimits,
    GreedyScheduler,
    Pass,
    Pool,
    PrioGraphLimits,
    PrioGraphScheduler,
)

Case = dict[str, Any]

_GREEDY_CONFIG: Final = {
    "target_scheduled_cus": "queued_cost",
    "max_scanned_transactions_per_scheduling_pass": "scanned_max",
    "max_scanned_per_pass": "scanned_max",
    "target_transactions_per_batch": "batch_len_max",
    "batch": "batch_len_max",
}
_PRIO_GRAPH_CONFIG: Final = {
    "max_scheduled_cus": "queued_cost",
    "max_transactions_per_scheduling_pass": "scheduled_max",
    "max_per_pass": "scheduled_max",
    "look_ahead_window_size": "window",
    "look_ahead_window": "window",
    "target_transactions_per_batch": "batch_len_max",
    "batch": "batch_len_max",
}
_ABOUT: Final = {"policy", "name", "threads", "config", "txs", "source"}


def pool_of(case: Case) -> Pool:
    """The pool in upstream's order: of equal priorities, the highest id first."""
    txs = _transactions(case["txs"])
    assert [tx["id"] for tx in txs] == list(range(len(txs)))
    access, _ = AccessLists.from_sets([(tx["reads"], tx["writes"]) for tx in txs])
    costs, priorities = [tx["cost"] for tx in txs], [tx["priority"] for tx in txs]
    return Pool.ordered(access, costs, priorities, newest_first=True)


def scheduler_of(case: Case, pool: Pool) -> GreedyScheduler | PrioGraphScheduler:
    config: dict[str, int] = case.get("config", {})
    if case["policy"] == "greedy":
        limits = {_GREEDY_CONFIG[key]: number for key, number in config.items()}
        return GreedyScheduler(pool, case["threads"], GreedyLimits(**limits))
    assert case["policy"] in ("prio_graph", "prio-graph")
    limits = {_PRIO_GRAPH_CONFIG[key]: number for key, number in config.items()}
    return PrioGraphScheduler(pool, case["threads"], PrioGraphLimits(**limits))


def work_of(found: Pass, pool: Pool, threads: int) -> list[list[list[int]]]:
    """Batches by thread, of ids."""
    work: list[list[list[int]]] = [[] for _ in range(threads)]
    for batch in found.batches:
        work[batch.thread].append([pool.positions[rank] for rank in batch.ranks])
    return work


def require(case: Case) -> None:
    """The case comes out, in everything that it says."""
    pool = pool_of(case)
    found = scheduler_of(case, pool).schedule()
    work = work_of(found, pool, case["threads"])
    unschedulable = found.unschedulable_conflicts + found.unschedulable_threads
    actual = {
        "work": work,
        "work_counts": [[len(batch) for batch in batches] for batches in work],
        "scheduled": found.scheduled,
        "unschedulable": unschedulable,
        "unschedulable_conflicts": found.unschedulable_conflicts,
        "unschedulable_threads": found.unschedulable_threads,
    }
    expected = {key: value for key, value in case.items() if key not in _ABOUT}
    for key in expected.keys() & {"work", "work_counts"}:
        expected[key] = [*expected[key], *([] for _ in range(case["threads"] - len(expected[key])))]
    assert {key: actual[key] for key in expected} == expected


def _transactions(txs: Any) -> list[dict[str, Any]]:
    if not isinstance(txs, str):
        return txs
    found = re.fullmatch(r"(\d+) independent, equal priority (\d+)", txs)
    assert found is not None, txs
    return [
        {"id": n, "writes": [f"a{n}"], "reads": ["system"], "priority": int(found[2]), "cost": 5000}
        for n in range(int(found[1]))
    ]
