"""How accounts that transactions only add to are executed.

    in one process      adds to one account share a wave, in any order, on the value as it runs
    in lanes            accounts with many adds are set aside: each lane adds to sums of its own,
                        which the first transaction that reads or writes the account folds into it;
                        adds to all others are ordered as writes are
    in file order       adds are ordered as writes are: after an AddsDoubtful, and where the rent
                        rule is enforced, which looks at what an account holds after each add

What a block declares is not affected: its DAG and its waves are those of its access lists.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...scheduler import AccessLists, Dag, Waves, build_dag
from ...scheduler.ordered_adds import (
    adds_as_writes,
    adds_set_aside,
    first_after_adds,
    has_runs_of_adds,
)
from ..memory.lane_sums import ASIDE_DATA_LEN_MAX, ASIDE_DATA_TOTAL_MAX
from ..svm.execution_inputs import ExecutionInputs

# Adds to an account from which lanes keep sums of their own, and for each time that they are
# folded: a transaction that folds runs alone. Measured with system.transfer on two lanes: even
# between 32 and 128 adds, twice as fast from 1,000.
ADDS_ASIDE_MIN: Final = 64


class OrderOfAdds(NamedTuple):
    """How a plan executes adds. `dag`: the order that it must respect. `aside` uint32[S]: accounts
    that several lanes add to at the same time. `folding` bool[n]: transactions that are the first
    to read or write one of them after adds. `ordered`: adds run in file order."""

    dag: Dag
    aside: NDArray[np.uint32]
    folding: NDArray[np.bool_]
    ordered: bool


def must_order_adds(inputs: ExecutionInputs) -> bool:
    """Whether adds run in file order from the start. Without adds, everything is in order."""
    return inputs.block.access.adds is None or inputs.rent.enforced


def waves_to_run(inputs: ExecutionInputs, waves: Waves, *, ordered: bool) -> Waves:
    """The waves to execute of a block in one process; its own are `waves`."""
    access = inputs.block.access
    if not ordered or not has_runs_of_adds(access):
        return waves
    return build_dag(adds_as_writes(access)).waves


def in_one_lane(dag: Dag, *, ordered: bool) -> OrderOfAdds:
    """Executing transactions one after another."""
    if ordered:
        dag = _ordered(dag)
    return _in_turn(dag, ordered=ordered)


def in_lanes(inputs: ExecutionInputs, dag: Callable[[], Dag], *, ordered: bool) -> OrderOfAdds:
    """Executing transactions in several lanes at the same time."""
    access = inputs.block.access
    if ordered or access.adds is None:
        return _in_turn(_ordered(dag()), ordered=True)
    after = first_after_adds(access)
    aside = _worth_it(access, after)
    left = ASIDE_DATA_TOTAL_MAX
    for account in np.flatnonzero(aside).tolist():
        length = len(inputs.states[account].data)
        aside[account] = length <= min(left, ASIDE_DATA_LEN_MAX)
        left -= length * int(aside[account])
    if not aside.any():
        return _in_turn(_ordered(dag()), ordered=True)
    executed = adds_set_aside(access, aside, after)
    folding = np.zeros(len(access), dtype=np.bool_)
    folding[access.positions[after & aside[access.accounts]]] = True
    chosen = dag() if executed is access else build_dag(executed)
    return OrderOfAdds(chosen, np.flatnonzero(aside).astype(np.uint32), folding, ordered=False)


def _in_turn(dag: Dag, *, ordered: bool) -> OrderOfAdds:
    nothing = np.zeros(0, dtype=np.uint32)
    return OrderOfAdds(dag, nothing, np.zeros(0, dtype=np.bool_), ordered)


def _ordered(dag: Dag) -> Dag:
    """The DAG with adds in file order. A single add between others is ordered as it is."""
    return build_dag(adds_as_writes(dag.access)) if has_runs_of_adds(dag.access) else dag


def _worth_it(access: AccessLists, after: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """bool[K]: accounts with so many adds that summing them up in lanes pays."""
    assert access.adds is not None
    adds = np.bincount(access.accounts[access.adds], minlength=access.account_count)
    folds = np.bincount(access.accounts[after], minlength=access.account_count)
    return adds >= ADDS_ASIDE_MIN * (1 + folds)
