"""Each example runs, and prints what its docstring says."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

EXAMPLES: Final = Path(__file__).parents[2] / "examples"
SCRIPTS: Final = sorted(EXAMPLES.glob("*.py"))
ANNOUNCED: Final = "\nIt prints:\n\n"
DEADLINE_S: Final = 120


def test_there_are_some() -> None:
    assert len(SCRIPTS) >= 2


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_an_example_prints_what_it_says(script: Path, tmp_path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(script.read_text(encoding="utf-8"))) or ""
    _, announced, output = docstring.partition(ANNOUNCED)
    assert announced, "an example's docstring ends with what it prints"
    # From another folder: an example must find its files by itself.
    command = [sys.executable, str(script)]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, timeout=DEADLINE_S, check=False
    )
    assert (done.stderr, done.stdout) == ("", f"{output}\n")


def test_a_notebook_is_kept_without_what_it_showed() -> None:
    """The site shows it as it comes out now; what lies in a file is of some other day."""
    for notebook in EXAMPLES.glob("*.ipynb"):
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        assert [cell for cell in cells if cell.get("outputs") or cell.get("execution_count")] == []


def test_each_example_is_in_the_list() -> None:
    listed = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    lying = [path.name for path in EXAMPLES.iterdir() if path.suffix in {".py", ".ipynb"}]
    assert [name for name in lying if f"]({name})" not in listed] == []
