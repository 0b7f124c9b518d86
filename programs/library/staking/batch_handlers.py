"""Batch handlers of what farms and streams are called for most.

The scalar handlers hold for columns as they stand.
"""

from __future__ import annotations

from .positions import claim, stake, withdraw

stake.batch(stake.handler)
withdraw.batch(withdraw.handler)
claim.batch(claim.handler)
