"""How rewards are shared out: an index of what each unit of weight was given.

Pure, and for columns too. All of it rounds down, so that never more is owed than was given; what a
division leaves is carried to the next airdrop.
"""

from __future__ import annotations

from ....kit import mul_div
from ...units import BASIS_POINTS, WAD


def grow(index: int, remainder: int, amount: int, weight: int) -> tuple[int, int]:
    """Share an amount out among so much weight: the index after it, and what is carried on.

    >>> from sealane.programs.library.vault.airdrops.index import grow, owed_since
    >>> index, carried = grow(index=0, remainder=0, amount=100, weight=3)
    >>> carried, owed_since(0, index, weight=1), owed_since(0, index, weight=2)
    (1, 33, 66)
    """
    given = amount * WAD + remainder
    return index + given // weight, given % weight


def owed_since(seen: int, index: int, weight: int) -> int:
    """What so much weight was given between two values of the index."""
    return mul_div(weight, index - seen, WAD)


def weigh(shares: int, time_s: int, time_max_s: int, boost_bps: int) -> int:
    """The weight of shares locked for a time.

    >>> weigh(100, 0, 10, 15_000), weigh(100, 5, 10, 15_000), weigh(100, 10, 10, 15_000)
    (100, 175, 250)
    """
    return shares + mul_div(shares * boost_bps, time_s, BASIS_POINTS * time_max_s)
