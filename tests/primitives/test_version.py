"""The version: the installed one, or the checkout's."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import pytest

import sealane
from sealane.primitives.version import UNKNOWN, find_version

PROJECT = Path(__file__).parents[2] / "pyproject.toml"


def test_it_is_the_installed_one() -> None:
    assert sealane.__version__ == metadata.version("sealane")


def test_a_checkout_that_is_not_installed_has_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)
    assert find_version(PROJECT) == find_version() != UNKNOWN
    assert find_version(PROJECT.with_name("missing.toml")) == UNKNOWN
