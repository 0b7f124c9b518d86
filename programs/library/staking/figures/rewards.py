"""How rewards are emitted over time and shared among stakes.

An *index* is what one staked unit has earned since the beginning, times a precision. It never
falls; a position earns by how far it rose since. Farms follow MasterChef, streams Synthetix's
StakingRewards. All divisions round down, so that stakes get no more than was emitted.
"""

from __future__ import annotations

from typing import Final

from ....kit import require, select
from ..errors import StakingError

FARM_PRECISION: Final = 10**12
STREAM_PRECISION: Final = 10**18


def weighted_slots(since: int, until: int, bonus_end: int, bonus: int) -> int:
    """The slots of a span, of which those before the bonus ends count `bonus` times.

    >>> from sealane.programs.library.staking.figures.rewards import weighted_slots
    >>> weighted_slots(590, 605, bonus_end=600, bonus=10)
    105
    """
    with_bonus = max(0, min(until, bonus_end) - since)
    return with_bonus * bonus + (until - since - with_bonus)


def part_by_points(emitted: int, points: int, all_points: int) -> int:
    """What a pool gets of an emission; nothing where no pool has points."""
    return emitted * points // all_points if all_points else 0


def index_rise(reward: int, total: int, precision: int) -> int:
    """How far the index rises when `reward` is shared among `total` staked units."""
    return reward * precision // total


def earned(amount: int, index: int, paid_index: int, precision: int, *, farm: bool) -> int:
    """What `amount` staked units earned while the index rose from `paid_index` to `index`.

    A farm takes the difference of two figures rounded down, a stream rounds their difference down.
    """
    by_debt = amount * index // precision - amount * paid_index // precision
    return select(farm, by_debt, amount * (index - paid_index) // precision)


def streamed(since: int, until: int, finish: int, rate: int) -> int:
    """What a stream pays between two times; nothing after its finish."""
    return max(0, min(until, finish) - since) * rate


def new_rate(reward: int, left_s: int, rate: int, duration: int) -> int:
    """The rate at which a reward, and what is left of the last one, last for the duration."""
    return (reward + left_s * rate) // duration


def require_covered(rate: int, duration: int, free: int) -> None:
    """Require that what is free in the vaults lasts for the duration."""
    require(rate <= free // duration, StakingError.RewardTooHigh)


def require_stake(amount: int) -> None:
    """Require that something is staked."""
    require(amount > 0, StakingError.ZeroStake)


def require_withdrawal(amount: int, staked: int) -> None:
    """Require that something is withdrawn, and no more than there is."""
    require(amount > 0, StakingError.ZeroWithdrawal)
    require(amount <= staked, StakingError.InsufficientStake)


def require_period_over(now: int, finish: int) -> None:
    """Require that rewards notified of earlier have been paid out."""
    require(now > finish, StakingError.PeriodNotOver)
