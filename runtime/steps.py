"""The steps of a plan as they are carried out, and how to set suspects apart in them.

Usually they are the plan's own. Once transactions are suspected of killing their worker, each
runs alone: nothing else is in flight, and a worker that has executed nothing before executes it.

    plan       step 1: [a b S c] [d e]      step 2: [f g] [h]
    set apart  [d e] · [a b] · S · [c] · [f g] [h]       · is a barrier
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from ..scheduler import Plan
from .progress import OrderRange


class Step(NamedTuple):
    """Parts of the plan's order that may be executed at once. `alone`: a single suspect part."""

    shares: tuple[OrderRange, ...]
    alone: bool = False


def plan_steps(plan: Plan) -> list[Step]:
    """The steps of the plan as it is."""
    steps: list[Step] = []
    for first, last in pairwise(plan.step_offsets.tolist()):
        bounds = plan.share_offsets[first : last + 1].tolist()
        steps.append(Step(tuple(OrderRange(*share) for share in pairwise(bounds))))
    return steps


def set_apart(steps: Sequence[Step], suspects: Sequence[OrderRange]) -> list[Step]:
    """The same steps with every suspect part in a step of its own.

    Shares of one step do not depend on each other, so they may as well come one after the other.
    """
    apart: list[Step] = []
    for step in steps:
        cut = [share for share in step.shares if _within(share, suspects)]
        whole = tuple(share for share in step.shares if share not in cut)
        if whole:
            apart.append(Step(whole))
        for share in cut:
            apart += _cut(share, _within(share, suspects))
    return apart


def _within(share: OrderRange, suspects: Sequence[OrderRange]) -> list[OrderRange]:
    """The suspects' parts that lie in this share, in order, without overlap."""
    parts = sorted(
        OrderRange(max(share.low, low), min(share.high, high)) for low, high in set(suspects)
    )
    found: list[OrderRange] = []
    for low, high in parts:
        start = max(low, found[-1].high) if found else low
        if start < high:
            found.append(OrderRange(start, high))
    return found


def _cut(share: OrderRange, suspects: Sequence[OrderRange]) -> list[Step]:
    steps: list[Step] = []
    done = share.low
    for suspect in suspects:
        if done < suspect.low:
            steps.append(Step((OrderRange(done, suspect.low),)))
        steps.append(Step((suspect,), alone=True))
        done = suspect.high
    if done < share.high:
        steps.append(Step((OrderRange(done, share.high),)))
    return steps
