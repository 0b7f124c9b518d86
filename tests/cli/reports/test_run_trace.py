"""Traces of runs, read back: every transaction once, no overlaps, waits that respect the DAG."""

from __future__ import annotations

import errno
import json
import os
import signal
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from sealane import FixedRoute, Result, Route, Runtime, Transaction
from sealane.cli.reports.run_trace import RunTrace
from sealane.programs import Program, UncheckedAccount
from sealane.programs.library import system

from ..command import Ending

Run = Callable[..., Ending]
Write = Callable[[str, str], Path]
local = Program("local_to_traces")


@local.instruction(tag=0)
def die_once(account: UncheckedAccount, marker: bytes) -> None:
    """Kill the worker, unless it did so before."""
    del account
    path = Path(os.fsdecode(marker))
    if not path.exists():
        path.touch()
        os.kill(os.getpid(), signal.SIGKILL)


class Bar(NamedTuple):
    """A slice as a reader sees it; times in microseconds."""

    name: str
    start: float
    end: float
    args: dict[str, Any]

    @property
    def transactions(self) -> list[str]:
        return self.args.get("transactions") or [self.args["transaction"]]


class Read:
    """A trace file, by process and track, in order of time."""

    def __init__(self, path: Path) -> None:
        events: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["traceEvents"]
        self.events = events
        names = {(e["name"], e["pid"], e["tid"]): e["args"] for e in events if e["ph"] == "M"}
        process = {
            pid: args["name"] for (what, pid, _), args in names.items() if what == "process_name"
        }
        self.track_of = {
            (pid, tid): (process[pid], args["name"])
            for (what, pid, tid), args in names.items()
            if what == "thread_name"
        }
        self.tracks: dict[tuple[str, str], list[Bar]] = {t: [] for t in self.track_of.values()}
        for event in events:
            if event["ph"] == "X":
                end = event["ts"] + event["dur"]
                bar = Bar(event["name"], event["ts"], end, event.get("args", {}))
                self.tracks[self.track_of[event["pid"], event["tid"]]].append(bar)

    def bars(self, process: str) -> dict[str, Bar]:
        """The bar of each transaction of a block, of which there must be one only."""
        found: dict[str, Bar] = {}
        for (block, name), bars in self.tracks.items():
            for bar in bars if block == process and name.startswith("worker") else ():
                for transaction in bar.transactions:
                    assert found.setdefault(transaction, bar) is bar
        return found

    def names(self, process: str) -> list[str]:
        return [name for block, name in self.tracks if block == process]


def require_sound(read: Read, process: str, result: Result) -> None:
    bars = read.bars(process)
    assert sorted(bars) == sorted(result.block.ids)
    for on_track in read.tracks.values():
        assert all(one.end <= other.start for one, other in pairwise(on_track))
    ids = result.block.ids
    pairs: list[tuple[int, int]] = result.dag.edges.tolist()
    assert all(bars[ids[a]].end <= bars[ids[b]].start for a, b in pairs)
    stages = read.tracks[process, "main"]
    assert [bar.name for bar in stages if bar.name != "schedule"][-1] == "commit"
    assert {bar.name for bar in stages} == {"schedule", "execute", "commit"}
    assert all(bar.end <= stages[-1].start for bar in bars.values())


def require_flows(read: Read, least: int) -> None:
    """Each flow leads forward, from within one worker's bar to the begin of another's."""
    starts = {e["id"]: e for e in read.events if e["ph"] == "s"}
    finishes = {e["id"]: e for e in read.events if e["ph"] == "f"}
    assert len(starts) >= least
    assert starts.keys() == finishes.keys()
    for number, start in starts.items():
        finish = finishes[number]
        assert start["ts"] <= finish["ts"]
        assert (start["pid"], start["tid"]) != (finish["pid"], finish["tid"])
        before = read.tracks[read.track_of[start["pid"], start["tid"]]]
        after = read.tracks[read.track_of[finish["pid"], finish["tid"]]]
        assert any(bar.start <= start["ts"] < bar.end for bar in before)
        assert any(bar.start == finish["ts"] for bar in after)


def tangled(count: int = 90) -> list[Transaction]:
    """Payments of 30 accounts to 11 others: each waits for two before it, and many may run at
    once."""
    return [
        Transaction(
            [system.transfer(source=f"a{n % 30}", destination=f"b{n % 11}", lamports=1)],
            id=f"pay{n}",
        )
        for n in range(count)
    ]


def run(
    block: list[Transaction], workers: int, route: Route | FixedRoute | None, **options: Any
) -> Result:
    with Runtime(workers=workers, route=route, **options) as runtime:
        for account in range(30):
            runtime.set_account(f"a{account}", lamports=100)
        return runtime.execute(block, timeline=True)


def traced(path: Path, *results: Result) -> Read:
    trace = RunTrace(str(path), [])
    for result in results:
        trace.add("folder/block.yaml", result)
    trace.write()
    return Read(path)


@pytest.mark.parametrize(
    ("workers", "route", "tracks"),
    [
        (0, None, ["worker 0 (this process)"]),
        (2, Route.IN_PROCESS, ["worker 0 (this process)"]),
        (2, Route.ONE_WORKER, ["worker 1"]),
        (1, Route.LANES, ["worker 1"]),
        (2, FixedRoute(Route.LANES, share_len_min=1), ["worker 1", "worker 2"]),
        (4, FixedRoute(Route.LANES, share_len_min=1 << 20), [f"worker {n}" for n in (1, 2, 3, 4)]),
    ],
)
def test_a_trace_of_each_route(
    workers: int, route: Route | FixedRoute | None, tracks: list[str], tmp_path: Path
) -> None:
    result = run(tangled(), workers, route)
    read = traced(tmp_path / "out.json", result)
    assert read.names("block.yaml") == ["main", *tracks]
    require_sound(read, "block.yaml", result)
    require_flows(read, least=len(tracks) > 1)


def test_a_bar_tells_what_became_of_its_transaction(tmp_path: Path) -> None:
    block = tangled(2)
    block[1] = Transaction([system.transfer(source="b0", destination="a2", lamports=500)], id="no")
    bars = traced(tmp_path / "out.json", run(block, 0, None)).bars("block.yaml")
    assert bars["no"].name == "no"
    assert bars["no"].args == {
        "transaction": "no",
        "position": 1,
        "wave": 1,
        "status": "failed",
        "compute_units": 150,
        "error": "system.ResultWithNegativeLamports",
    }


def test_transactions_that_ran_at_once_are_one_bar_with_their_ids(tmp_path: Path) -> None:
    calls = [
        system.transfer(source=f"a{n % 30}", destination=f"b{n}", lamports=1) for n in range(30)
    ]
    calls += [system.transfer(source=f"c{n}", destination=f"d{n}", lamports=0) for n in range(70)]
    block = [Transaction([call]) for call in calls]
    result = run(block, 1, Route.IN_PROCESS)
    read = traced(tmp_path / "out.json", result)
    require_sound(read, "block.yaml", result)
    bar = read.bars("block.yaml")["t0"]
    assert bar.name == f"{len(bar.transactions)} transactions at once"
    assert set(bar.transactions) >= {f"t{n}" for n in range(30)}
    assert bar.args["wave"] == 0


def test_blocks_follow_each_other_under_names_of_their_own(tmp_path: Path) -> None:
    results = [run(tangled(30), 0, None) for _ in range(2)]
    read = traced(tmp_path / "out.json", *results)
    for process, result in zip(("block.yaml", "block.yaml (2)"), results, strict=True):
        require_sound(read, process, result)
    first, second = (read.tracks[name, "main"] for name in ("block.yaml", "block.yaml (2)"))
    assert first[0].start == 0
    assert first[-1].end <= second[0].start


@pytest.mark.slow
def test_a_block_that_was_begun_again_shows_its_tries(tmp_path: Path) -> None:
    block = tangled(40)
    block.insert(20, Transaction([die_once(account="b", marker=os.fsencode(tmp_path / "died"))]))
    result = run(block, 2, Route.LANES, programs=[local])
    read = traced(tmp_path / "out.json", result)
    require_sound(read, "block.yaml", result)
    first, again = read.tracks["block.yaml", "tries"]
    assert (first.name, again.name) == ("first", "worker-failed")
    assert again.args["detail"].startswith("worker ")
    assert first.end <= again.start <= min(b.start for b in read.bars("block.yaml").values())


RING = """
sealane: 1
accounts: {a: {lamports: 9}}
transactions:
  - {id: one, instructions: [{system.transfer: {source: a, destination: b, lamports: 7}}]}
  - {id: two, instructions: [{system.transfer: {source: b, destination: c, lamports: 8}}]}
"""


def test_the_command_writes_a_trace_of_all_files(
    sealane: Run, written: Write, tmp_path: Path
) -> None:
    path, out = written("ring.yaml", RING), tmp_path / "out.json"
    ending = sealane("run", path, path, "-w", "0", "--trace", out, "--json")
    assert (ending.code, ending.err) == (0, "")
    assert len(ending.document) == 2
    read = Read(out)
    assert {name for name, _ in read.tracks} == {"ring.yaml", "ring.yaml (2)"}
    assert list(read.bars("ring.yaml (2)")) == ["one", "two"]


def test_an_unmet_expectation_is_traced_and_a_failed_block_is_not(
    sealane: Run, written: Write, tmp_path: Path
) -> None:
    out = tmp_path / "out.json"
    unmet = written("unmet.yaml", RING + "expect: {accounts: {c: {lamports: 8}}}\n")
    assert sealane("run", unmet, "-w", "0", "--trace", out).code == 1
    assert list(Read(out).bars("unmet.yaml")) == ["one", "two"]
    out.unlink()
    plan_only = written("plan.yaml", "sealane: 1\ntransactions: [{writes: [a]}]\n")
    assert sealane("run", unmet, plan_only, "-w", "0", "--trace", out).code == 2
    assert not out.exists()


def test_a_block_that_was_skipped_has_no_part_in_a_trace(
    sealane: Run, written: Write, tmp_path: Path
) -> None:
    path, store, out = written("ring.yaml", RING), tmp_path / "state", tmp_path / "out.json"
    assert sealane("run", path, "-w", "0", "--store", store).code == 0
    assert sealane("run", path, "-w", "0", "--store", store, "--trace", out).code == 0
    assert Read(out).tracks == {}


def test_a_place_that_cannot_be_written_is_refused_before_anything_runs(
    sealane: Run, written: Write, tmp_path: Path
) -> None:
    path, store = written("ring.yaml", RING), tmp_path / "state"
    for out, said in (
        (path, f"--trace {path} would replace a file that is read"),
        (tmp_path, "is no regular file"),
        (tmp_path / "none" / "out.json", "cannot be written: there is no folder"),
    ):
        ending = sealane("run", path, "-w", "0", "--store", store, "--trace", out)
        assert (ending.code, ending.out) == (2, "")
        assert said in ending.err
    assert not store.exists()
    assert path.read_text() == RING


def test_a_full_disk_after_a_commit_ends_with_4(
    sealane: Run, written: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, out = written("ring.yaml", RING), tmp_path / "out.json"

    def full(self: RunTrace) -> None:
        with monkeypatch.context() as patch:
            patch.setattr("os.fsync", fail)
            write(self)

    def fail(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    write = RunTrace.write
    monkeypatch.setattr(RunTrace, "write", full)
    store = tmp_path / "state"
    ending = sealane("run", path, "-w", "0", "--store", store, "--trace", out)
    assert ending.code == 4
    assert "block 1 is committed, but the report could not be written" in ending.err
    assert "No space left on device" in ending.err
    assert not out.exists()
    assert sealane("run", path, "-w", "0", "--trace", out).code == 2, "nothing lasts"
