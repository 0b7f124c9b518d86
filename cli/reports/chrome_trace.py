"""Chrome trace events, which Perfetto (https://ui.perfetto.dev) and chrome://tracing open.

    first, second = Track("block.yaml", "worker 1"), Track("block.yaml", "worker 2")
    pay = Slice(first, "pay", 0, 40, {"wave": 0})
    tip = Slice(second, "tip", 45, 60, {"wave": 1})
    trace = ChromeTrace([pay, tip], flows=[Flow(pay, tip)], us_per_unit=1)
    write_trace("out.json", trace)

A process of the trace is a block, a track a worker of it, a slice a bar on a track, and a flow an
arrow from the end of one bar to the beginning of another. Slices of one track must not overlap,
and a flow must not point back in time. Times are in any unit, from any zero: `us_per_unit` says how
many microseconds a unit is. Guarantees: integers of `args` that a reader would round are strings; a
file is written completely or not at all.
Format: "Trace Event Format", Google, with the events X (complete), s and f (flow), M (metadata).
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from ...ingest.files.writing import whole_file
from ...primitives import InputError, UsageError
from ...primitives.exact_integers import exact_integer
from ..output.committed import Unreported, committed
from ..output.stdout import json_text

Event = dict[str, Any]
_DIGITS: Final = 3  # a nanosecond
_WITHIN_US: Final = 0.001
_NO_ARGS: Final[Mapping[str, Any]] = MappingProxyType({})


class Track(NamedTuple):
    """A row of the trace. Tracks of the same `process` stand together under its name."""

    process: str
    name: str


class Slice(NamedTuple):
    """A bar on a track, from `start` to `end`. `args`: what a click on it shows; values of JSON."""

    track: Track
    name: str
    start: float
    end: float
    args: Mapping[str, Any] = _NO_ARGS


class Flow(NamedTuple):
    """An arrow from the end of one slice to the beginning of another, which waited for it."""

    before: Slice
    after: Slice
    name: str = "wait"


@dataclass(frozen=True)
class ChromeTrace:
    """Slices and flows to write. `tracks`: from top to bottom; those that only slices name follow
    in the slices' order."""

    slices: Sequence[Slice]
    flows: Sequence[Flow] = ()
    tracks: Sequence[Track] = ()
    us_per_unit: float = 1.0

    def document(self) -> dict[str, Any]:
        """The JSON object, its events in order of time."""
        places = _places([*self.tracks, *(each.track for each in self.slices)])
        events = [self._slice_event(each, places) for each in self.slices]
        for number, flow in enumerate(self.flows, 1):
            events += self._flow_events(number, flow, places)
        # Stable: at the same time, a slice comes before the flow that ends in it.
        events.sort(key=itemgetter("ts"))
        return {"traceEvents": [*_metadata(places), *events], "displayTimeUnit": "ns"}

    def _slice_event(self, each: Slice, places: Mapping[Track, _Place]) -> Event:
        start, end = self._us(each.start), self._us(each.end)
        duration = round(end - start, _DIGITS)
        while start + duration > end:  # as a reader adds them, it would run into the next slice
            duration -= math.ulp(end)
        event = {"name": each.name, "ph": "X", **places[each.track]._asdict(), "ts": start}
        event["dur"] = duration
        if each.args:
            event["args"] = {key: _exact(value) for key, value in each.args.items()}
        return event

    def _flow_events(self, number: int, flow: Flow, places: Mapping[Track, _Place]) -> list[Event]:
        """Two events, each bound to the slice that its time lies in."""
        begin, end = self._us(flow.before.start), self._us(flow.before.end)
        both = {"name": flow.name, "cat": "wait", "id": number}
        return [
            # Just before the end: the next slice of the track may begin there.
            both
            | {"ph": "s", **places[flow.before.track]._asdict()}
            | {"ts": round(max(begin, end - _WITHIN_US), _DIGITS)},
            both
            | {"ph": "f", "bp": "e", **places[flow.after.track]._asdict()}
            | {"ts": self._us(flow.after.start)},
        ]

    def _us(self, time: float) -> float:
        return round(time * self.us_per_unit, _DIGITS)


def write_trace(path: str, trace: ChromeTrace) -> None:
    """Write the trace to a file, which replaces one that is there.

    Raises InputError if it cannot be written; Unreported if the command has committed something.
    """
    text = json_text(trace.document(), indented=False)
    try:
        with whole_file(path) as file:
            file.write(text)
    except InputError as error:
        if committed():
            raise Unreported from error
        raise


def require_other_file(path: str, files: Iterable[str]) -> None:
    """Raise UsageError if `path` is one of the files that are read: a trace would replace it."""
    if any(_is_same(path, file) for file in files):
        raise UsageError(f"--trace {path} would replace a file that is read; name another one")


def _is_same(path: str, file: str) -> bool:
    return os.path.exists(path) and os.path.exists(file) and os.path.samefile(path, file)


class _Place(NamedTuple):
    """The numbers by which events name a track."""

    pid: int
    tid: int


def _places(tracks: Sequence[Track]) -> dict[Track, _Place]:
    """Numbers in order of first appearance, from 1; threads count on in each process."""
    places: dict[Track, _Place] = {}
    processes: dict[str, int] = {}
    for track in dict.fromkeys(tracks):
        pid = processes.setdefault(track.process, len(processes) + 1)
        places[track] = _Place(pid, len(places) + 1)
    return places


def _metadata(places: Mapping[Track, _Place]) -> Iterator[Event]:
    """Names of processes and tracks, and their order."""
    named: set[str] = set()
    for track, place in places.items():
        if track.process not in named:
            named.add(track.process)
            yield _named("process_name", place, {"name": track.process})
            yield _named("process_sort_index", place, {"sort_index": place.pid})
        yield _named("thread_name", place, {"name": track.name})
        yield _named("thread_sort_index", place, {"sort_index": place.tid})


def _named(what: str, place: _Place, args: Mapping[str, Any]) -> Event:
    return {"name": what, "ph": "M", **place._asdict(), "args": args}


def _exact(value: Any) -> Any:
    return exact_integer(value) if type(value) is int else value
