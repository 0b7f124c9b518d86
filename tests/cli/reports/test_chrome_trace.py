"""Traces as Perfetto reads them: names, order, and every flow within the slices that it ties."""

from __future__ import annotations

import errno
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.cli.output.committed import Unreported, forget_committed, note_done
from sealane.cli.reports.chrome_trace import ChromeTrace, Flow, Slice, Track, write_trace
from sealane.errors import InputError

FIRST = Track("block.yaml", "worker 1")
SECOND = Track("block.yaml", "worker 2")
OTHER = Track("next.yaml", "worker 1")


def events(trace: ChromeTrace, kind: str) -> list[Any]:
    return [event for event in trace.document()["traceEvents"] if event["ph"] == kind]


def test_a_slice_has_its_track_time_and_args() -> None:
    trace = ChromeTrace([Slice(SECOND, "tip", 45, 60.5, {"wave": 1})], us_per_unit=2)
    assert events(trace, "X") == [
        {"name": "tip", "ph": "X", "pid": 1, "tid": 1, "ts": 90, "dur": 31, "args": {"wave": 1}}
    ]


def test_tracks_are_named_and_in_order_each_process_apart() -> None:
    trace = ChromeTrace([Slice(OTHER, "a", 0, 1)], tracks=[SECOND, FIRST])
    named = {(e["name"], e["pid"], e["tid"]): e["args"] for e in events(trace, "M")}
    assert named == {
        ("process_name", 1, 1): {"name": "block.yaml"},
        ("process_sort_index", 1, 1): {"sort_index": 1},
        ("thread_name", 1, 1): {"name": "worker 2"},
        ("thread_sort_index", 1, 1): {"sort_index": 1},
        ("thread_name", 1, 2): {"name": "worker 1"},
        ("thread_sort_index", 1, 2): {"sort_index": 2},
        ("process_name", 2, 3): {"name": "next.yaml"},
        ("process_sort_index", 2, 3): {"sort_index": 2},
        ("thread_name", 2, 3): {"name": "worker 1"},
        ("thread_sort_index", 2, 3): {"sort_index": 3},
    }


def test_a_flow_begins_in_one_slice_and_ends_in_the_other() -> None:
    pay, tip = Slice(FIRST, "pay", 0, 40), Slice(SECOND, "tip", 40, 60)
    trace = ChromeTrace([tip, Slice(FIRST, "next", 40, 50), pay], flows=[Flow(pay, tip)])
    (start,), (finish,) = events(trace, "s"), events(trace, "f")
    assert (start["tid"], finish["tid"]) == (2, 1)
    assert (start["ts"], finish["ts"], finish["bp"]) == (39.999, 40, "e")
    assert start["id"] == finish["id"]
    assert start["cat"] == finish["cat"]


def test_integers_that_a_reader_would_round_are_text() -> None:
    trace = ChromeTrace([Slice(FIRST, "a", 0, 1, {"cost": 2**53 + 1, "ok": True})])
    assert events(trace, "X")[0]["args"] == {"cost": str(2**53 + 1), "ok": True}


@given(
    durations=st.lists(st.integers(0, 50), min_size=1, max_size=30),
    us_per_unit=st.sampled_from([1.0, 0.001, 1e6, 1 / 3]),
    data=st.data(),
)
def test_events_are_in_order_and_slices_stay_apart(
    durations: list[int], us_per_unit: float, data: st.DataObject
) -> None:
    slices: list[Slice] = []
    ends = {FIRST: 0, SECOND: 0, OTHER: 0}
    for number, duration in enumerate(durations):
        track = data.draw(st.sampled_from([FIRST, SECOND, OTHER]))
        slices.append(Slice(track, f"t{number}", ends[track], ends[track] + duration))
        ends[track] += duration
    flows = [Flow(a, b) for a in slices for b in slices if a.end <= b.start and a is not b][:40]
    trace = ChromeTrace(slices, flows, us_per_unit=us_per_unit)

    timed = [event for event in trace.document()["traceEvents"] if event["ph"] != "M"]
    assert [event["ts"] for event in timed] == sorted(event["ts"] for event in timed)
    for tid in {event["tid"] for event in timed}:
        on_track = [event for event in timed if event["tid"] == tid and event["ph"] == "X"]
        assert all(a["ts"] + a["dur"] <= b["ts"] for a, b in pairwise(on_track))
    starts = {event["id"]: event for event in timed if event["ph"] == "s"}
    for finish in events(trace, "f"):
        assert starts[finish["id"]]["ts"] <= finish["ts"]
    assert len(starts) == len(flows)


def test_a_file_is_one_document_and_replaces_an_older_one(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    path.write_text("older")
    write_trace(str(path), ChromeTrace([Slice(FIRST, 'ä"\x1b', 0, 1)]))
    found = json.loads(path.read_text(encoding="utf-8"))
    assert [event["name"] for event in found["traceEvents"] if event["ph"] == "X"] == ['ä"\x1b']
    assert [each.name for each in tmp_path.iterdir()] == ["out.json"]


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot be written: No such file or directory"):
        write_trace(str(tmp_path / "none" / "out.json"), ChromeTrace([]))


def test_a_full_disk_after_a_commit_is_a_report_that_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out.json"
    path.write_text("older")

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    note_done("block 1 is committed")
    try:
        with pytest.raises(Unreported) as raised:
            write_trace(str(path), ChromeTrace([]))
    finally:
        forget_committed()
    assert "No space left on device" in str(raised.value.__cause__)
    assert path.read_text() == "older"
    assert [each.name for each in tmp_path.iterdir()] == ["out.json"]
