"""The trace of `sealane run --trace`: a process for each block, a track for each of its workers.

block.yaml ─┬─ main       schedule ▏execute        ▏commit
            ├─ tries      only if the block was begun again
            ├─ worker 1   a transaction, or several at once; their receipts
            └─ worker 2   …, with an arrow from what it waited for
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from itertools import count, pairwise
from typing import Any, Final

from ...ingest.files.writing import require_writable
from ...runtime import MeasuredSlice, MeasuredTimeline, Result
from .chrome_trace import ChromeTrace, Flow, Slice, Track, require_other_file, write_trace

_US_PER_NS: Final = 0.001


class RunTrace:
    """Collects blocks as they are run, and writes them to `path` when all are.

    Raises InputError if that can't be written, UsageError if it is one of the files to run.
    """

    def __init__(self, path: str, files: Sequence[str]) -> None:
        require_other_file(path, files)
        require_writable(path)
        self._path = path
        self._tracks: list[Track] = []
        self._slices: list[Slice] = []
        self._flows: list[Flow] = []
        self._names: set[str] = set()
        self._origin_ns: int | None = None

    def add(self, file: str, result: Result) -> None:
        """Add a block that was executed with a timeline; nothing if it was skipped."""
        timeline = result.timeline
        if timeline is None:
            return
        if self._origin_ns is None:
            self._origin_ns = timeline.origin_ns
        block = _TracedBlock(self._named(file), result, timeline, self._origin_ns)
        self._tracks += block.tracks()
        self._slices += block.slices()
        self._flows += block.flows()

    def write(self) -> None:
        """Write the trace. Raises InputError; Unreported if something was committed."""
        trace = ChromeTrace(self._slices, self._flows, self._tracks, us_per_unit=_US_PER_NS)
        write_trace(self._path, trace)

    def _named(self, file: str) -> str:
        """A process's name: the file's, numbered if there was one of that name before."""
        name = os.path.basename(file)
        numbered = (name if number == 1 else f"{name} ({number})" for number in count(1))
        chosen = next(each for each in numbered if each not in self._names)
        self._names.add(chosen)
        return chosen


class _TracedBlock:
    """One block's part of the trace. Its times count from the first block's begin."""

    def __init__(
        self, process: str, result: Result, timeline: MeasuredTimeline, origin_ns: int
    ) -> None:
        self._process = process
        self._result = result
        self._timeline = timeline
        self._shift_ns = timeline.origin_ns - origin_ns
        self._of: dict[int, Slice] = {}  # by position

    def tracks(self) -> Iterator[Track]:
        """From top to bottom, workers that ran nothing among them."""
        yield self._track("main")
        if len(self._result.tries) > 1:
            yield self._track("tries")
        used = self._timeline.workers.tolist()
        first = 1 if self._result.workers else 0
        yield from map(self._worker, range(first, max([self._result.workers, *used]) + 1))

    def slices(self) -> Iterator[Slice]:
        route = {"route": str(self._result.route), "workers": self._result.workers}
        for name, start_ns, end_ns in self._timeline.stages:
            args = route if name == "execute" else {}
            yield self._slice(self._track("main"), name, start_ns, end_ns, args)
        if len(self._result.tries) > 1:
            yield from self._tries()
        for each in self._timeline.slices():
            yield self._executed(each)

    def flows(self) -> Iterator[Flow]:
        """After `slices`: an arrow wherever a worker waited for another."""
        waits: list[tuple[int, int]] = self._timeline.waits.tolist()
        for earlier, later in waits:
            yield Flow(self._of[earlier], self._of[later])

    def _executed(self, each: MeasuredSlice) -> Slice:
        result = self._result
        track = self._worker(each.worker)
        if len(each.positions) == 1:
            receipt = result.transactions[each.positions[0]]
            args: dict[str, Any] = {
                "transaction": receipt.id,
                "position": each.positions[0],
                "wave": receipt.wave,
                "status": receipt.status,
                "compute_units": receipt.compute_units,
            }
            if receipt.error is not None:
                args["error"] = receipt.error.full_name
            name = receipt.id
        else:
            name = f"{len(each.positions):,} transactions at once"
            args = {
                "transactions": [result.block.ids[position] for position in each.positions],
                "wave": int(result.dag.waves.wave_of[each.positions[0]]),
            }
        found = self._slice(track, name, each.start_ns, each.end_ns, args)
        self._of |= dict.fromkeys(each.positions, found)
        return found

    def _tries(self) -> Iterator[Slice]:
        """From the begin of each try to that of the next."""
        executed_ns = self._timeline.stages[-1].start_ns
        bounds = pairwise([*self._timeline.tries_ns, executed_ns])
        for begun, (start_ns, end_ns) in zip(self._result.tries, bounds, strict=True):
            args = {key: value for key, value in begun._asdict().items() if value is not None}
            yield self._slice(self._track("tries"), str(begun.reason), start_ns, end_ns, args)

    def _slice(
        self, track: Track, name: str, start_ns: int, end_ns: int, args: dict[str, Any]
    ) -> Slice:
        return Slice(track, name, start_ns + self._shift_ns, end_ns + self._shift_ns, args)

    def _worker(self, number: int) -> Track:
        return self._track(f"worker {number}" if number else "worker 0 (this process)")

    def _track(self, name: str) -> Track:
        return Track(self._process, name)
