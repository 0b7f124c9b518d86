"""The examples in the library's docstrings do what they say."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

LIBRARY = Path(__file__).parents[3] / "programs" / "library"
MODULES = sorted(
    ".".join(("sealane", *path.relative_to(LIBRARY.parents[1]).with_suffix("").parts))
    for path in LIBRARY.rglob("*.py")
)


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    module = importlib.import_module(name.removesuffix(".__init__"))
    assert doctest.testmod(module).failed == 0


def test_there_are_examples() -> None:
    modules = [importlib.import_module(name.removesuffix(".__init__")) for name in MODULES]
    assert sum(doctest.testmod(module).attempted for module in modules) > 10
