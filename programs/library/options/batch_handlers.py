"""Batch handlers of what is called most: options written, taken back and redeemed.

Their handlers hold for columns as they stand; vaults with a long option or naked margin are left to
the scalar ones.
"""

from __future__ import annotations

from .settlement import redeem
from .vaults import deposit_collateral
from .writing import buy_back, write

write.batch(write.handler)
buy_back.batch(buy_back.handler)
redeem.batch(redeem.handler)
deposit_collateral.batch(deposit_collateral.handler)
