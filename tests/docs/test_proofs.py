"""The page about proofs, followed in an empty folder, and the figures of its format."""

from __future__ import annotations

from pathlib import Path

from sealane.merkle import PROOF_LEN_MAX
from sealane.merkle.account_content import VALUE_LEN

from . import documented

PAGE = documented.DOCS / "proofs.md"


def test_following_the_page_gives_what_it_shows(tmp_path: Path) -> None:
    (tmp_path / "fixtures").symlink_to(documented.DOCS.parent / "fixtures")
    assert documented.follow(PAGE, tmp_path) >= 6
    assert documented.run_sessions(PAGE) >= 6


def test_the_lengths_are_those_of_the_code() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert f"is {VALUE_LEN} bytes" in text
    assert f"up to {PROOF_LEN_MAX >> 20} MiB" in text
