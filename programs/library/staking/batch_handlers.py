"""Batch handlers of what farms, streams and queues are called for most.

The scalar handlers hold for columns as they stand.
"""

from __future__ import annotations

from .liquid.queues import queue_deposit, redeem_ticket
from .positions import claim, stake, withdraw

stake.batch(stake.handler)
withdraw.batch(withdraw.handler)
claim.batch(claim.handler)
queue_deposit.batch(queue_deposit.handler)
redeem_ticket.batch(redeem_ticket.handler)
