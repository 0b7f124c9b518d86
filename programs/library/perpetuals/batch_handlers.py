"""Batch handlers of what is called most: trades, deposits, withdrawals, settlement.

Their handlers are written so that every statement holds for columns as well.
"""

from __future__ import annotations

from .funding import settle
from .margin import deposit, withdraw
from .trading import trade

trade.batch(trade.handler)
deposit.batch(deposit.handler)
withdraw.batch(withdraw.handler)
settle.batch(settle.handler)
