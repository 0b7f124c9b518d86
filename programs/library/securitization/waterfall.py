"""The waterfall: who gets what was collected, and who bears what was lost. Pure arithmetic.

    interest ──▶ servicer's fee ──▶ interest due, by rank ──▶ excess ─┬▶ principal, where the notes
                                                                      │  exceed the pool
    principal ─▶ principal, by rank: all of the first before the next ├▶ interest still due, by rank
                                                                      └▶ the last rank, as income

    what notes still exceed the pool by is lost: by the last rank first

Guarantees, for any amounts: all that was collected is paid out, once; no tranche is repaid more
than it is owed; none loses before those below it have lost everything; afterwards the notes are
worth no more than the pool.

>>> claims = [Claim(600, due=40), Claim(400, due=9)]
>>> paid = share_out(Collected(interest=50, principal=100, fee_bps=0), pool=900, claims=claims)
>>> [(each.income, each.repaid, each.lost) for each in paid.parts]
[(40, 100, 0), (10, 0, 0)]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..units import BASIS_POINTS
from .state import YEAR_S


@dataclass(frozen=True, slots=True)
class Collected:
    """What obligors have paid since the last distribution; the servicer takes `fee_bps` of
    interest."""

    interest: int
    principal: int
    fee_bps: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A tranche's outstanding principal, and the interest that it is due."""

    principal: int
    due: int


@dataclass(frozen=True, slots=True)
class Part:
    """What comes to one tranche. `shortfall`: interest that stays due."""

    income: int
    repaid: int
    lost: int
    shortfall: int


@dataclass(frozen=True, slots=True)
class Paid:
    """The servicer's fee, and each tranche's part by rank."""

    fee: int
    parts: list[Part]


def accrue(principal: int, coupon_bps: int, elapsed_s: int, accrued: int) -> tuple[int, int]:
    """The interest on a tranche, simple within a period: whole units, and the rest as `accrued`.

    The rest is kept, so that interest does not depend on how often there are distributions.

    >>> accrue(60_000, 500, YEAR_S // 2, accrued=0)
    (1500, 0)
    >>> accrue(60_000, 500, elapsed_s=1, accrued=0)
    (0, 30000000)
    """
    return divmod(accrued + principal * coupon_bps * elapsed_s, BASIS_POINTS * YEAR_S)


def share_out(collected: Collected, pool: int, claims: Sequence[Claim]) -> Paid:
    """Share out what was collected among claims in the order of their ranks.

    `pool`: the principal that obligors still owe, after these collections and write-offs.
    """
    fee = collected.interest * collected.fee_bps // BASIS_POINTS  # rounded down, for the notes
    incomes, excess = _by_rank(collected.interest - fee, [claim.due for claim in claims])
    owed = [claim.principal for claim in claims]
    repaid, unused = _by_rank(collected.principal, owed)
    owed = [principal - part for principal, part in zip(owed, repaid, strict=True)]
    covering = min(excess, max(0, sum(owed) - pool))
    more, _ = _by_rank(covering, owed)
    owed = [principal - part for principal, part in zip(owed, more, strict=True)]
    lost, _ = _by_rank(max(0, sum(owed) - pool), owed[::-1])
    missing = [claim.due - income for claim, income in zip(claims, incomes, strict=True)]
    late, rest = _by_rank(excess - covering + unused, missing)
    incomes = [income + more for income, more in zip(incomes, late, strict=True)]
    incomes[-1] += rest
    parts = [
        Part(income, first + second, loss, max(0, claim.due - income))
        for claim, income, first, second, loss in zip(
            claims, incomes, repaid, more, reversed(lost), strict=True
        )
    ]
    return Paid(fee, parts)


def _by_rank(available: int, wanted: Sequence[int]) -> tuple[list[int], int]:
    """As much as there is to each in turn, and what is left."""
    given: list[int] = []
    for want in wanted:
        given.append(min(want, available))
        available -= given[-1]
    return given, available
