"""Every fault test ends with nothing left behind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .aftermath import leftovers, until


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    """Rule G: no child process, zombie or segment of ours is left."""
    yield
    until(lambda: not leftovers())
    assert leftovers() == []
