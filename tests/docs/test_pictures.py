"""The pictures in docs/images show what their commands print today."""

from __future__ import annotations

import html
import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Final

import pytest

from . import documented


def picture_maker() -> ModuleType:
    """docs/pictures.py, which is no module of the package."""
    path = documented.DOCS / "pictures.py"
    spec = importlib.util.spec_from_file_location("pictures", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MAKER: Final = picture_maker()


def words(picture: str) -> list[str]:
    """All that a picture says, without colours, spaces, frames, and how long things took."""
    text = " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", picture))
    plain = html.unescape(text).replace("\N{NO-BREAK SPACE}", " ")
    unframed = re.sub("[╭╮╰╯│─]+", " ", plain)
    return re.sub(r"[\d.,]+ (m?s|tx/s)\b", "a while", unframed).split()


@pytest.mark.parametrize("name", MAKER.PICTURES)
def test_a_picture_shows_what_its_command_prints(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=":")
    for variable in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(variable, raising=False)
    kept = words((MAKER.IMAGES / f"{name}.svg").read_text(encoding="utf-8"))
    drawn = words(MAKER.draw(["sealane", *MAKER.PICTURES[name]]))
    assert len(kept) > 50
    assert kept == drawn, "run `python docs/pictures.py` with .venv/bin in the PATH, and look"


@pytest.mark.parametrize("name", MAKER.FILES)
def test_a_file_is_what_its_command_writes(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=":")
    kept = (MAKER.IMAGES / f"{name}.svg").read_text(encoding="utf-8")
    assert kept == MAKER.written(["sealane", *MAKER.FILES[name]]), "run `python docs/pictures.py`"


def test_every_picture_is_shown_and_every_one_shown_is_made() -> None:
    pages = [documented.DOCS.parent / "README.md", *documented.DOCS.glob("*.md")]
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    shown = re.findall(r"!\[[^]]*\]\((?:docs/)?images/(\w+)\.svg\)", text)
    assert set(shown) == {*MAKER.PICTURES, *MAKER.FILES, MAKER.NODE}
