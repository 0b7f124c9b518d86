"""No page has an example that nobody runs, unless it says why; nor has a docstring."""

from __future__ import annotations

import ast
import doctest
import importlib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from . import documented
from .site.test_links import markdown_files

ROOT: Final = documented.DOCS.parent
# Followed by a test of their own, which looks closer.
FOLLOWED_ELSEWHERE: Final = {
    "README.md": "test_readme.py",
    "docs/guide.md": "test_guide.py",
    "docs/programs.md": "test_programs.py",
    "docs/store.md": "test_store.py",
}
PAGES: Final = [name for name in markdown_files() if name not in FOLLOWED_ELSEWHERE]
CODE_WITHOUT_PROMPT: Final = re.compile(r"^ *(import \w+$|from [\w.]+ import \w)", re.MULTILINE)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_does_what_it_shows(name: str, tmp_path: Path) -> None:
    (tmp_path / "fixtures").symlink_to(ROOT / "fixtures")
    documented.follow(ROOT / name, tmp_path)
    documented.run_sessions(ROOT / name)


@pytest.mark.parametrize(("page", "test"), FOLLOWED_ELSEWHERE.items())
def test_the_others_have_a_test_that_follows_them(page: str, test: str) -> None:
    assert (ROOT / page).is_file()
    text = Path(__file__).with_name(test).read_text(encoding="utf-8")
    assert re.search(r"documented\.(follow|run_sessions)\(", text)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("```python\nx = 1\n```\n", "page.md:1: nothing runs this"),
        ("1. a\n\n   ```yaml\n   a: 1\n   ```\n", "page.md:3: nothing runs this"),
        ("```python titel='a.py'\n```\n", "a fence that says"),
        ("```console\nnothing\n```\n", "output without a command"),
    ],
)
def test_an_example_that_nobody_runs_is_found(content: str, fault: str, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(content, encoding="utf-8")
    with pytest.raises(AssertionError, match=fault):
        documented.follow(page, tmp_path)
    page.write_text("".join(f"{line}\n" for line in marked(content)), encoding="utf-8")
    assert documented.follow(page, tmp_path) == 0


def marked(content: str) -> Iterator[str]:
    opened = False
    for line in content.splitlines():
        if "```" in line and not opened:
            opened = True
            yield "<!-- not run: it is an example of one that is not -->"
        yield line


def test_a_session_that_shows_something_else_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```pycon\n>>> 1 + 1\n3\n```\n", encoding="utf-8")
    with pytest.raises(AssertionError, match=r"page\.md"):
        documented.run_sessions(page)


def packaged_modules() -> Iterator[tuple[str, str]]:
    """The name and text of every module that is packaged."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages: list[str] = project["tool"]["setuptools"]["packages"]
    for package in packages:
        for path in sorted(ROOT.joinpath(*package.split(".")[1:]).glob("*.py")):
            name = package if path.stem == "__init__" else f"{package}.{path.stem}"
            yield name, path.read_text(encoding="utf-8")


MODULES: Final = dict(packaged_modules())


@pytest.mark.parametrize("name", [name for name, text in MODULES.items() if ">>> " in text])
def test_sessions_in_docstrings_run(name: str) -> None:
    told: list[str] = []
    module = importlib.import_module(name)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS, verbose=False)
    for test in doctest.DocTestFinder().find(module):
        runner.run(test, out=told.append)
    assert runner.failures == 0, "".join(told)


def test_docstrings_show_code_in_sessions_only() -> None:
    docstrings = [
        (f"{name}:{node.body[0].lineno if node.body else 1}", ast.get_docstring(node) or "")
        for name, text in MODULES.items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
    ]
    assert [place for place, text in docstrings if CODE_WITHOUT_PROMPT.search(text)] == []
