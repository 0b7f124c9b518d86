"""A feed of one authority, moving averages, and the halt of a feed."""

from __future__ import annotations

import pytest

from sealane.programs.library.oracle import FeedStatus, OracleError, oracle
from sealane.programs.library.oracle.averages import decay
from sealane.testing import Vm

from .desk import Desk


def test_an_average_follows_the_price(vm: Vm) -> None:
    desk = Desk(vm, 0)
    vm.send(desk.post(10_000, confidence=10))
    vm.advance(seconds=36)
    vm.send(desk.post(11_000, confidence=10))
    # Half of the weight each, the older one of 0.993.
    assert desk.feed.ema_price == 10_501
    assert desk.feed.ema_confidence == 10


def test_who_is_certain_weighs_more(vm: Vm) -> None:
    desk = Desk(vm, 0)
    vm.send(desk.post(10_000, confidence=10))
    vm.advance(seconds=1)
    vm.send(desk.post(20_000, confidence=90))
    assert 10_990 < desk.feed.ema_price < 11_010


def test_after_a_long_time_an_average_starts_anew(vm: Vm) -> None:
    desk = Desk(vm, 0)
    vm.send(desk.post(10_000))
    vm.advance(seconds=3_600)
    vm.send(desk.post(20_000))
    assert desk.feed.ema_price == 20_000


def test_a_feed_without_a_half_life_has_no_average(vm: Vm) -> None:
    desk = Desk(vm, 0, half_life_s=0)
    vm.send(desk.post(10_000))
    assert desk.feed.ema_price == 0


def test_a_weight_decays_until_it_is_forgotten() -> None:
    parts = [decay(age, 1_000) for age in range(0, 1_100, 100)]
    assert parts == sorted(parts, reverse=True)
    assert parts[0] == 10**18
    assert parts[7] > 0
    assert parts[8] == 0


def test_a_halted_feed_is_not_used_until_its_next_price(vm: Vm) -> None:
    desk = Desk(vm)
    prices = [desk.publish(number, 100) for number in range(3)]
    vm.send(*prices, desk.aggregate())
    vm.send(oracle.halt(feed="sol", authority="admin", halted=True))
    assert desk.feed.status is FeedStatus.Halted
    vm.send(desk.aggregate())
    assert desk.feed.status is FeedStatus.Halted
    vm.send(oracle.halt(feed="sol", authority="admin", halted=False))
    assert desk.feed.status is FeedStatus.Unknown
    vm.send(desk.aggregate())
    assert desk.feed.status is FeedStatus.Trading


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"authority": "eve"}, OracleError.WrongAuthority),
        ({"published_at": 2**40}, OracleError.FromTheFuture),
        ({"published_at": 1}, OracleError.TimeBackwards),
    ],
)
def test_posts_that_are_refused(vm: Vm, changes: dict[str, object], error: OracleError) -> None:
    desk = Desk(vm, 0)
    vm.send(desk.post(100))
    with vm.fails(error):
        vm.send(desk.post(100, **changes))


def test_an_exponent_beyond_all_prices(vm: Vm) -> None:
    desk = Desk(vm, 0)
    desk.put("odd", 300)
    with vm.fails(OracleError.InvalidConfig):
        vm.send(oracle.initialize_feed(feed="odd", authority="admin", exponent=-19))


def test_who_aggregates_often_does_not_move_the_average(vm: Vm) -> None:
    desk = Desk(vm)
    vm.send(*(desk.publish(number, 10_000) for number in range(3)), desk.aggregate())
    vm.advance(seconds=5)
    vm.send(*(desk.publish(number, 20_000) for number in range(3)), desk.aggregate())
    once = desk.feed.ema_price
    for _ in range(20):
        vm.send(desk.aggregate())
    assert desk.feed.ema_price == once < 15_010


def test_a_price_that_nobody_is_certain_of_hardly_counts(vm: Vm) -> None:
    desk = Desk(vm, 0)
    vm.send(desk.post(10_000, confidence=2**64 - 1))
    vm.advance(seconds=1)
    vm.send(desk.post(20_000, confidence=10))
    assert desk.feed.ema_price == 20_000
