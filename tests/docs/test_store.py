"""The page about stores, followed in an empty folder: every command, and all that it prints."""

from __future__ import annotations

from pathlib import Path

from . import documented

PAGE = documented.DOCS / "store.md"


def test_following_the_page_gives_what_it_shows(tmp_path: Path) -> None:
    (tmp_path / "fixtures").symlink_to(documented.DOCS.parent / "fixtures")
    assert documented.follow(PAGE, tmp_path) >= 9


def test_the_sessions_on_the_page() -> None:
    assert documented.run_sessions(PAGE) >= 8
