"""One price and its confidence from those of several publishers.

- `quartiles`, Pyth's rule: each publisher has three votes, its price and both ends of its
  confidence interval. The price is the median of all votes; the confidence is the distance to the
  quartile that is farther away.
- `median`, Switchboard's rule: the price is the median of the prices; the confidence is their
  standard deviation.

Guarantees: the order of the prices makes no difference; the price is never below the lowest or
above the highest. The mean of two middle values is rounded down, a deviation up.

    >>> quartiles([(101, 1), (100, 1), (99, 1)])
    (100, 1)
    >>> median([103, 100, 101])
    (101, 2)
"""

from __future__ import annotations

from collections.abc import Sequence

from ...kit import div_up, isqrt

Quote = tuple[int, int]  # a price and its confidence


def quartiles(quotes: Sequence[Quote]) -> Quote:
    """Price and confidence of one publisher at least."""
    votes = sorted(
        vote
        for price, confidence in quotes
        for vote in (price - confidence, price, price + confidence)
    )
    quarter = len(votes) // 4
    low, high = votes[quarter], votes[-1 - quarter]
    price = _middle(votes)
    return price, max(price - low, high - price)


def median(prices: Sequence[int]) -> Quote:
    """The median of one price at least, and their standard deviation."""
    count = len(prices)
    # count² times the variance, so that nothing is rounded before the root.
    scaled = count * sum(price * price for price in prices) - sum(prices) ** 2
    root = isqrt(scaled)
    deviation = root if root * root == scaled else root + 1
    return _middle(sorted(prices)), div_up(deviation, count)


def _middle(ordered: Sequence[int]) -> int:
    half = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[half]
    return (ordered[half - 1] + ordered[half]) // 2
