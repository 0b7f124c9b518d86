"""What holds after any sequence of calls by several users.

The pool can always pay: with all liquidity taken out and everything collected, the vaults keep a
few units at most, never fewer than none. No sequence makes tokens. Fee growth never falls. The
price stays within its limits, the tick is that of the price, and the known floor and ceiling are
where the next steps end.
"""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sealane.primitives.integers import U64_MAX
from sealane.programs.library.clmm import Pool, TickArray, TickArrayMap, clmm
from sealane.programs.library.clmm.maths.tick_prices import (
    SQRT_PRICE_MAX,
    SQRT_PRICE_MIN,
    sqrt_price_at,
)
from sealane.programs.library.clmm.transitions.tick_arrays import TickArrays
from sealane.testing import Vm

from .venue import Venue

USERS = ("ann", "bob", "cat")
START = 10**15
RANGES = ((-600, 600), (-60, 60), (0, 1_200), (-3_840, 0), (60, 120), (15_300, 15_420))
HALF_TICK_PRICES = [sqrt_price_at(tick) for tick in (-16_000, -601, -60, 0, 7, 60, 1_000, 15_361)]

calls = st.one_of(
    st.tuples(st.just("add"), st.integers(0, 5), st.integers(1, 10**10)),
    st.tuples(st.just("remove"), st.integers(0, 5), st.integers(0, 10**10)),
    st.tuples(st.just("collect"), st.integers(0, 5), st.integers(0, 10**12)),
    st.tuples(st.just("beyond"), st.integers(0, 5), st.integers(1, 10**8)),
    st.tuples(st.just("down"), st.integers(0, 7), st.integers(-(10**9), 10**10)),
    st.tuples(st.just("up"), st.integers(0, 7), st.integers(-(10**9), 10**10)),
    st.tuples(st.just("wait"), st.just(0), st.integers(1, 100)),
)


class Session:
    """A pool with six positions of three users, and a way to make any call of the strategy."""

    def __init__(self, vm: Vm, spacing: int) -> None:
        self.vm = vm
        self.venue = Venue(vm, spacing=spacing)
        for user in USERS:
            self.venue.user(user, START, START)
        share = {"fee_protocol0": 5, "fee_protocol1": 0}
        vm.send(clmm.set_fee_protocol(pool="pool", admin="admin", **share))
        for number, (lower, upper) in enumerate(RANGES):
            self.venue.open(f"range {number}", lower, upper, USERS[number % 3])

    def make(self, kind: str, which: int, amount: int) -> bool:
        """Make a call, which may fail; whether it did not."""
        venue, vm, name = self.venue, self.vm, f"range {which}"
        match kind:
            case "add":
                return vm.try_send(venue.add(name, amount)).ok
            case "remove":
                held = venue.position(name).liquidity
                return vm.try_send(venue.remove(name, min(amount, held))).ok
            case "collect":
                return vm.try_send(venue.collect(name, amount, amount)).ok
            case "beyond":
                return vm.try_send(venue.fund(name, amount, amount), self._beyond(name, amount)).ok
            case "wait":
                vm.advance(seconds=amount)
                return True
            case _:
                user, limit = USERS[which % 3], HALF_TICK_PRICES[which]
                arrays = venue.all_arrays()[amount % 2 :]  # one may be missing
                call = venue.swap(kind == "down", amount, owner=user, limit=limit, arrays=arrays)
                return vm.try_send(call).ok

    def _beyond(self, name: str, amount: int) -> Any:
        held = self.venue.position(name).liquidity
        if amount % 2 and held:
            return self.venue.remove_beyond(name, min(amount, held))
        return self.venue.add_beyond(name, amount)

    def tokens(self) -> tuple[int, int]:
        """All that there are."""
        held = [self.venue.held(each) for each in (*USERS, "vault")]
        return sum(pair[0] for pair in held), sum(pair[1] for pair in held)

    def check(self) -> None:
        pool = self.venue.pool
        assert SQRT_PRICE_MIN <= pool.sqrt_price < SQRT_PRICE_MAX
        # A price reached from above belongs to the tick below, as in the reference.
        assert sqrt_price_at(pool.tick) <= pool.sqrt_price <= sqrt_price_at(pool.tick + 1)
        self._check_range(pool)
        active = sum(
            position.liquidity
            for position in (self.venue.position(f"range {number}") for number in range(6))
            if position.lower <= pool.tick < position.upper
        )
        assert pool.liquidity == active

    def _check_range(self, pool: Pool) -> None:
        names = self.venue.all_arrays()
        present = int.from_bytes(self.vm.read("map", TickArrayMap).bits, "little")
        arrays = [self.vm.read(name, TickArray) for name in names]
        ticks = TickArrays(arrays, pool.tick_spacing, present)
        for known, down in ((pool.floor_price, True), (pool.ceiling_price, False)):
            assert known in (0, sqrt_price_at(ticks.step_end(pool.tick, down)[0]))

    def end(self) -> None:
        """Take everything out."""
        for number in range(len(RANGES)):
            name = f"range {number}"
            liquidity = self.venue.position(name).liquidity
            if liquidity:
                self.vm.send(self.venue.remove(name, liquidity))
            self.vm.send(self.venue.collect(name))
        self.vm.send(
            clmm.collect_protocol(
                pool="pool",
                vault0="vault0",
                vault1="vault1",
                destination0="ann 0",
                destination1="ann 1",
                admin="admin",
                amount0=U64_MAX,
                amount1=U64_MAX,
            )
        )


@settings(
    max_examples=12,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.sampled_from([10, 60]), st.lists(calls, min_size=8, max_size=40))
def test_any_sequence(spacing: int, sequence: list[tuple[str, int, int]]) -> None:
    with Vm() as vm:
        session = Session(vm, spacing)
        growth, made = (0, 0), 0
        for kind, which, amount in sequence:
            made += session.make(kind, which, amount)
            session.check()
            assert session.tokens() == (3 * START, 3 * START)
            pool = session.venue.pool
            assert pool.fee_growth0 >= growth[0]
            assert pool.fee_growth1 >= growth[1]
            growth = pool.fee_growth0, pool.fee_growth1
        session.end()
        left = session.venue.held("vault")
        assert all(0 <= dust <= 3 * (made + 6) for dust in left)
        assert session.venue.pool.liquidity == 0


@settings(max_examples=15, derandomize=True, deadline=None)
@given(st.integers(1, 10**9), st.integers(1, 10**12), st.booleans())
def test_there_and_back_is_no_gain(amount: int, liquidity: int, down: bool) -> None:
    with Vm() as vm:
        venue = Venue(vm, fee_pips=0, spacing=60)
        for user in ("ann", "bob"):
            venue.user(user, START, START)
        venue.open("range", -6_000, 6_000)
        vm.send(venue.add("range", liquidity))
        vm.send(venue.swap(down, amount))
        received = venue.held("bob")[1 if down else 0] - START
        if received:
            vm.send(venue.swap(not down, received))
        held = venue.held("bob")
        assert held[0] <= START
        assert held[1] <= START
