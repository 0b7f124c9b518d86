"""Memory, files and store, as measured; compared with what was made to be there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sealane.node.metrics.resources import measure_resources, measure_store
from sealane.runtime import Runtime, Store
from sealane.runtime.memory.segment import SegmentFolder
from sealane.runtime.process.proc import has_proc

MIB = 1 << 20

needs_proc = pytest.mark.skipif(not has_proc(), reason="this system has no /proc")


@needs_proc
def test_memory_of_the_node_and_of_what_it_started() -> None:
    before = measure_resources()
    assert before.memory is not None
    assert before.workers_memory is not None
    script = "import sys; held = b'x' * (64 << 20); print(1, flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        after = measure_resources()
        of_child = measure_resources(child.pid).memory
        child.communicate()
    assert after.workers_memory is not None
    assert after.workers_memory - before.workers_memory > 64 * MIB
    assert of_child is not None
    assert of_child > 64 * MIB


@needs_proc
def test_open_files_and_shared_memory(tmp_path: Path) -> None:
    before = measure_resources()
    with SegmentFolder() as folder, (tmp_path / "file").open("wb"):
        segment = folder.create("arena", 8 * MIB)
        segment[:] = b"\1" * len(segment)
        during = measure_resources()
        segment.close()
    assert before.open_files is not None
    assert during.open_files is not None
    assert during.open_files >= before.open_files + 2
    assert during.shared_memory is not None
    assert before.shared_memory is not None
    assert during.shared_memory - before.shared_memory >= 8 * MIB
    assert during.segments is not None
    assert before.segments is not None
    assert during.segments - before.segments == 1


def test_a_process_that_is_gone_has_nothing() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        child.wait()
    assert measure_resources(child.pid) == (None, None, None, None, None)


def test_a_store_by_its_files(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    with Runtime(store=folder, workers=0) as runtime:
        runtime.set_account("alice", lamports=5)
    before = measure_store(folder)
    assert before is not None
    paths = list(folder.iterdir())
    assert before.files == len(paths)
    assert before.size == sum(path.stat().st_size for path in paths)
    assert before.runs == 0
    assert before.log_size > 0
    with Store(folder) as store:
        store.compact()
    after = measure_store(folder)
    assert after is not None
    assert after.runs == 1
    assert measure_store(tmp_path / "missing") is None
