"""Runs a notebook and gives what it then shows, as Markdown. A cell that fails is a failure."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias

Cell: TypeAlias = Mapping[str, Any]

# The richest first, as a notebook's reader would see it.
_SHOWN_AS: Final = ("text/html", "image/svg+xml", "text/markdown", "text/plain")
_CELL_TIMEOUT_S: Final = 120
_FENCE: Final = "````"  # longer than those that an output may hold


def executed(notebook: Path, folder: Path) -> str:
    """The notebook as Markdown, run anew in a process of its own, from its own folder.

    Raises subprocess.CalledProcessError when a cell raises; its traceback is on stderr.
    """
    folder.mkdir(parents=True, exist_ok=True)
    result = folder / notebook.name
    execute = Path(sys.executable).with_name("jupyter-execute")
    options = (f"--timeout={_CELL_TIMEOUT_S}", f"--output={result}")
    subprocess.run([execute, *options, notebook], check=True)
    cells: list[Cell] = json.loads(result.read_text(encoding="utf-8"))["cells"]
    return "\n".join(part for cell in cells for part in shown(cell))


def shown(cell: Cell) -> Iterator[str]:
    """What a cell shows: its text, or its code and what came of it."""
    source = _text(cell["source"])
    if cell["cell_type"] == "markdown":
        yield f"{source}\n"
        return
    yield f"{_FENCE}python\n{source}\n{_FENCE}\n"
    for output in cell["outputs"]:
        yield _output(output)


def _output(output: Cell) -> str:
    if output["output_type"] == "stream":
        return f"{_FENCE}text\n{_text(output['text']).rstrip()}\n{_FENCE}\n"
    data: Mapping[str, Any] = output["data"]
    kind = next(kind for kind in _SHOWN_AS if kind in data)
    content = _text(data[kind])
    if kind == "text/plain":
        return f"{_FENCE}text\n{content}\n{_FENCE}\n"
    if kind == "text/markdown":
        return f"{content}\n"
    # Without empty lines, at which Markdown would end the block and read on by itself.
    lines = (line for line in content.splitlines() if line.strip())
    return '<div class="notebook-output">\n' + "\n".join(lines) + "\n</div>\n"


def _text(lines: str | list[str]) -> str:
    """nbformat stores text whole or line by line."""
    return lines if isinstance(lines, str) else "".join(lines)
