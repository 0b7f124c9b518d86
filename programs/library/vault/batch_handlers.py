"""Batch handlers of what is called most: the same statements hold for columns.

Locks have none: their sums are wider than what a batch handler can add to.
"""

from __future__ import annotations

from .airdrops.locks import claim_rewards
from .entering import deposit, mint
from .intakes.requests import claim, request
from .leaving import redeem, withdraw

deposit.batch(deposit.handler)
mint.batch(mint.handler)
withdraw.batch(withdraw.handler)
redeem.batch(redeem.handler)
request.batch(request.handler)
claim.batch(claim.handler)
claim_rewards.batch(claim_rewards.handler)
