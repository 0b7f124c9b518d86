"""The trace of `sealane simulate --trace`: a track for each worker, by one policy.

    worker 0   ▕ pay  ▏▕ tip ▏▕ save (in vain) ▏▕ save ▏
    worker 1   ▕ look        ▏──▶▕ audit ▏

An arrow leads to what a worker waited for, from what it waited on. A unit of the costs is drawn as
a microsecond.
"""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ...primitives.one_line import counted
from ...scheduler import Schedule
from ...scheduler.precedence import Precedence
from ...scheduler.simulation import Run, Timeline
from .chrome_trace import ChromeTrace, Flow, Slice, Track, require_other_file, write_trace

_IN_VAIN: Final = " (in vain)"


@dataclass(frozen=True)
class SimulatedRun:
    """One run of a schedule, as a policy makes it on so many workers."""

    schedule: Schedule
    policy: str
    workers: int
    timeline: Timeline

    @classmethod
    def of(
        cls, schedule: Schedule, policy: str, workers: int, crossing_cost: int = 0
    ) -> SimulatedRun:
        """Simulate it. Raises UsageError for an unknown policy and a negative cost."""
        timeline = schedule.timeline(workers, policy, crossing_cost=crossing_cost)
        return cls(schedule, policy, workers, timeline)

    @property
    def title(self) -> str:
        """`lanes on 4 workers`"""
        return f"{self.policy} on {counted(self.workers, 'worker')}"


def write_simulated_trace(path: str, run: SimulatedRun) -> None:
    """Write the trace. Raises InputError if it can't be written, UsageError if it is the block."""
    require_other_file(path, [run.schedule.source])
    write_trace(path, simulated_trace(run))


def simulated_trace(run: SimulatedRun) -> ChromeTrace:
    """The trace of a run, tracks of workers that ran nothing among them."""
    schedule, timeline = run.schedule, run.timeline
    process = f"{os.path.basename(schedule.source)}: {run.title}"
    runs = list(timeline.runs())
    waits = dict(_waits(schedule, timeline, _free_at([*runs, *timeline.aborted])))
    tracks = [Track(process, f"worker {worker}") for worker in range(run.workers)]
    slices = [_slice(schedule, each, tracks[each.worker], waits) for each in runs]
    flows = [Flow(slices[earlier], slices[later]) for later, earlier in waits.items()]
    again = [
        _slice(schedule, each, tracks[each.worker], waits, suffix=_IN_VAIN)
        for each in timeline.aborted
    ]
    return ChromeTrace([*slices, *again], flows, tracks)


def _slice(
    schedule: Schedule, run: Run, track: Track, waits: Mapping[int, int], suffix: str = ""
) -> Slice:
    name = schedule.ids[run.position]
    args: dict[str, Any] = {
        "transaction": name,
        "position": run.position,
        "wave": int(schedule.dag.waves.wave_of[run.position]),
        "cost": int(schedule.costs[run.position]),
        "calls": list(schedule.about.calls[run.position]),
    }
    if suffix:
        args["aborted"] = True
    elif run.position in waits:
        args["waited for"] = schedule.ids[waits[run.position]]
    return Slice(track, name + suffix, run.start, run.end, args)


def _free_at(runs: list[Run]) -> dict[Run, int]:
    """When the worker of each run was done with what it ran before."""
    done: dict[int, int] = {}
    found: dict[Run, int] = {}
    for run in sorted(runs, key=lambda run: (run.start, run.end)):
        found[run] = done.get(run.worker, 0)
        done[run.worker] = run.end
    return found


def _waits(
    schedule: Schedule, timeline: Timeline, free_at: Mapping[Run, int]
) -> Iterator[tuple[int, int]]:
    """Pairs (later, earlier): whose worker was free before what it conflicts with had ended.

    Of several, the one that ended last. A policy may take two that conflict in either order.
    """
    last = _last_before(schedule.dag.order, timeline)
    for run in timeline.runs():
        earlier = last.get(run.position)
        if earlier is not None and timeline.ends[earlier] > free_at[run]:
            yield run.position, earlier


def _last_before(order: Precedence, timeline: Timeline) -> Mapping[int, int]:
    """By position: of its neighbours that had ended when it began, the last. Ties: the lowest."""
    starts, ends = timeline.starts, timeline.ends
    found: dict[int, int] = {}
    pairs: list[tuple[int, int]] = order.direct.tolist()
    for pair in pairs:
        for other, position in (pair, pair[::-1]):
            if ends[other] <= starts[position]:
                found[position] = _later_of(other, found.get(position, other), ends)
    for earlier, later in order.joins:
        before: list[int] = earlier.tolist()
        behind: list[int] = later.tolist()
        for others, positions in ((before, behind), (behind, before)):
            ended = _Ended(others, ends)
            for position in positions:
                other = ended.last_by(starts[position])
                if other is not None:
                    found[position] = _later_of(other, found.get(position, other), ends)
    return found


def _later_of(one: int, other: int, ends: Sequence[int]) -> int:
    return min(one, other, key=lambda position: (-ends[position], position))


class _Ended:
    """Transactions by when they ended."""

    def __init__(self, positions: Sequence[int], ends: Sequence[int]) -> None:
        # Of those that ended at one time, the lowest comes last.
        self._order = sorted(positions, key=lambda position: (ends[position], -position))
        self._ends = [ends[position] for position in self._order]

    def last_by(self, time: int) -> int | None:
        """The last that had ended by this time, if any; of several the lowest."""
        place = bisect_right(self._ends, time)
        return self._order[place - 1] if place else None
