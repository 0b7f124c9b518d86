"""Units of the integers that programs of this library compute with."""

from __future__ import annotations

from typing import Final

BASIS_POINTS: Final = 10_000  # of one
WAD: Final = 10**18  # one, in numbers with 18 decimals
