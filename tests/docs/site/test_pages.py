"""Every text and every public module has a page."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from sealane.docs.site.pages import MODULE, ROOT, page_of, sources

SOURCES = list(sources())
MODULES = [source.removeprefix(MODULE) for source in SOURCES if source.startswith(MODULE)]


def test_each_source_is_there_once_and_has_its_own_page() -> None:
    assert len(set(SOURCES)) == len(SOURCES)
    assert len({page_of(source) for source in SOURCES}) == len(SOURCES)
    files = [source for source in SOURCES if not source.startswith(MODULE)]
    assert [name for name in files if not (ROOT / name).is_file()] == []


@pytest.mark.parametrize("folder", [".", "docs", "examples"])
def test_no_text_is_left_out(folder: str) -> None:
    lying = (path for path in (ROOT / folder).glob("*.*") if path.suffix in {".md", ".ipynb"})
    left_out = {str(path.relative_to(ROOT)) for path in lying} - set(SOURCES)
    assert left_out <= {"examples/README.md"}


@pytest.mark.parametrize("name", MODULES)
def test_a_module_with_a_page_says_what_is_public(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__doc__
    if ".library." not in name:
        assert module.__all__


def test_the_library_is_complete() -> None:
    from sealane.programs import builtin_programs

    paged = {name.rpartition(".")[2] for name in MODULES if ".library." in name}
    assert {program.name for program in builtin_programs()} <= paged


@pytest.mark.parametrize(
    ("source", "page"),
    [
        ("README.md", "index.md"),
        ("docs/guide.md", "guide.md"),
        ("SECURITY.md", "security.md"),
        ("tests/faults/README.md", "faults.md"),
        ("examples/block.ipynb", "examples/block.md"),
        ("module sealane.testing", "reference/sealane.testing.md"),
    ],
)
def test_pages(source: str, page: str) -> None:
    assert page_of(source) == page
    assert not Path(page).is_absolute()
