"""What a page contains that can be run: files, commands with their output, sessions.

A fence is one of these, by its first line:
    ```python title="counter.py"              a file, written (again) with this content
    ```python title="counter.py (continued)"  the same, at the file's end
    ```console                                commands behind `$ `, each with its output
    ```pycon                                  a Python session, a doctest
    ```sh                                     not run: installing, which `dev wheel` does in CI
    ```text, ```mermaid                       nothing to run

Before any other, `<!-- not run: why -->` says why it is not run.
"""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Final

DOCS: Final = Path(__file__).parents[2] / "docs"
_FENCE: Final = re.compile(
    r"^(?P<unrun> *<!-- not run: [^\n]+ -->\n)?"
    r"^(?P<indent> *)```(?P<language>\w+)(?P<rest>[^\n]*)\n(?P<content>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)
_TITLE: Final = re.compile(r' title="([^"(]+?)( \(continued\))?"')
_DURATION: Final = re.compile(r"\b\d+(?:\.\d+)?( ?m?s)\b")
_ANY_LINES: Final = "…\n"
_COMMAND_TIMEOUT_S: Final = 60
_SESSION: Final = "pycon"
_NOT_RUN: Final = {"sh", "text", "mermaid", _SESSION}  # sessions are, but not in the shell


@dataclass(frozen=True, slots=True)
class Fence:
    """One fenced block. `line` is that of its opening, 1-based."""

    language: str
    title: str | None
    continues: bool
    content: str
    line: int


def fences(page: Path) -> Iterator[Fence]:
    """The page's fenced blocks in order, but for those marked. Fails on one that means nothing."""
    text = page.read_text(encoding="utf-8")
    for found in _FENCE.finditer(text):
        if found["unrun"]:
            continue
        title = _TITLE.fullmatch(found["rest"])
        assert title or not found["rest"], f"{page.name}: a fence that says {found['rest']!r}"
        line = text.count("\n", 0, found.start("language")) + 1
        named = (None, False) if title is None else (title[1], bool(title[2]))
        yield Fence(found["language"], *named, dedent(found["content"]), line)


def run_sessions(page: Path) -> int:
    """Run the page's Python sessions, later ones with what earlier ones define; how many examples.

    Raises AssertionError with the page's line where one shows something else.
    """
    lines = [""] * len(page.read_text(encoding="utf-8").splitlines())
    for fence in fences(page):
        if fence.language == _SESSION:
            content = fence.content.splitlines()
            lines[fence.line : fence.line + len(content)] = content
    session = doctest.DocTestParser().get_doctest(
        "\n".join(lines) + "\n", {"__name__": "sessions_of_page"}, page.name, str(page), 0
    )
    told: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS, verbose=False)
    assert runner.run(session, out=told.append).failed == 0, "".join(told)
    return len(session.examples)


def follow(page: Path, folder: Path) -> int:
    """Do in `folder` what the page says; how many commands that were.

    Raises AssertionError with the page's line where a command fails to print what is shown.
    """
    count = 0
    for fence in fences(page):
        if fence.title is not None:
            _write(fence, folder / fence.title)
        elif fence.language == "console":
            for command, shown in _commands(fence):
                _require_output(
                    f"{page.name}:{fence.line}", command, shown, run_shown(command, folder)
                )
                count += 1
        else:
            assert fence.language in _NOT_RUN, f"{page.name}:{fence.line}: nothing runs this"
    return count


def _write(fence: Fence, path: Path) -> None:
    before = f"{path.read_text(encoding='utf-8')}\n\n" if fence.continues else ""
    path.write_text(before + fence.content, encoding="utf-8")


def _commands(fence: Fence) -> Iterator[tuple[str, str]]:
    start, *rest = re.split(r"^\$ ", fence.content, flags=re.MULTILINE)
    assert not start, f"line {fence.line}: output without a command"
    for part in rest:
        command, _, shown = part.partition("\n")
        yield command, shown


def run_shown(command: str, folder: Path) -> str:
    """What a shell command prints, stdout and stderr as they come; colours off."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "FORCE_"))}
    environment = inherited | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "NO_COLOR": "1",
        "PYTHONDONTWRITEBYTECODE": "1",  # files change within the second that a .pyc can tell
    }
    done = subprocess.run(
        command,
        shell=True,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=_COMMAND_TIMEOUT_S,
        check=False,
    )
    return done.stdout.decode("utf-8")


def _require_output(place: str, command: str, shown: str, printed: str) -> None:
    pattern = "".join(
        r"(?:.*\n)*?" if line == _ANY_LINES else re.escape(line)
        for line in _comparable(shown).splitlines(keepends=True)
    )
    assert re.fullmatch(pattern, _comparable(printed)), (
        f"{place}: `{command}` prints something else:\n{printed}"
    )


def _comparable(output: str) -> str:
    """Without what differs from run to run, and without spaces that nobody sees."""
    lines = (line.rstrip() for line in _DURATION.sub(r"0\1", output).splitlines())
    return "".join(f"{line}\n" for line in lines)
