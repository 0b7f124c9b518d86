"""Further cases of the references' test files pass, as the rows that are known do."""

from __future__ import annotations

import pytest

from ..adapters.amm import play
from ..compare import mismatches
from ..rows import Row
from .more_rows import rows

ROWS = list(rows())


@pytest.mark.parametrize("case", ROWS, ids=[row.case for row in ROWS])
def test_further_row(case: Row) -> None:
    assert mismatches(case, play(case)) == []
