"""Links in Markdown are found, judged and turned; and none in this repository is dead."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Final

import pytest

from sealane.docs.site import links
from sealane.docs.site.pages import ROOT

SKIPPED: Final = {".venv", "build", "dist"}


def markdown_files() -> list[str]:
    """Those of the repository; in a copy without git, all that lie there."""
    try:
        command = ("git", "ls-files", "*.md")
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]
    except (OSError, subprocess.CalledProcessError):
        paths = (path.relative_to(ROOT) for path in ROOT.rglob("*.md"))
        return sorted(str(path) for path in paths if not SKIPPED & set(path.parts))


@pytest.mark.parametrize("name", markdown_files())
def test_no_link_of_the_repository_is_dead(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert list(links.dead_links(ROOT, name, text)) == []


def test_the_files_are_there() -> None:
    assert {"README.md", "docs/guide.md", "tests/faults/README.md"} <= set(markdown_files())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "other.md").write_text("# Head\n\n## A *b* `c`: d\n\n## Head\n")
    (tmp_path / "code.py").write_text("")
    return tmp_path


@pytest.mark.parametrize(
    "link",
    [
        *("[x](other.md)", "[x](../docs/other.md#head)", "[x](other.md#a-b-c-d)", "[x](#own)"),
        *("[x](other.md#head-1)", "[x](..)", "![x](../code.py)", '[x](../code.py "t")'),
        *("[x](https://dead.example/)", "`[x](nothing.md)`", "```\n[x](nothing.md)\n```"),
        *("``a ` [x](nothing.md)``", "[x](mailto:somebody@example.com)"),
    ],
)
def test_links_that_lead_somewhere(link: str, folder: Path) -> None:
    assert list(links.dead_links(folder, "docs/page.md", f"# Own\n\n{link}\n")) == []


@pytest.mark.parametrize(
    ("link", "fault"),
    [
        ("[x](nothing.md)", "docs/page.md:3: docs/nothing.md: there is no such file"),
        ("![x](a.svg)", "docs/page.md:3: docs/a.svg: there is no such file"),
        ("[x](other.md#own)", "docs/page.md:3: docs/other.md#own: there is no such heading"),
        ("[x](#head)", "docs/page.md:3: docs/page.md#head: there is no such heading"),
        ("[x](../code.py#L3)", "docs/page.md:3: code.py#L3: there is no such heading"),
        ("`code` [x](a.md) `code`", "docs/page.md:3: docs/a.md: there is no such file"),
    ],
)
def test_links_that_lead_nowhere(link: str, fault: str, folder: Path) -> None:
    assert list(links.dead_links(folder, "docs/page.md", f"# Own\n\n{link}\n")) == [fault]


def test_links_of_a_page() -> None:
    pages = {"README.md": "index.md", "docs/guide.md": "guide.md", "a/b.ipynb": "a/b.md"}
    text = (
        "[1](../README.md#x) [2](../docs/guide.md) [3](c.py) [4](#y) [5](https://e.org/) `[6](z)`"
    )
    assert links.for_site("a/b.ipynb", text, pages, "https://repo") == (
        "[1](../index.md#x) [2](../guide.md) [3](https://repo/a/c.py) [4](#y) [5](https://e.org/) "
        "`[6](z)`"
    )
