"""How much may wait. Each limit is enforced, and tested at and past it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

from ...primitives import UsageError

# What CometBFT's own mempool is bounded to by default is 5,000 transactions and 64 MiB.
TRANSACTIONS_MAX: Final = 10_000
BYTES_MAX: Final = 64 * 1024 * 1024
# A payer cannot fill the mempool alone; 64 is what Ethereum's txpool allows beyond 16 that run.
TRANSACTIONS_OF_PAYER_MAX: Final = 64
# A large transaction may drive out small ones, but not any number of them.
EVICTED_MAX: Final = 64
# By so much must a replacement's priority be higher; in Ethereum's txpool the price, too.
REPLACEMENT_BUMP_PERCENT: Final = 10


@dataclass(frozen=True, slots=True)
class MempoolLimits:
    """Of a whole mempool, and of each payer in it. Raises UsageError for one below 1.

    `evicted_max`: how many may be driven out for a single newcomer.
    """

    transactions_max: int = TRANSACTIONS_MAX
    bytes_max: int = BYTES_MAX
    transactions_of_payer_max: int = TRANSACTIONS_OF_PAYER_MAX
    evicted_max: int = EVICTED_MAX

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if type(value) is not int or value < 1:
                raise UsageError(f"{field.name}={value!r}: a mempool's limit is 1 at least")
