"""Funding: the index, its bounds, and that it does not matter when an account is settled."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sealane.programs.library.perpetuals import WAD, perpetuals
from sealane.programs.library.perpetuals import PerpetualsError as Error
from sealane.programs.library.perpetuals.funding import bounded_rate
from sealane.testing import Vm

from .desk import Desk

RATE_MAX = WAD * 75 // 10_000 // 28_800
STEP_MAX = RATE_MAX * 2 // 2_700
SECOND = WAD // 1_000  # a tenth of a percent a second, of value


def test_longs_pay_shorts_as_time_goes_by(desk: Desk) -> None:
    desk.open("long", 0, 12)
    desk.open("short", 2_000, -12)
    desk.accrue(SECOND, 50)
    for name in ("long", "short"):
        desk.vm.send(desk.settle(name), payer="admin")
    assert (desk.balance("long"), desk.balance("short")) == ((-60, 12), (2_060, -12))


def test_a_negative_rate_pays_longs(desk: Desk) -> None:
    desk.open("long", 0, 12)
    desk.accrue(-SECOND, 50)
    desk.vm.send(desk.settle("long"), payer="admin")
    assert desk.balance("long") == (60, 12)


def test_an_account_without_position_pays_nothing_before_or_after(desk: Desk) -> None:
    desk.open("ann", 500)
    desk.open("ben", 5_000)
    desk.accrue(SECOND, 50)
    desk.vm.send(desk.trade("ann", "ben", 1, 100))
    assert (desk.balance("ann"), desk.balance("ben")) == ((400, 1), (5_100, -1))


def test_the_price_of_the_last_update_counts(desk: Desk) -> None:
    desk.open("long", 0, 1)
    desk.accrue(SECOND, 10)
    desk.set_price(200)  # not before somebody updates
    desk.vm.send(perpetuals.update_funding(market="btc", feed="btc_feed"), payer="admin")
    desk.vm.advance(seconds=10)
    desk.vm.send(desk.settle("long"), payer="admin")
    assert desk.balance("long") == (-3, 1)


def test_the_rate_is_the_providers_and_bounded(vm: Vm) -> None:
    desk = Desk(vm, funding_rate_max=RATE_MAX, funding_step_max=STEP_MAX)
    for provider in ("ann", "admin"):
        with vm.fails(Error.NotFundingProvider):
            vm.send(
                perpetuals.set_funding_rate(
                    market="btc", feed="btc_feed", provider=provider, rate=1
                )
            )
    desk.accrue(RATE_MAX, 3_600)
    assert desk.market.funding_rate == STEP_MAX  # one second after the market began
    desk.accrue(RATE_MAX + 1, 1)
    assert desk.market.funding_rate == RATE_MAX
    desk.accrue(0, 1)
    assert desk.market.funding_rate == RATE_MAX - STEP_MAX


@given(
    st.integers(-RATE_MAX, RATE_MAX),
    st.integers(-2 * RATE_MAX, 2 * RATE_MAX),
    st.integers(0, 4_000),
)
def test_a_rate_moves_towards_what_is_wanted(old: int, wanted: int, elapsed_s: int) -> None:
    rate = bounded_rate(old, wanted, elapsed_s, RATE_MAX, STEP_MAX)
    assert abs(rate) <= RATE_MAX
    assert abs(rate - old) <= STEP_MAX * elapsed_s
    assert min(old, wanted) <= rate <= max(old, wanted)
    steps = -(-2 * RATE_MAX // STEP_MAX)
    assert bounded_rate(old, wanted, steps, RATE_MAX, STEP_MAX) == max(
        -RATE_MAX, min(wanted, RATE_MAX)
    )


def test_settling_often_costs_at_most_a_unit_each_time(desk: Desk) -> None:
    desk.open("often", 0, 7)
    desk.open("seldom", 0, 7)
    desk.open("short", 1_000, -14)
    for rate in (SECOND * 7, -SECOND * 3, SECOND):
        desk.accrue(rate, 1)
        desk.vm.send(desk.settle("often"), payer="admin")
    for name in ("seldom", "short"):
        desk.vm.send(desk.settle(name), payer="admin")
    often, seldom, short = (desk.balance(name)[0] for name in ("often", "seldom", "short"))
    assert (often, seldom) == (-5 + 2 - 1, -4)
    assert often + seldom + short <= 1_000
