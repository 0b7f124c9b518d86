"""Every row of a reference's own suite, played through our program."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .compare import mismatches
from .rows import CannotPlay, Row, adapter_of


def test_row(row: Row, record_property: Callable[[str, object], None]) -> None:
    record_property("subject", row.subject)
    try:
        played = adapter_of(row.subject)(row)
    except CannotPlay as reason:
        pytest.fail(f"{row.id} cannot be played: {reason} (source: {row.source})", pytrace=False)
    record_property("way", played.way.value)
    found = mismatches(row, played)
    assert not found, "\n".join([f"{row.id} ({row.source})", *found])
