"""Who must wait for whom: access lists in; DAG, waves, explanations and plans out.

Pure and deterministic: no clock, no I/O, and no chance but that of a given seed. It knows
nothing of any chain (packing/ apart, which has Solana's limits) and can be used on its own, for
anything that reads and writes named things:

>>> from sealane.scheduler import AccessLists, build_dag, conflicts_between
>>> jobs = [([], ["prices"]), (["prices"], ["report"]), (["prices"], ["index"]), ([], ["prices"])]
>>> access, names = AccessLists.from_sets(jobs)
>>> dag = build_dag(access)
>>> [wave.tolist() for wave in dag.waves]
[[0], [1, 2], [3]]
>>> [(names[each.account], each.kind.value) for each in conflicts_between(access, 1, 3)]
[('prices', 'write after read')]
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from .access import ACCOUNTS_MAX, TRANSACTIONS_MAX, AccessLists, NamedAccess
from .conflict import Conflict, ConflictKind, conflicts_between
from .critical_path import CriticalPath, critical_path, parallelism
from .dag import Dag, build_dag
from .explanation import Dependency, Explanation, Predecessor, Step, dependency, explain
from .joins import Joins
from .legal_order import legal_order
from .networkx_export import to_networkx
from .plan import Plan, make_plan, plan_isolated
from .ready_queue import ReadyQueue
from .waves import Waves

if TYPE_CHECKING:
    from .causes import (
        Bottleneck,
        HotAccount,
        HotGroup,
        Knot,
        Win,
        blocking_accounts,
        hot_accounts,
        hot_groups,
        knots,
        worst_bottlenecks,
    )
    from .schedule.schedule import Schedule
    from .simulation import Prediction, Simulation, simulate

__all__ = [
    "ACCOUNTS_MAX",
    "TRANSACTIONS_MAX",
    "AccessLists",
    "Bottleneck",
    "Conflict",
    "ConflictKind",
    "CriticalPath",
    "Dag",
    "Dependency",
    "Explanation",
    "HotAccount",
    "HotGroup",
    "Joins",
    "Knot",
    "NamedAccess",
    "Plan",
    "Predecessor",
    "Prediction",
    "ReadyQueue",
    "Schedule",
    "Simulation",
    "Step",
    "Waves",
    "Win",
    "blocking_accounts",
    "build_dag",
    "conflicts_between",
    "critical_path",
    "dependency",
    "explain",
    "hot_accounts",
    "hot_groups",
    "knots",
    "legal_order",
    "make_plan",
    "parallelism",
    "plan_isolated",
    "simulate",
    "to_networkx",
    "worst_bottlenecks",
]

# A runtime needs none of these: they would be a fifth of the time that importing the rest takes.
_IMPORTED_WHEN_USED = {
    **dict.fromkeys(
        (
            "Bottleneck",
            "HotAccount",
            "HotGroup",
            "Knot",
            "Win",
            "blocking_accounts",
            "hot_accounts",
            "hot_groups",
            "knots",
            "worst_bottlenecks",
        ),
        ".causes",
    ),
    "Prediction": ".simulation",
    "Schedule": ".schedule.schedule",
    "Simulation": ".simulation",
    "simulate": ".simulation",
}


def __getattr__(name: str) -> object:
    """Import a name when it is first used (PEP 562)."""
    if name not in _IMPORTED_WHEN_USED:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = importlib.import_module(_IMPORTED_WHEN_USED[name], __name__)
    globals()[name] = value = getattr(module, name)
    return value


def __dir__() -> list[str]:
    return __all__
