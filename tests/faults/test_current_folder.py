"""Files in the current folder that are named like modules: row 51 of the fault list."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ..cli.command import environment, in_process_of_its_own
from .scripts import REPOSITORY

FIXTURES = REPOSITORY / "fixtures"
# What we import, what that imports, and what starts processes.
NAMES = (
    "multiprocess",
    "multiprocessing",
    "numpy",
    "selectors",
    "socket",
    "subprocess",
    "orjson",
    "rustworkx",
    "dill",
    "tempfile",
    "sealane",
    "sitecustomize",
    "usercustomize",
)
TRAP = "import os\nopen(os.path.join(os.path.dirname(__file__), 'EXECUTED'), 'a').write(__name__)\n"


@pytest.fixture
def trapped(tmp_path: Path) -> Path:
    """A folder with a fixture, where every import by mistake leaves a mark."""
    for name in NAMES:
        (tmp_path / f"{name}.py").write_text(TRAP + "raise ImportError\n")
    for name in ("payments.yaml", "counter.yaml", "counter.py"):
        (tmp_path / name).write_bytes((FIXTURES / name).read_bytes())
    return tmp_path


def sealane(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """The command as it is installed, which has its own folder first on the path."""
    script = Path(sys.executable).with_name("sealane")
    return subprocess.run(
        [script, *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=environment(),
        timeout=60,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        ("verify", "payments.yaml", "--workers", "2"),
        ("run", "payments.yaml", "--workers", "2"),
        ("run", "payments.yaml", "--workers", "0", "--json"),
        ("plan", "payments.yaml"),
    ],
)
def test_row_51_files_named_like_modules_are_never_executed(
    arguments: tuple[str, ...], trapped: Path
) -> None:
    done = sealane(*arguments, cwd=trapped)
    assert (done.returncode, done.stderr) == (0, "")
    assert not (trapped / "EXECUTED").exists()


def test_row_51_nor_as_a_module(trapped: Path) -> None:
    """Python itself looks into the current folder before we can say no, for what it needs first."""
    for name in ("selectors", "socket", "sitecustomize", "usercustomize"):
        (trapped / f"{name}.py").unlink()
    (trapped / "sealane.py").unlink()  # that is what Python was asked for
    done = in_process_of_its_own("run", "payments.yaml", "--workers", "2", cwd=trapped)
    assert (done.code, done.err) == (0, "")
    assert not (trapped / "EXECUTED").exists()


def test_row_51_a_program_of_the_folder_brings_nothing_else_from_there(trapped: Path) -> None:
    done = sealane(
        "run", "counter.yaml", "--program", "counter:counter", "--workers", "2", cwd=trapped
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert not (trapped / "EXECUTED").exists()


def test_row_51_a_program_finds_its_neighbours_in_workers_too(tmp_path: Path) -> None:
    """Those that it imports when it runs, as well."""
    (tmp_path / "counter.yaml").write_bytes((FIXTURES / "counter.yaml").read_bytes())
    source = (FIXTURES / "counter.py").read_text()
    late = "    import neighbour_of_counter\n    neighbour_of_counter.used()\n    state.count += by"
    assert "    state.count += by" in source
    (tmp_path / "counter.py").write_text(source.replace("    state.count += by", late))
    (tmp_path / "neighbour_of_counter.py").write_text("def used() -> None: pass\n")
    for workers in ("0", "2"):
        done = sealane(
            "run", "counter.yaml", "--program", "counter:counter", "-w", workers, cwd=tmp_path
        )
        assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_current_folder_that_was_removed(workers: str, tmp_path: Path) -> None:
    """It is needed for relative paths alone."""
    gone = tmp_path / "gone"
    gone.mkdir()
    runs = (
        "import os, subprocess, sys; os.rmdir(os.getcwd()); sys.exit(subprocess.call(sys.argv[1:]))"
    )
    script = Path(sys.executable).with_name("sealane")

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        gone.mkdir(exist_ok=True)
        command = [sys.executable, "-c", runs, script, *map(str, arguments)]
        return subprocess.run(
            command, capture_output=True, text=True, cwd=gone, env=environment(), check=False
        )

    done = run("verify", FIXTURES / "payments.yaml", "--workers", workers)
    assert (done.returncode, done.stderr) == (0, "")
    done = run("run", FIXTURES / "counter.yaml", "--program", "counter:counter", "-w", workers)
    assert done.returncode == 2
    assert "the current folder was removed" in done.stderr
    assert os.listdir(tmp_path) == []
