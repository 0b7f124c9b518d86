"""What orders those that wait: what they pay for what they cost."""

from __future__ import annotations

from typing import Final

_COST_OF_PRIORITY: Final = 1_000_000


def priority_of(reward: int, cost: int) -> int:
    """Lamports for a million units of cost, rounded down. `reward`: what a transaction pays.

    Source: calculate_priority_and_cost of agave, which adds one to the cost, as here, so that
    nothing is divided by zero.

    >>> priority_of(reward=5_000, cost=20_707)
    241452
    """
    return reward * _COST_OF_PRIORITY // (cost + 1)
