"""The map of the house has every room, and no place on it is gone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from sealane.runtime.block.limits import ACCOUNT_LOCKS_MAX
from sealane.runtime.svm.chain_rules import __doc__ as chain_rules
from sealane.runtime.svm.tries import Route, TryReason

from . import documented

ROOT: Final = documented.DOCS.parent
PAGE: Final = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
RULES: Final = (documented.DOCS / "rules.md").read_text(encoding="utf-8")
WITH_ROOMS: Final = ("runtime", "ingest", "node")  # that the page shows
# Rows of the tables by what their first cell names.
ROWS: Final = re.findall(r"^\| `([\w./-]+)` \|", PAGE, re.MULTILINE)
PATHS: Final = re.compile(r"`((?:[\w.]+/)+(?:[\w.]+)?)`")


def rooms(folder: Path) -> set[str]:
    """The packages in a folder, as the page names them."""
    parents = (file.parent for file in folder.glob("*/__init__.py"))
    return {f"{parent.relative_to(ROOT)}/" for parent in parents}


def test_every_room_is_on_the_map_and_no_other() -> None:
    packages = rooms(ROOT) - {"tests/", "docs/", "examples/"}
    on_the_map = {row for row in ROWS if row.endswith("/")}
    assert on_the_map == packages.union(*(rooms(ROOT / room) for room in WITH_ROOMS))


def test_rooms_stand_above_those_that_they_import() -> None:
    """What the page says of its tables, held to the imports themselves."""
    floors = [row for row in ROWS if row.endswith("/") and "/" not in row.removesuffix("/")]
    inner = ([row for row in ROWS if re.fullmatch(rf"{room}/\w+/", row)] for room in WITH_ROOMS)
    for table in (floors, *inner):
        for place, room in enumerate(table):
            for above in table[:place]:
                assert above.rstrip("/") not in imported_by(room), f"{room} imports {above}"


def imported_by(room: str) -> set[str]:
    """What the modules of a room import when they are loaded, and the folders above it."""
    found: set[str] = set()
    for file in (ROOT / room).rglob("*.py"):
        folder = file.relative_to(ROOT).parent.parts
        text = file.read_text(encoding="utf-8")
        for dots, name in re.findall(r"^from (\.+)([\w.]*) import", text, re.MULTILINE):
            path = Path(*folder[: len(folder) - len(dots) + 1], *name.split("."))
            found |= {str(path), *map(str, path.parents)}
    return found


def test_what_the_pages_point_to_is_there() -> None:
    """Paths are from the root, or from runtime/, which most of the pages are about."""
    for path in PATHS.findall(PAGE + RULES):
        assert any((base / path).exists() for base in (ROOT, ROOT / "runtime")), path


def test_routes_and_reasons_are_those_of_the_code() -> None:
    assert {row for row in ROWS if row in tuple(Route)} == set(Route)
    for reason in TryReason:
        assert re.search(rf"\b{reason}\b", PAGE), reason


def test_the_page_of_rules_names_the_limit_of_the_code() -> None:
    assert f"At most {ACCOUNT_LOCKS_MAX} accounts" in RULES


def test_the_page_of_rules_has_those_of_the_code_and_their_functions() -> None:
    named = re.findall(r"^    (\w+)  ", chain_rules or "", re.MULTILINE)
    sections = re.findall(r"^## (\w+)$", RULES, re.MULTILINE)
    assert sections == [name.capitalize() for name in named]
    folder = ROOT / "runtime" / "svm" / "chain_rules"
    texts = {file.stem: file.read_text(encoding="utf-8") for file in folder.glob("*.py")}
    assert set(texts) - {"__init__"} == set(named)
    for name in named:
        (row,) = re.findall(rf"^\| {name} \| (.+) \|$", RULES, re.MULTILINE)
        functions = re.findall(r"`(\w+)`", row)
        assert functions
        for function in functions:
            assert f"def {function}(" in texts[name], f"{name}: {function}"
