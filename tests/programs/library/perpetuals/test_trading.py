"""Trades between isolated accounts: what each must be afterwards, and who may make them.

The grid is that of dYdX's p1TradeFinalBalances test, at a price of 10 and collateral of 110%.
"""

from __future__ import annotations

import pytest

from sealane import Transaction
from sealane.programs.library.oracle import Feed, FeedStatus
from sealane.programs.library.perpetuals import WAD, Trader, perpetuals
from sealane.programs.library.perpetuals import PerpetualsError as Error
from sealane.testing import Vm

from .desk import Desk, params

FINE_LONG, FINE_SHORT = (-10_000, 1_100), (12_100, -1_100)
UNDER_LONG, UNDER_SHORT = (-10_000, 1_099), (12_099, -1_100)
RICH_BOTH = (1_234_567_890_000_000, 1_234_567_890_000_000)
FINE = [(0, 0), FINE_LONG, FINE_SHORT, RICH_BOTH]
FINE_AFTER = [(0, 0), (0, 1), (1, 0), (1, 1), FINE_LONG, FINE_SHORT]
NOTHING_LEFT = [(0, -1), (-1, 0), (-1, -1)]
LONG, SHORT = (-1_000_000, 1_000), (1_000, -10_000)
Pair = tuple[int, int]

FAILURES: list[tuple[Pair, Pair, Error]] = [
    *(
        (before, after, Error.NoPositiveValue)
        for before in (*FINE, UNDER_LONG, UNDER_SHORT)
        for after in NOTHING_LEFT
    ),
    ((0, 0), UNDER_LONG, Error.PositionIncreased),
    (FINE_LONG, UNDER_LONG, Error.CollateralizationDecreased),
    (FINE_SHORT, UNDER_LONG, Error.PositionFlipped),
    (RICH_BOTH, UNDER_LONG, Error.NewlyUndercollateralized),
    ((0, 0), UNDER_SHORT, Error.PositionIncreased),
    (FINE_LONG, UNDER_SHORT, Error.PositionFlipped),
    (FINE_SHORT, UNDER_SHORT, Error.CollateralizationDecreased),
    (RICH_BOTH, UNDER_SHORT, Error.PositionFlipped),
    (LONG, (-1_000_001, 1_000), Error.CollateralizationDecreased),
    (LONG, (-1_000_000, 999), Error.CollateralizationDecreased),
    (LONG, (-1_000_000, 1_001), Error.PositionIncreased),
    (LONG, (100, -1_000), Error.PositionFlipped),
    (SHORT, (999, -10_000), Error.CollateralizationDecreased),
    (SHORT, (1_000, -10_001), Error.PositionIncreased),
    (SHORT, (-1_000_000, 10_000), Error.PositionFlipped),
]
SUCCESSES: list[tuple[Pair, Pair]] = [
    *((before, after) for before in (*FINE, UNDER_LONG, UNDER_SHORT) for after in FINE_AFTER),
    (LONG, LONG),
    (LONG, (-900_000, 900)),
    (LONG, (-900_000, 999)),
    (SHORT, SHORT),
    (SHORT, (900, -9_000)),
    (SHORT, (1_100, -9_999)),
]


@pytest.fixture
def at_ten(vm: Vm) -> Desk:
    desk = Desk(vm, 10)
    desk.open("rich", 10**18)
    return desk


def bring(desk: Desk, before: Pair, after: Pair) -> None:
    desk.open("risky", *before)
    size, cost = after[1] - before[1], before[0] - after[0]
    desk.vm.send(desk.trade("risky", "rich", size, cost))


def test_every_state_that_an_account_may_end_in(at_ten: Desk) -> None:
    for before, after in SUCCESSES:
        with at_ten.vm.snapshot():
            bring(at_ten, before, after)
            assert at_ten.balance("risky") == after


def test_every_state_that_it_may_not(at_ten: Desk) -> None:
    for before, after, error in FAILURES:
        with at_ten.vm.snapshot(), at_ten.vm.fails(error):
            bring(at_ten, before, after)


def test_the_maker_is_held_to_the_same(at_ten: Desk) -> None:
    at_ten.open("risky")
    with at_ten.vm.fails(Error.NoPositiveValue):
        at_ten.vm.send(at_ten.trade("rich", "risky", 1, 0))


def test_the_taker_pays_the_fee_rounded_up(desk: Desk) -> None:
    desk.vm.send(perpetuals.configure(market="btc", admin="admin", params=params(taker_fee_bps=10)))
    desk.open("ann", 5_000)
    desk.open("ben", 5_000)
    desk.vm.send(desk.trade("ann", "ben", 10, 1_001))
    assert desk.balance("ann") == (3_997, 10)
    assert desk.balance("ben") == (6_001, -10)
    assert (desk.totals.fees, desk.totals.opened, desk.totals.closed) == (2, 20, 0)
    desk.vm.send(perpetuals.collect_fees(market="btc", totals="sums", insurance="fund"))
    desk.vm.send(perpetuals.collect_fees(market="btc", totals="sums", insurance="fund"))
    assert desk.vm.read("fund", Trader).margin == 2


def test_only_the_user_or_the_operator_trades(desk: Desk) -> None:
    desk.open("ann", 500)
    desk.open("ben", 500)
    call = desk.trade("ann", "ben", 1, 100)
    call = perpetuals.trade(
        market="btc",
        feed="btc_feed",
        totals="sums",
        maker="ben_btc",
        taker="ann_btc",
        maker_authority="ben",
        taker_authority="broker",
        size=1,
        cost=100,
    )
    with desk.vm.fails(Error.NotAuthorized):
        desk.vm.send(call)
    with desk.vm.fails(Error.NotAuthorized):
        desk.vm.send(perpetuals.set_operator(trader="ann_btc", owner="broker", operator="broker"))
    desk.vm.send(perpetuals.set_operator(trader="ann_btc", owner="ann", operator="broker"))
    desk.vm.send(call)
    assert desk.balance("ann") == (400, 1)


def test_a_trade_with_oneself_or_in_another_market(desk: Desk, vm: Vm) -> None:
    desk.open("ann", 500)
    with vm.fails(Error.SameAccount):
        vm.send(desk.trade("ann", "ann", 1, 100))
    desk.open("ben", 500)
    foreign = desk.trader("ben")
    foreign.market = vm.key("elsewhere")
    vm.set_account("ben_btc", data=foreign)
    with vm.fails(Error.WrongMarket, account="ben_btc"):
        vm.send(desk.trade("ann", "ben", 1, 100))


def test_a_price_must_be_fresh_and_the_markets_own(desk: Desk, vm: Vm) -> None:
    desk.open("ann", 500)
    desk.open("ben", 500)
    vm.advance(seconds=61)
    with vm.fails(Error.StalePrice):
        vm.send(desk.trade("ann", "ben", 1, 100))
    desk.reprice()
    for changes in ({"status": FeedStatus.Halted}, {"price": 0}, {"exponent": -6}):
        feed = vm.read("btc_feed", Feed)
        values = feed.values() | changes
        with vm.snapshot(), vm.fails(Error.InvalidPrice):
            vm.set_account("btc_feed", data=Feed(**values))
            vm.send(desk.trade("ann", "ben", 1, 100))
    desk.set_price(1, "other_feed")
    call = perpetuals.update_funding(market="btc", feed="other_feed")
    with vm.fails(Error.WrongFeed):
        vm.send(call, payer="ann")


def test_nothing_is_initialized_twice(desk: Desk, vm: Vm) -> None:
    vm.set_account("ann_btc", owner=perpetuals, data=bytes(Trader.layout_size))
    call = perpetuals.open_trader(market="btc", trader="ann_btc", owner="ann")
    vm.send(call, payer="ann")
    vm.send(desk.deposit("ann", 5))
    for again in (call, desk.initialization(params())):
        with vm.fails("AccountAlreadyInitialized"):
            vm.send(again, payer="ann")
    assert desk.balance("ann") == (5, 0)


def test_parameters_have_bounds_and_an_admin(desk: Desk, vm: Vm) -> None:
    with vm.fails(Error.NotAdmin):
        vm.send(perpetuals.configure(market="btc", admin="ann", params=params()))
    for wrong in (
        params(min_collateral=WAD - 1),
        params(taker_fee_bps=10_001),
        params(liquidation_fee_bps=10_001),
        params(init_asset_weight=WAD, maint_asset_weight=WAD - 1),
        params(init_liab_weight=WAD - 1, maint_liab_weight=WAD - 1),
        params(init_overall_weight=WAD + 1, maint_overall_weight=WAD + 1),
    ):
        with vm.fails(Error.InvalidParameter):
            vm.send(perpetuals.configure(market="btc", admin="admin", params=wrong))


def test_trades_of_different_accounts_share_a_wave(desk: Desk, vm: Vm) -> None:
    names = ("ann", "ben", "cat", "dan")
    for name in names:
        desk.open(name, 5_000)
    vm.send(desk.trade("ann", "ben", 1, 100))
    assert not vm.touched.over_declared
    calls = [desk.trade("ann", "ben", 1, 100), desk.trade("cat", "dan", 2, 200)]
    result = vm.execute([Transaction([call]) for call in calls])
    assert [len(list(wave)) for wave in result.waves] == [2]
    assert desk.totals.opened == 2 + 2 + 4


def test_the_sums_of_sizes_have_room_for_any_number_of_trades(desk: Desk) -> None:
    desk.open("ann", 10_000)
    desk.open("ben", 10_000)
    totals = desk.totals
    totals.opened = totals.closed = 2**64 - 21
    desk.vm.set_account("sums", data=totals)
    desk.vm.send(desk.trade("ann", "ben", 10, 1_000))
    collect = perpetuals.collect_fees(market="btc", totals="sums", insurance="fund")
    desk.vm.send(collect, payer="admin")
    desk.vm.send(desk.trade("ann", "ben", -10, -1_000), collect)
    assert (desk.totals.opened, desk.totals.closed) == (0, 0)
