"""Pools as Uniswap v3's own tests set them up, played in two ways.

In a runtime: made by instructions, positions funded, one swap sent. By functions: the same state
transitions on plain values, for amounts beyond u64, which no token account holds. Either way, all
positions are taken out again at the end, as those tests do, and the pool must be able to pay.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from sealane.primitives import ProgramFailure
from sealane.primitives.integers import U64_MAX
from sealane.programs.library.clmm import ClmmError, Observations, Pool, Position, TickArray
from sealane.programs.library.clmm.maths.tick_prices import tick_at
from sealane.programs.library.clmm.transitions.liquidity import change_liquidity, take_out
from sealane.programs.library.clmm.transitions.swaps import Order, find_range, price_limit, swap
from sealane.programs.library.clmm.transitions.tick_arrays import TickArrays, array_start
from sealane.testing import Vm

from .venue import Venue

Pair = tuple[int, int]

# Our errors by the reference's messages; the others are reverts without one.
_TOLD: Final = {
    "AmountZero": "AS",
    "TicksOutOfOrder": "TLU",
    "TickTooLow": "TLM",
    "TickTooHigh": "TUM",
    "TickOutOfRange": "T",
    "PriceOutOfRange": "R",
    "PriceLimit": "SPL",
    "LiquidityUnderflow": "LS",
    "LiquidityOverflow": "LA",
    "TickLiquidityOverflow": "LO",
    "NoPosition": "NP",
}
_ANY_AMOUNT: Final = (1 << 255) - 1  # what their swaps to a price offer


class Outcome(NamedTuple):
    """The pool's tokens before the swap, what it got, its ticks and fees; or the swap's error."""

    before: Pair
    tick_before: int
    delta: Pair = (0, 0)
    pool: Pool | None = None
    error: str = ""

    def figures(self) -> dict[str, Any]:
        """Under the names of the reference's snapshots."""
        if self.pool is None:
            return {
                "error": f"VM Exception while processing transaction: revert {self.error}",
                "tick_before": self.tick_before,
                "balance0": self.before[0],
                "balance1": self.before[1],
            }
        return {
            "amount0Before": self.before[0],
            "amount1Before": self.before[1],
            "amount0Delta": self.delta[0],
            "amount1Delta": self.delta[1],
            "feeGrowthGlobal0X128Delta": self.pool.fee_growth0,
            "feeGrowthGlobal1X128Delta": self.pool.fee_growth1,
            "tickBefore": self.tick_before,
            "tickAfter": self.pool.tick,
        }


def told_error(name: str) -> str:
    """What the reference says where our program fails with the error of this name."""
    if name not in ClmmError.__members__:
        return name
    return _TOLD.get(name, "reverted")


def fits_tokens(outcome: Outcome) -> bool:
    """Whether token accounts can hold all amounts."""
    return all(abs(amount) <= U64_MAX for amount in (*outcome.before, *outcome.delta))


def play_by_functions(given: Mapping[str, Any]) -> Outcome:
    """Make the pool of plain values and swap."""
    spacing, price = given["tick_spacing"], int(given["start_sqrt_price_x96"])
    pool = Pool(
        fee_pips=given["fee_pips"], tick_spacing=spacing, sqrt_price=price, tick=tick_at(price)
    )
    ends = [end for range_ in given["positions"] for end in (range_["lower"], range_["upper"])]
    ticks = plain_ticks(ends, spacing)
    find_range(pool, ticks)
    past = Observations(cardinality=1, cardinality_next=1)
    positions: list[Position] = []
    before = (0, 0)
    for range_ in given["positions"]:
        positions.append(Position(lower=range_["lower"], upper=range_["upper"]))
        paid = change_liquidity(pool, ticks, positions[-1], past, int(range_["liquidity"]), 0)
        before = _sum(before, paid)
    tick = pool.tick
    try:
        delta = swap(pool, ticks, past, _order(given), 0)
    except ProgramFailure as failure:
        return Outcome(before, tick, error=told_error(failure.error.name))
    after = Outcome(before, tick, delta, Pool.decode(pool.encode()))
    for position in positions:
        take_out(pool, ticks, position, past, position.liquidity, 0)
    owed = sum(each.owed0 for each in positions), sum(each.owed1 for each in positions)
    _require_paid(pool, _sum(_sum(before, delta), (-owed[0], -owed[1])))
    return after


def plain_ticks(ends: Sequence[int], spacing: int) -> TickArrays:
    """The arrays of these ticks, as values of no account."""
    starts = sorted({array_start(end, spacing) for end in ends})
    return TickArrays([TickArray(start=start) for start in starts], spacing, present=0)


def play_in_runtime(given: Mapping[str, Any]) -> Outcome:
    """Make the pool by instructions and swap."""
    with Vm() as vm:
        venue = Venue(
            vm,
            fee_pips=given["fee_pips"],
            spacing=given["tick_spacing"],
            sqrt_price=int(given["start_sqrt_price_x96"]),
        )
        venue.user("ann", U64_MAX, U64_MAX)
        names = [f"position {number}" for number in range(len(given["positions"]))]
        for name, range_ in zip(names, given["positions"], strict=True):
            venue.open(name, range_["lower"], range_["upper"])
            vm.send(venue.add(name, int(range_["liquidity"])))
        before, tick = venue.held("vault"), venue.pool.tick
        venue.user("bob", U64_MAX - before[0], U64_MAX - before[1])
        order = _order(given)
        amount = min(order.amount, U64_MAX)
        call = venue.swap(order.zero_for_one, amount, limit=order.limit)
        receipt = vm.try_send(call)
        if receipt.error is not None:
            return Outcome(before, tick, error=told_error(receipt.error.name))
        held = venue.held("vault")
        outcome = Outcome(before, tick, (held[0] - before[0], held[1] - before[1]), venue.pool)
        venue.user("ann")
        for name in names:
            vm.send(venue.remove(name, venue.position(name).liquidity), venue.collect(name))
        _require_paid(venue.pool, venue.held("vault"))
        return outcome


def _order(given: Mapping[str, Any]) -> Order:
    amount = _ANY_AMOUNT
    if "exact_in" in given:
        amount = int(given["exact_in"])
    elif "exact_out" in given:
        amount = -int(given["exact_out"])
    down = given["zero_for_one"]
    return Order(down, amount, price_limit(down, int(given.get("sqrt_price_limit_x96", 0))))


def _sum(a: Pair, b: Pair) -> Pair:
    return a[0] + b[0], a[1] + b[1]


def _require_paid(pool: Pool, left: Pair) -> None:
    assert pool.liquidity == 0
    assert min(left) >= 0, f"the pool owes more than it holds: {left}"
