"""How a loss is shared between what a pool staked to a validator and its operator's bond."""

from __future__ import annotations

from typing import NamedTuple

from ....kit import mul_div, mul_div_up


class Loss(NamedTuple):
    """What is lost of each."""

    stake: int
    bond: int


def loss_of(stake: int, bond: int, numerator: int, denominator: int) -> Loss:
    """A share of both, in proportion; never more than there is if the share is at most 1.

    Rounded down for the stake, up for the bond.

    >>> from sealane.programs.library.staking.figures.slashing import loss_of
    >>> loss_of(1_001, 101, 1, 10)
    Loss(stake=100, bond=11)
    """
    return Loss(mul_div(stake, numerator, denominator), mul_div_up(bond, numerator, denominator))
