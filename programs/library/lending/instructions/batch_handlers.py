"""Batch handlers of what is called most: the very handlers, whose statements hold for columns."""

from __future__ import annotations

from .borrowing import repay
from .supply import supply

supply.batch(supply.handler)
repay.batch(repay.handler)
