"""How losses and gains of a stability pool reach its depositors: Liquity's product and sum.

A deposit is worth its product now over its product then; each loss multiplies the product. What a
loss brings is a sum of gains for each unit deposited, weighted by the product of its time. When the
product gets too small for its 18 decimals, a scale begins, in which it is 10**9 times as large;
when nothing is left, an epoch begins, with a product of one.

Guarantees: a pool always has what its depositors are due. What is left is rounded down; of gains,
what rounding keeps is shared with the next. (The reference carries that of losses, too; here it
stays in the pool.)

    >>> pool = Shares(total=400_000, product=WAD)
    >>> share_loss(pool, loss=200_000, gain=40_000)
    Step.NONE
    >>> left(100_000, taken_at=(WAD, 0, 0), pool=pool), earned(100_000, WAD, pool.sum)
    (50000, 10000)
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final, Protocol

from ...units import WAD

SCALE: Final = 10**9


class Step(Enum):
    """What a loss begins."""

    NONE = 0
    SCALE = 1
    SCALES = 2  # several at once: what is deposited is worth less than a billionth
    EPOCH = 3

    def __repr__(self) -> str:
        return f"Step.{self.name}"


class Pool(Protocol):
    """What of a pool's state losses change. `total`: what is deposited, before the loss."""

    total: int
    product: int
    epoch: int
    scale: int
    gain_error: int


@dataclass(slots=True)
class Shares:
    """A pool by itself, with the sum of the current scale."""

    total: int
    product: int
    epoch: int = 0
    scale: int = 0
    gain_error: int = 0
    sum: int = 0


def share_loss(pool: Shares, loss: int, gain: int) -> Step:
    """Share a loss and a gain among all deposits; adds to the sum."""
    step, added = shared(pool, loss, gain)
    pool.sum += added
    return step


def shared(pool: Pool, loss: int, gain: int) -> tuple[Step, int]:
    """Share a loss of at most `total`; what it begins, and what it adds to the current sum."""
    gained = gain * WAD + pool.gain_error
    gain_per_unit = gained // pool.total
    pool.gain_error = gained - gain_per_unit * pool.total
    added = gain_per_unit * pool.product
    factor = _factor(pool, loss)
    pool.total -= loss
    if factor == 0:
        pool.product, pool.scale = WAD, 0
        pool.epoch += 1
        return Step.EPOCH, added
    scales = 0
    while pool.product * factor * SCALE**scales // WAD < SCALE:
        scales += 1
    pool.product = pool.product * factor * SCALE**scales // WAD
    pool.scale += scales
    return (Step.SCALE if scales == 1 else Step.SCALES if scales else Step.NONE), added


def left(deposited: int, taken_at: tuple[int, int, int], pool: Pool) -> int:
    """What is left of a deposit, rounded down; `taken_at`: product, epoch and scale of its time.

    Nothing, if it is less than a billionth.
    """
    product, epoch, scale = taken_at
    scales = pool.scale - scale
    if epoch < pool.epoch or scales > 1 or product == 0:
        return 0
    value = deposited * pool.product // product // SCALE**scales
    return value if value >= deposited // SCALE else 0


def earned(deposited: int, product: int, sum_here: int, sum_next: int = 0) -> int:
    """What a deposit has gained, rounded down.

    `sum_here` since then in the scale of its time, `sum_next` in the one after it.
    """
    if product == 0:
        return 0
    return deposited * (sum_here + sum_next // SCALE) // product // WAD


def _factor(pool: Pool, loss: int) -> int:
    """What is left [wad] of each unit deposited, rounded down."""
    return (pool.total - loss) * WAD // pool.total
