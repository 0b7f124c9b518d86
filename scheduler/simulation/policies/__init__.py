"""Policies by name: each says when every transaction runs, and on which of so many workers.

A policy is a function of a Workload and the number of workers. It takes no time itself, and
neither do locks, messages or commits: what a simulation compares is the order that a policy finds.

Those of the first group respect the file's order of conflicting transactions. Those of the second
take the block as a pool to choose from by priority, so a block can come out faster than its
critical path in file order; the order in which they start transactions has a critical path of its
own, which is never longer than what they take.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from ..timeline import Timeline
from ..workload import Workload
from .block_stm import block_stm
from .fifo import fifo
from .in_batches import greedy, prio_graph
from .pack import pack
from .planned import dataflow, lanes, waves

Policy = Callable[[Workload, int], Timeline]

POLICIES: Final[Mapping[str, Policy]] = {
    "waves": waves,
    "lanes": lanes,
    "dataflow": dataflow,
    "fifo": fifo,
    "greedy": greedy,
    "prio-graph": prio_graph,
    "pack": pack,
    "block-stm": block_stm,
}

# Those of the second group: a block can come out faster than its critical path in file order.
REORDERING: Final = frozenset({"greedy", "prio-graph", "pack"})

__all__ = ["POLICIES", "REORDERING", "Policy"]
