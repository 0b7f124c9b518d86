"""Batch handlers of what is called most: the same statements hold for columns."""

from __future__ import annotations

from .entering import deposit, mint
from .leaving import redeem, withdraw

deposit.batch(deposit.handler)
mint.batch(mint.handler)
withdraw.batch(withdraw.handler)
redeem.batch(redeem.handler)
