"""The changelog has the form of keepachangelog.com, and is ready for the tag of this version."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from typing import Final

from .documented import DOCS

ROOT: Final = DOCS.parent
TEXT: Final = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
HEADINGS: Final = re.findall(r"^## (.*)$", TEXT, re.MULTILINE)
RELEASES: Final = [
    (found[1], date.fromisoformat(found[2]))
    for heading in HEADINGS
    if (found := re.fullmatch(r"\[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)", heading))
]
KINDS: Final = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_headings_are_what_is_unreleased_and_dated_versions() -> None:
    assert HEADINGS[0] == "[Unreleased]"
    assert len(RELEASES) == len(HEADINGS) - 1
    assert sorted(RELEASES, key=lambda release: release[1], reverse=True) == RELEASES


def test_this_version_is_the_latest_there() -> None:
    assert RELEASES[0][0] == PROJECT["version"]


def test_changes_are_grouped_by_their_kind() -> None:
    assert set(re.findall(r"^### (.*)$", TEXT, re.MULTILINE)) <= KINDS


def test_each_version_links_to_what_changed() -> None:
    links = dict(re.findall(r"^\[([^]]+)\]: (\S+)$", TEXT, re.MULTILINE))
    repository: str = PROJECT["urls"]["Repository"]
    latest = RELEASES[0][0]
    assert links.pop("Unreleased") == f"{repository}/compare/v{latest}...HEAD"
    assert sorted(links) == sorted(version for version, _ in RELEASES)
    assert all(link.startswith(repository) and f"v{v}" in link for v, link in links.items())
