"""Batch handlers of what is called most. The same statements hold for columns as for single values.

Left to the scalar handlers are rows that fail, and price sums that wrap at 256 bits. Swaps along
paths are not vectorized, because they take all remaining accounts.
"""

from __future__ import annotations

from .pairs.liquidity import burn, mint
from .pairs.swaps import swap_exact_in, swap_exact_out

mint.batch(mint.handler)
burn.batch(burn.handler)
swap_exact_in.batch(swap_exact_in.handler)
swap_exact_out.batch(swap_exact_out.handler)
