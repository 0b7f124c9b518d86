"""`sealane survey`: its tables, views and errors, and going on after a kill or Ctrl-C."""

from __future__ import annotations

import csv
import json
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pyarrow.parquet
import pytest

from ...analysis.survey.rows import write_chains
from ...analysis.survey.test_journal import spoil
from ...faults.aftermath import below, ended, until
from ...real_data import DEEP_CHAINS, MAINNET
from ..command import DEADLINE_S, Ending, command, environment, on_a_terminal

Run = Callable[..., Ending]


def test_the_document_is_a_list_of_rows(sealane: Run, tmp_path: Path) -> None:
    (file,) = write_chains(tmp_path, 4)
    ending = sealane("survey", file, "-w", "0", "--json")
    assert (ending.code, ending.err) == (0, "")
    assert ending.document == [
        {
            "file": file,
            "case": None,
            "error": None,
            "chain": "fixture",
            "slot": None,
            "height": None,
            "transactions": 5,
            "votes": None,
            "failed": None,
            "accounts": 2,
            "conflicts": 3,
            "waves": 4,
            "total_cost": 6,
            "critical_path_cost": 4,
            "critical_path_share": 4 / 6,
            "parallelism_by_count": 1.25,
            "parallelism_by_cost": 1.5,
            "hottest_group": {
                "accounts": ["x"],
                "label": None,
                "program": None,
                "transactions": 4,
                "critical_path_share": 1.0,
                "parallelism_without": 3.0,
            },
            "speed_up": {"2": 1.5, "4": 1.5, "16": 1.5, "64": 1.5},
            "notes": [],
        }
    ]


def test_a_folder_is_surveyed_whole(sealane: Run) -> None:
    rows = sealane("survey", MAINNET.parent, "-w", "0", "--json").document
    assert len(rows) == 6
    assert [row["transactions"] for row in rows] == [25, 25, 25, 57, 18, 602]


def test_errors_are_in_their_rows_and_at_the_end(sealane: Run, tmp_path: Path) -> None:
    files = [*write_chains(tmp_path, 2), str(tmp_path / "none.yaml"), "-"]
    ending = sealane("survey", files[1], files[0], "-w", "0")
    assert ending.code == 2
    said = "no such file; check the path"
    assert ending.err == f"error: 1 of 2 files could not be read\n  {files[1]}: {said}\n"
    assert said in ending.out
    rows = sealane("survey", *files[:2], "-w", "0", "--json").document
    assert [row["error"] for row in rows] == [None, said]
    assert "transactions" not in rows[1]


def test_many_errors_are_not_a_flood(sealane: Run, tmp_path: Path) -> None:
    ending = sealane("survey", *(tmp_path / f"{n}.json" for n in range(12)), "-w", "0", "-q")
    assert ending.out == ""
    assert ending.err.startswith("error: 12 of 12 files could not be read\n")
    assert ending.err.endswith("\n  and 2 more\n")
    assert ending.err.count("\n") == 12


def test_tables_are_written_beside_the_view(sealane: Run, tmp_path: Path) -> None:
    files = write_chains(tmp_path, 2, 3)
    tables = ["--csv", tmp_path / "out.csv", "--parquet", tmp_path / "out.parquet"]
    ending = sealane("survey", *files, "-w", "0", *tables)
    assert ending.code == 0
    assert "2 blocks, 7 transactions" in ending.out
    with open(tmp_path / "out.csv", newline="") as file:
        table = list(csv.DictReader(file))
    assert [row["file"] for row in table] == files
    assert [row["transactions"] for row in table] == ["3", "4"]
    columns = cast(Any, pyarrow.parquet).read_table(tmp_path / "out.parquet").to_pydict()
    assert columns["waves"] == [2, 3]
    assert columns["hottest_accounts"] == [["x"], ["x"]]


def test_csv_on_stdout_is_all_there_is(sealane: Run, tmp_path: Path) -> None:
    (file,) = write_chains(tmp_path, 2)
    ending = sealane("survey", file, "-w", "0", "--csv", "-")
    (row,) = csv.DictReader(ending.out.splitlines())
    assert (row["file"], row["speed_up_2"]) == (file, "2.0")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--json", "--csv", "-"], "--json and --csv - both write to stdout"),
        (["--csv", "none/out.csv"], "none/out.csv: cannot be written: there is no folder none"),
        (["--parquet", "."], ".: is no regular file"),
        (["-w", "300"], "workers=300: 0 to 256 are possible"),
        (["--journal", "none/journal"], "none/journal: cannot be opened: No such file"),
    ],
)
def test_what_cannot_work_is_refused_before_anything_is_read(
    arguments: list[str],
    said: str,
    sealane: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    ending = sealane("survey", "missing.json", *arguments)
    assert ending.code == 2
    assert said in ending.err
    assert "missing.json" not in ending.err


def test_a_pipe_gets_every_column_and_whole_keys(sealane: Run) -> None:
    out = sealane("survey", MAINNET, DEEP_CHAINS, "-w", "0").out
    header, first, *_ = out.splitlines()
    for word in ("chain", "slot", "height", "votes", "failed", "accounts", "conflicts", "×16"):
        assert word in header.split()
    assert str(MAINNET) in first
    assert "So11111111111111111111111111111111111111112" in first


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_it_fits_the_terminal(columns: int, tmp_path: Path) -> None:
    files = [DEEP_CHAINS, *write_chains(tmp_path, 2), tmp_path / "none.json"]
    out = on_a_terminal(["survey", *files, "-w", "0"], columns=columns, NO_COLOR="1").out
    view, _, errors = out.partition("error: ")
    lines = view.rpartition("\x1b[2K")[2].splitlines()
    assert max(map(len, lines)) <= columns
    assert ("critical path" in lines[4]) == (columns == 40), "a card for each block"
    assert ("conflicts" in lines[0]) == (columns == 200), "all columns"
    assert "1 of 3 files could not be read" in errors


def surveying(folder: Path, files: list[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command("survey", *files, "-w", "2", "--json", "--journal", folder / "journal"),
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def entries(folder: Path) -> list[str]:
    """The files that the journal has in whole lines."""
    path = folder / "journal"
    lines = path.read_bytes().split(b"\n")[1:-1] if path.exists() else []
    return [json.loads(line)["file"][0] for line in lines]


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGKILL, -9), (signal.SIGINT, 130)])
def test_after_a_signal_it_goes_on_where_it_was(
    number: signal.Signals, code: int, tmp_path: Path
) -> None:
    files: list[str] = []
    for n in range(10):
        path = tmp_path / f"{n}.yaml"
        path.write_text(f"sealane: 1\ngenerate: {{n: 4_000, accounts: 2_000, seed: {n}}}\n")
        files.append(str(path))
    process = surveying(tmp_path, files)
    assert until(lambda: len(entries(tmp_path)) > 1)
    started = [entry.pid for entry in below(process.pid)]
    process.send_signal(number)
    process.communicate(timeout=DEADLINE_S)
    assert process.returncode == code
    assert ended(started, DEADLINE_S), "no worker is left"
    done = entries(tmp_path)
    assert 1 < len(done) < len(files)
    complete = json.loads(surveying_whole(files))
    for file in done:
        spoil(file)  # read again, it would be an error
    out, err = surveying(tmp_path, files).communicate(timeout=DEADLINE_S)
    assert err == ""
    assert json.loads(out) == complete


def surveying_whole(files: list[str]) -> str:
    """The document of a survey that nothing interrupts."""
    done = subprocess.run(
        command("survey", *files, "-w", "0", "--json"),
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=DEADLINE_S,
    )
    return done.stdout
