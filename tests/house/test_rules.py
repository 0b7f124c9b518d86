"""The rules themselves, each broken once in a small house that is made for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from .reading import House, read_house
from .rules import (
    Drawing,
    by_name,
    circles,
    dynamic,
    misplaced,
    too_large,
    undrawn,
    unpacked,
    unused,
    upward,
)

DRAWING = Drawing.parse(
    """
    ══ sealane ══
      ·     → | upper/{·,attic}
    ══ upper ══
      ·     → attic
      attic → | lower
    ══ lower ══
      ·     →
    ══ primitives ══
      ·     →
    """
)
SOUND = {
    "__init__.py": "from .upper import door\nfrom .upper.attic import box",
    "upper/__init__.py": "from .attic.box import lid",
    "upper/door.py": "",
    "upper/attic/__init__.py": "",
    "upper/attic/box.py": "from ...lower import floor\nfrom ...primitives import nail",
    "upper/attic/inner/__init__.py": "from ....lower.floor import plank",
    "lower/__init__.py": "",
    "lower/floor.py": "import sealane.primitives.nail",
    "primitives/__init__.py": "",
    "primitives/nail.py": "",
    "tests/__init__.py": "from ..upper import door",
    "pyproject.toml": '[tool.setuptools]\npackages = ["sealane", "sealane.upper", '
    '"sealane.upper.attic", "sealane.upper.attic.inner", "sealane.lower", "sealane.primitives"]',
}

Make = Callable[..., House]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """A house of SOUND, with these files in place of its own."""

    def build(changed: dict[str, str] | None = None) -> House:
        for name, text in {**SOUND, **(changed or {})}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return read_house(tmp_path)

    return build


def test_the_drawing_is_read() -> None:
    assert DRAWING.arrows == {
        "sealane": {"upper", "upper/attic"},
        "upper": {"upper/attic"},
        "upper/attic": {"lower"},
        "lower": set(),
        "primitives": set(),
    }
    rooms = [DRAWING.room_of(folder) for folder in ("", "upper/attic/inner", "cellar", "lower")]
    assert rooms == ["sealane", "upper/attic", None, "lower"]


def test_a_sound_house_breaks_no_rule(make: Make) -> None:
    house = make()
    assert "tests/__init__.py" not in house.modules
    for rule in (undrawn, unused):
        assert list(rule(house, DRAWING)) == []
    assert [*upward(DRAWING), *circles(house), *unpacked(house), *by_name(house, ())] == []


@pytest.mark.parametrize(
    "text",
    [
        "from ..upper import door",
        "from ..upper.door import knob",
        "from sealane.upper.door import knob",
        "from .. import upper",
        "def late():\n    from ..upper.door import knob",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from ..upper.door import knob",
    ],
)
def test_an_import_without_an_arrow_is_seen(make: Make, text: str) -> None:
    (found,) = undrawn(make({"lower/floor.py": text}), DRAWING)
    assert found.startswith("lower/floor.py imports upper/")
    assert found.endswith("no arrow leads from lower to upper")


def test_a_folder_without_a_room_is_seen(make: Make) -> None:
    assert list(undrawn(make({"cellar/__init__.py": ""}), DRAWING)) == [
        "cellar is no room of the drawing"
    ]


def test_an_arrow_that_nobody_follows_is_seen(make: Make) -> None:
    (found,) = unused(make({"upper/__init__.py": ""}), DRAWING)
    assert found.startswith("nothing in upper imports upper/attic")


def test_an_arrow_up_is_seen() -> None:
    drawing = Drawing.parse("══ upper ══\n · → | lower\n══ lower ══\n · → | upper")
    assert list(upward(drawing)) == ["lower → upper does not lead down"]


def test_a_circle_of_files_is_seen(make: Make) -> None:
    checked = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .door import A"
    house = make({"upper/door.py": "from .knob import turn", "upper/knob.py": checked})
    assert list(circles(house)) == ["a circle of files: upper/door.py, upper/knob.py"]


@pytest.mark.parametrize("text", ['HOME = "..upper.door"', 'name = f"{root}.upper.door"'])
def test_a_module_named_in_a_string_is_seen(make: Make, text: str) -> None:
    house = make({"lower/floor.py": text})
    (found,) = by_name(house, ())
    assert found.startswith("lower/floor.py names upper/door.py in a string")
    assert list(by_name(house, [("lower/floor.py", "upper/door.py")])) == []
    (stale,) = by_name(make({"lower/floor.py": ""}), [("lower/floor.py", "upper/door.py")])
    assert stale.endswith("take it out")


def test_imports_at_run_time_are_seen(make: Make) -> None:
    house = make({"lower/floor.py": "import importlib\nimportlib.import_module(name)"})
    assert list(dynamic(house, ["lower/floor.py"])) == []
    assert list(dynamic(house, [])) == ["lower/floor.py imports by name: say here what"]
    stale = dynamic(house, ["upper/door.py", "lower/floor.py"])
    assert list(stale) == ["upper/door.py is not one"]


def test_a_library_out_of_its_place_is_seen(make: Make) -> None:
    house = make(
        {"lower/floor.py": "def late():\n    import rich.table", "upper/door.py": "import os"}
    )
    assert list(misplaced(house, {"rich": ["lower"]}, ["os"])) == []
    assert list(misplaced(house, {"rich": ["upper", "lower/floor.py"]}, ["os"])) == [
        "upper does not import rich: take it out"
    ]
    assert list(misplaced(house, {}, ["os"])) == ["lower/floor.py imports rich: only nobody"]


def test_what_is_too_large_is_seen() -> None:
    sizes = {"small": 3, "large": 4, "larger": 5}
    assert list(too_large(sizes, 3, ["large", "larger"], "files")) == []
    assert list(too_large(sizes, 3, ["large", "small"], "files")) == [
        "larger has 5 files: 3 at most, or say here why it reads better",
        "small has no more than 3 files: take it out",
    ]


def test_packages_that_pyproject_forgets_or_makes_up_are_seen(make: Make, tmp_path: Path) -> None:
    (found,) = unpacked(make({"cellar/__init__.py": ""}))
    assert found == "`packages` in pyproject.toml lacks: cellar"
    house = make()
    for path in (tmp_path / "cellar", tmp_path / "upper/attic/inner"):
        (path / "__init__.py").unlink()
    house = read_house(tmp_path)
    (found,) = unpacked(house)
    assert found == "`packages` in pyproject.toml has, but nobody else: upper/attic/inner"


def test_private_parts_of_other_packages_are_seen(make: Make) -> None:
    text = "import sub\nfrom lib import _part\nsub._a\ncast(Any, sub).b._c\nown._d\nsub.__doc__"
    module = make({"lower/floor.py": text}).modules["lower/floor.py"]
    assert module.private == {"sub._a", "lib._part", "sub._c"}


def test_docstrings_are_no_words(make: Make) -> None:
    module = make({"lower/floor.py": '"""A /proc."""\nname = "/dev"'}).modules["lower/floor.py"]
    assert module.words == {"/dev"}
