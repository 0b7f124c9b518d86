"""Fixtures of the analyses' tests."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def fixtures() -> Path:
    """The folder of runnable examples."""
    return Path(__file__).parents[2] / "fixtures"
