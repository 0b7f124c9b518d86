"""What pool tokens are worth, and fees on them, after the stake-pool program of Solana.

Deposits and withdrawals round down, in favour of those who stay. Fees round up, in favour of the
manager; the fee on rewards is worth no more than its share of them.
"""

from __future__ import annotations

from typing import Final, Protocol

from .....primitives.integers import U128_MAX
from ....kit import div_up, require, select
from ..errors import StakingError

YIELD_ONE: Final = 10**12
# A withdrawal fee rises by at most a half of itself, and by at most 0.5 % of what is withdrawn.
# One that is 0 counts as 0.1 %.
_FACTOR_MAX: Final = (3, 2)
_RISE_MAX: Final = (1, 200)
_BASELINE: Final = (1, 1_000)


class Share(Protocol):
    """A fee as a fraction; none if the denominator is 0."""

    @property
    def numerator(self) -> int: ...
    @property
    def denominator(self) -> int: ...


def fee_of(amount: int, fee: Share) -> int:
    """A fee on an amount, rounded up."""
    if not fee.denominator:
        return 0
    return div_up(amount * fee.numerator, fee.denominator)


def tokens_for_deposit(lamports: int, total_lamports: int, supply: int) -> int:
    """The pool tokens minted for a deposit; one a lamport while there are none.

    >>> from sealane.programs.library.staking.figures.pool_tokens import tokens_for_deposit
    >>> tokens_for_deposit(100, total_lamports=1_100, supply=1_000)
    90
    """
    first = (total_lamports == 0) | (supply == 0)
    return select(first, lamports, lamports * supply // select(first, 1, total_lamports))


def lamports_for_withdrawal(tokens: int, total_lamports: int, supply: int) -> int:
    """The lamports paid for pool tokens; 0 while there are none."""
    return select(supply == 0, 0, tokens * total_lamports // select(supply == 0, 1, supply))


def tokens_for_rewards(reward: int, total_lamports: int, supply: int, fee: Share) -> int:
    """The pool tokens minted for the manager's fee on rewards that are not in the total yet."""
    if not reward:
        return 0
    total, cut = total_lamports + reward, fee_of(reward, fee)
    if total == cut or not supply:
        return reward
    return supply * cut // (total - cut)


def growth(total_lamports: int, supply: int, last_lamports: int, last_supply: int) -> int:
    """How much more a pool token is worth than in the last epoch, times 10^12; rounded down."""
    before, after = last_lamports * supply, total_lamports * last_supply
    return (after - before) * YIELD_ONE // before if before else 0


def require_gentle_rise(new: Share, old: Share) -> None:
    """Require that a withdrawal fee does not rise too far at once."""
    known = old.numerator and old.denominator
    old_num, old_den = (old.numerator, old.denominator) if known else _BASELINE
    before, after = _product(new.denominator, old_num), _product(new.numerator, old_den)
    rise = _product(max(0, after - before), _RISE_MAX[1])
    within = rise <= _product(_product(old_den, new.denominator), _RISE_MAX[0])
    require(within, StakingError.FeeIncreaseTooHigh)
    within = _product(after, _FACTOR_MAX[1]) <= _product(before, _FACTOR_MAX[0])
    require(within, StakingError.FeeIncreaseTooHigh)


def require_share(fee: Share) -> None:
    """Require a fee of no more than all."""
    require(fee.numerator <= fee.denominator, StakingError.FeeTooHigh)


def _product(a: int, b: int) -> int:
    """A product that 128 bits hold, as in the reference."""
    require(a * b <= U128_MAX, StakingError.CalculationFailure)
    return a * b
