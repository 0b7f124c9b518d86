"""The process table from /proc, and its behaviour without /proc."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sealane.runtime.process import proc, process_table
from sealane.runtime.process.process_table import all_processes, is_stopped, process_entry

PID_MAX = 4_194_304  # the kernel's own limit: no process has this one


def test_a_process_knows_itself() -> None:
    entry = process_entry(os.getpid())
    assert entry is not None
    assert (entry.pid, entry.parent, entry.session) == (os.getpid(), os.getppid(), os.getsid(0))
    assert entry.state == "R"
    assert entry in [
        each._replace(processor_ticks=entry.processor_ticks) for each in all_processes()
    ]


def test_a_missing_process_has_no_entry() -> None:
    assert process_entry(PID_MAX) is None


def test_a_process_name_may_look_like_other_fields(monkeypatch: pytest.MonkeyPatch) -> None:
    stat = "7 (a) S 1 (b)) T 2 3 4 0 -1 0 0 0 0 0 50 60 0 0 20 0 1 0 99 0"

    def read_stat(*parts: str | int) -> str:
        assert parts == (7, "stat")
        return stat

    monkeypatch.setattr(process_table, "read_proc", read_stat)
    assert process_entry(7) == (7, "T", 2, 4, "99", 110)
    assert is_stopped(7)


def test_without_proc_there_is_nothing_and_no_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(proc, "_PROC", tmp_path)
    assert not proc.has_proc()
    assert proc.process_ids() == []
    assert process_entry(os.getpid()) is None
    assert all_processes() == []
    monkeypatch.setattr(proc, "_PROC", tmp_path / "gone")
    assert proc.process_ids() == []
