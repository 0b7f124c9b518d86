"""The guide, followed to the letter in an empty folder: every file, every command, all output."""

from __future__ import annotations

from pathlib import Path

import pytest

from . import documented

GUIDE = documented.DOCS / "guide.md"


@pytest.mark.slow
@pytest.mark.timeout(240)  # a dozen processes, one after the other
def test_following_the_guide_gives_what_it_shows(tmp_path: Path) -> None:
    commands = sum(fence.content.count("\n$ ") + 1 for fence in shown_commands())
    assert documented.follow(GUIDE, tmp_path) == commands > 5


def test_only_the_installation_is_not_run() -> None:
    assert [f.title for f in documented.fences(GUIDE) if f.language == "sh"] == [None]


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        ("1 passed in 0.01s\n", "1 passed in 12.5s\n"),
        ("load 1 ms\n", "load 0.25 ms   \n"),
        ("a\n…\nd\n", "a\nb\nc\nd\n"),
        ("a\n…\nd\n", "a\nd\n"),
    ],
)
def test_output_that_counts_as_shown(shown: str, printed: str, tmp_path: Path) -> None:
    follow_one(shown, printed, tmp_path)


@pytest.mark.parametrize(
    ("shown", "printed"),
    [("1 passed\n", "2 passed\n"), ("a\n…\nd\n", "a\nb\n"), ("a\n", "a\nb\n"), ("a\n", "")],
)
def test_output_that_does_not(shown: str, printed: str, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"page\.md:1: `cat printed` prints something else"):
        follow_one(shown, printed, tmp_path)


def follow_one(shown: str, printed: str, folder: Path) -> None:
    (folder / "printed").write_text(printed, encoding="utf-8")
    page = folder / "page.md"
    page.write_text(f"```console\n$ cat printed\n{shown}```\n", encoding="utf-8")
    documented.follow(page, folder)


def shown_commands() -> list[documented.Fence]:
    return [fence for fence in documented.fences(GUIDE) if fence.language == "console"]
