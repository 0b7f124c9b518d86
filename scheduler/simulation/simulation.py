"""One block under several policies and worker counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import ArrayLike

from ...primitives.exact_integers import exact_integer
from ...primitives.html_table import html_table
from ..costs import checked_costs, checked_priorities
from ..counts import checked_count
from ..critical_path import heaviest_path, parallelism
from ..dag import Dag
from .policies import POLICIES, Policy
from .prediction import Prediction, predict
from .timeline import Timeline
from .workload import Workload

if TYPE_CHECKING:
    from ..schedule.named_advice import NamedAdvice  # which is made of what stands here

WORKER_COUNTS: Final = (1, 2, 4, 8, 16, 32, 64)
_NAMED_MAX: Final = 3  # policies that a short line names


@dataclass(frozen=True, repr=False)
class Simulation:
    """What was simulated, and a prediction for each policy and number of workers, as asked.

    `what_if`: a line for each change that was made to the block beforehand; `before`: the same of
    the block as it is, where there are changes. `advice`: more changes that would help, where they
    were asked for. `notes`: what a reader of the figures must know.
    """

    transactions: int
    total_cost: int
    critical_path_cost: int
    policies: Mapping[str, tuple[Prediction, ...]]
    what_if: tuple[str, ...] = ()
    before: Simulation | None = None
    advice: tuple[NamedAdvice, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def parallelism(self) -> float:
        """The speed-up that no number of workers exceeds."""
        return parallelism(self.total_cost, self.critical_path_cost)

    def to_dict(self) -> dict[str, Any]:
        """As `sealane simulate --json` prints it, costs as exact integers."""
        return {
            "transactions": self.transactions,
            "total_cost": exact_integer(self.total_cost),
            "critical_path_cost": exact_integer(self.critical_path_cost),
            "what_if": list(self.what_if),
            "policies": {
                name: [prediction.to_dict() for prediction in predictions]
                for name, predictions in self.policies.items()
            },
            "advice": [each.to_dict() for each in self.advice],
            "before": None if self.before is None else self.before.to_dict(),
            "notes": list(self.notes),
        }

    def __repr__(self) -> str:
        names = ", ".join(self.policies)
        if len(self.policies) > _NAMED_MAX:
            names = f"{len(self.policies)} policies"
        return (
            f"<Simulation of {self.transactions:,} transactions: {names} on "
            f"{self._workers()} workers>"
        )

    def __str__(self) -> str:
        lines = [f"{self.transactions:,} transactions, total cost {self.total_cost:,}"]
        lines += self.what_if
        for policy, prediction in self._rows():
            lines.append(f"{policy}: {prediction}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """How a notebook shows it."""
        caption = "; ".join([f"{self.transactions:,} transactions", *self.what_if])
        header = ("policy", "workers", "makespan", "speed-up", "idle", "p50", "p99", "re-runs")
        rows = ((policy, *each[:4], *each.latency, each.reruns) for policy, each in self._rows())
        return html_table(caption, header, rows) + self._advice_html()

    def _advice_html(self) -> str:
        if not self.advice:
            return ""
        rows = ((each.change, each.critical_path_cost, each.parallelism) for each in self.advice)
        return html_table("What would help", ("change", "critical path", "parallelism"), rows)

    def _rows(self) -> list[tuple[str, Prediction]]:
        return [(policy, each) for policy, found in self.policies.items() for each in found]

    def _workers(self) -> str:
        counts = sorted({prediction.workers for _, prediction in self._rows()})
        return ", ".join(map(str, counts)) if len(counts) <= len(WORKER_COUNTS) else "many"


def simulate(
    dag: Dag,
    costs: ArrayLike,
    workers: Sequence[int] = WORKER_COUNTS,
    policies: Sequence[str] = tuple(POLICIES),
    what_if: Sequence[str] = (),
    *,
    priorities: ArrayLike | None = None,
    crossing_cost: int = 0,
) -> Simulation:
    """Predict a block's makespan; `costs` int64[n] by position, none negative.

    `priorities` int64[n]: higher first, where a policy orders by them; 0 each by default.
    `crossing_cost`: how much longer a lane waits for another lane than for itself.
    Raises ValueError for bad costs, for less than one worker, and for an unknown policy; TypeError
    for a number of workers that is no integer.

    >>> from sealane.scheduler import AccessLists, build_dag
    >>> access, _ = AccessLists.from_sets([([], ["x"]), (["x"], []), (["x"], []), ([], ["y"])])
    >>> found = simulate(build_dag(access), [2, 1, 1, 2], workers=[1, 2], policies=["dataflow"])
    >>> [prediction.makespan for prediction in found.policies["dataflow"]]
    [6, 3]
    """
    counts = [_checked_workers(count) for count in workers]
    chosen = {name: _policy(name) for name in policies}
    block = _workload(dag, costs, priorities, crossing_cost)
    return Simulation(
        transactions=len(dag),
        total_cost=block.total_cost,
        critical_path_cost=heaviest_path(dag.order, np.array(block.costs, np.int64)).cost,
        policies={
            name: tuple(predict(policy(block, n), block.total_cost, n) for n in counts)
            for name, policy in chosen.items()
        },
        what_if=tuple(what_if),
    )


def simulate_one(
    dag: Dag,
    costs: ArrayLike,
    workers: int,
    policy: str,
    *,
    priorities: ArrayLike | None = None,
    crossing_cost: int = 0,
) -> Timeline:
    """One run, transaction by transaction; arguments and errors as of `simulate`."""
    run = _policy(policy)
    return run(_workload(dag, costs, priorities, crossing_cost), _checked_workers(workers))


def _workload(
    dag: Dag, costs: ArrayLike, priorities: ArrayLike | None, crossing_cost: int
) -> Workload:
    weights: list[int] = checked_costs(costs, len(dag)).tolist()
    first = [0] * len(dag) if priorities is None else checked_priorities(priorities, len(dag))
    return Workload(dag, weights, first, crossing_cost)


def _checked_workers(workers: int) -> int:
    return checked_count(workers, "workers", "a block needs one worker at least")


def _policy(name: str) -> Policy:
    if name not in POLICIES:
        raise ValueError(f"there is no policy {name!r}; choose from {', '.join(POLICIES)}")
    return POLICIES[name]
