"""The README's pictures are there, and show something."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHOWN = re.findall(r"!\[[^]]*\]\((\S+\.svg)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
WORDS = {
    "plan.svg": ("602&#160;transactions", "Critical&#160;path"),
    "run.svg": ("Results", "overdraws"),
    "graph.svg": ("payments.yaml",),
}


@pytest.mark.parametrize("picture", SHOWN)
def test_a_picture_shows_what_the_command_printed(picture: str) -> None:
    drawn = (ROOT / picture).read_text(encoding="utf-8")
    assert all(word in drawn for word in WORDS[Path(picture).name])
