"""The largest integers of each width: lamports, amounts, fees, and most counts are u64."""

from __future__ import annotations

from typing import Final

U64_MAX: Final = 2**64 - 1
I64_MAX: Final = 2**63 - 1  # what a column of numpy's int64 holds
U128_MAX: Final = 2**128 - 1
U256_MAX: Final = 2**256 - 1
