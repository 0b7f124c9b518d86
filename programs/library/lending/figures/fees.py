"""Fees of loans and flash loans, after SPL token-lending.

The least fee of any amount is 1, or 2 where a host has a part in it, so that both get something.
Halves are rounded up: in favour of protocol and host.
"""

from __future__ import annotations

from dataclasses import dataclass

from ....kit import require
from ...units import WAD
from ..errors import LendingError
from .wad import nearest, over, times


@dataclass(frozen=True, slots=True)
class Fee:
    """A fee in tokens, and the host's part of it."""

    total: int
    host: int

    @property
    def protocol(self) -> int:
        return self.total - self.host


def fee_of(amount_wads: int, rate: int, host_part: int, *, included: bool = False) -> Fee:
    """The fee of an amount with 18 decimals, on top of it or included in it.

    Fails with BorrowTooSmall where nothing would be left.
    """
    if rate == 0 or amount_wads == 0:
        return Fee(0, 0)
    least = 2 if host_part else 1
    applied = over(rate, rate + WAD) if included else rate
    wads = max(times(amount_wads, applied), least * WAD)
    require(wads < amount_wads, LendingError.BorrowTooSmall)
    host = max(nearest(times(wads, host_part)), 1) if host_part else 0
    return Fee(nearest(wads), host)
