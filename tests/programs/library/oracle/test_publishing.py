"""Publishers and what is made of their prices."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane import Account
from sealane.programs.library.oracle import (
    Aggregated,
    Aggregation,
    FeedStatus,
    OracleError,
    Publisher,
    oracle,
)
from sealane.programs.library.oracle.aggregation import Quote, median, quartiles
from sealane.testing import BatchRow, Vm, assert_batch_matches_scalar

from .desk import Desk, config

quotes = st.lists(
    st.integers(1, 2**62).flatmap(lambda p: st.tuples(st.just(p), st.integers(0, p - 1))),
    min_size=1,
    max_size=12,
)


def test_three_prices_become_one(vm: Vm) -> None:
    desk = Desk(vm)
    prices = (10_100, 10_000, 9_900)
    vm.send(*(desk.publish(number, price, 100) for number, price in enumerate(prices)))
    receipt = vm.send(desk.aggregate())
    feed = desk.feed
    assert (feed.price, feed.confidence) == (10_000, 100)
    assert (feed.published_at, feed.status) == (desk.now, FeedStatus.Trading)
    assert (feed.ema_price, feed.ema_confidence) == (10_000, 100)
    event = Aggregated.decode(base64.b64decode(receipt.logs[-1].split()[-1]))
    assert (event.price, event.publishers) == (10_000, 3)


def test_publishers_do_not_wait_for_each_other(vm: Vm) -> None:
    desk = Desk(vm)
    vm.send(desk.publish(0, 10_000))
    assert not vm.touched.over_declared
    # Nothing but one's own account.
    assert {meta.key for meta in desk.publish(0, 1).accounts}.isdisjoint({vm.key("sol")})


def test_a_confidence_reaches_the_farther_quartile() -> None:
    # One publisher far off is outvoted, but widens the interval.
    assert quartiles([(100, 1), (101, 1), (150, 1)]) == (101, 48)
    assert quartiles([(100, 5)]) == (100, 5)
    assert quartiles([(100, 1), (200, 1)]) == (150, 50)


def test_a_median_deviates_by_the_standard() -> None:
    assert median([5]) == (5, 0)
    assert median([1, 4]) == (2, 2)
    assert median([10, 10, 13]) == (10, 2)


@given(quotes)
def test_an_aggregate_is_within_the_prices(given_quotes: list[Quote]) -> None:
    prices = [price for price, _ in given_quotes]
    for price, _ in (quartiles(given_quotes), median(prices)):
        assert min(prices) <= price <= max(prices)


@given(quotes.filter(lambda each: len(each) <= 4))
def test_no_order_makes_a_difference(given_quotes: list[Quote]) -> None:
    assert len({quartiles(order) for order in permutations(given_quotes)}) == 1
    prices = [price for price, _ in given_quotes]
    assert len({median(order) for order in permutations(prices)}) == 1


def aggregated(desk: Desk, prices: Sequence[int]) -> None:
    calls = (desk.publish(number, price) for number, price in enumerate(prices))
    desk.vm.send(*calls, desk.aggregate())


def test_what_is_stale_halted_or_uncertain_is_left_out(vm: Vm) -> None:
    desk = Desk(vm, 5)
    vm.send(desk.publish(0, 90_000))
    vm.advance(seconds=11)
    vm.send(
        desk.publish(1, 80_000, status=FeedStatus.Halted),
        desk.publish(2, 70_000, 70_000),
        desk.publish(3, 10_000),
        desk.publish(4, 10_002),
        desk.aggregate(),
    )
    assert (desk.feed.price, desk.feed.status) == (10_001, FeedStatus.Trading)


def test_too_few_prices_leave_no_status(vm: Vm) -> None:
    desk = Desk(vm)
    aggregated(desk, (10_000, 10_000, 10_000))
    vm.advance(seconds=11)
    vm.send(desk.publish(0, 9_000), desk.aggregate())
    assert (desk.feed.price, desk.feed.status) == (10_000, FeedStatus.Unknown)


def test_a_median_stays_until_there_are_enough(vm: Vm) -> None:
    desk = Desk(vm, method=Aggregation.Median)
    aggregated(desk, (10_000, 10_300, 9_000))
    assert (desk.feed.price, desk.feed.confidence) == (10_000, 556)
    vm.advance(seconds=11)
    with vm.fails(OracleError.TooFewPrices):
        vm.send(desk.publish(0, 9_000), desk.aggregate())
    assert desk.feed.status is FeedStatus.Trading


def test_a_median_that_hardly_moved_is_no_new_one_for_a_while(vm: Vm) -> None:
    desk = Desk(vm, method=Aggregation.Median, change_min_bps=100, unchanged_max_s=5)
    aggregated(desk, (10_000, 10_000, 10_000))
    with vm.fails(OracleError.Unchanged):
        aggregated(desk, (10_099, 10_099, 10_099))
    aggregated(desk, (10_100, 10_100, 10_100))
    vm.advance(seconds=5)
    aggregated(desk, (10_101, 10_101, 10_101))
    assert desk.feed.price == 10_101


def test_all_publishers_must_be_passed_once(vm: Vm) -> None:
    desk = Desk(vm)
    vm.set_account("alien", lamports=1, data=bytes(Publisher.layout_size))
    other = Publisher(feed="other", publisher="k9")
    vm.set_account("p9", lamports=1, owner=oracle, data=other)
    for chosen in (["p0", "p1"], ["p0", "p1", "p1"], ["p0", "p1", "alien"], ["p0", "p1", "p9"]):
        with vm.fails(OracleError.WrongPublishers):
            vm.send(desk.aggregate(chosen))
    with vm.fails(OracleError.WrongPublishers):
        vm.send(desk.aggregate(["p0", "p1", "sol"]))


def test_a_publisher_that_is_removed_counts_no_longer(vm: Vm) -> None:
    desk = Desk(vm)
    remove = oracle.remove_publisher(feed="sol", publisher="p2", authority="admin")
    vm.send(remove)
    with vm.fails(OracleError.WrongPublishers):
        vm.send(remove)
    vm.send(desk.publish(0, 100), desk.publish(1, 102), desk.aggregate(["p0", "p1"]))
    assert desk.feed.price == 101


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"authority": "k1"}, OracleError.WrongPublisher),
        ({"published_at": 2**40}, OracleError.FromTheFuture),
        ({"published_at": 5}, OracleError.TimeBackwards),
    ],
)
def test_prices_that_nobody_may_publish(
    vm: Vm, changes: dict[str, Any], error: OracleError
) -> None:
    desk = Desk(vm)
    vm.send(desk.publish(0, 100))
    with vm.fails(error):
        vm.send(desk.publish(0, 100, **changes))


def test_a_feed_has_at_most_32_publishers(vm: Vm) -> None:
    desk = Desk(vm, 32)
    with vm.fails(OracleError.TooManyPublishers):
        desk.add()


def test_a_feed_with_publishers_is_theirs(vm: Vm) -> None:
    desk = Desk(vm)
    with vm.fails(OracleError.HasPublishers):
        vm.send(desk.post(100))
    with vm.fails(OracleError.WrongAuthority):
        vm.send(oracle.configure(feed="sol", authority="k0", config=config()))
    with vm.fails(OracleError.InvalidConfig):
        none = config(publishers_min=0)
        vm.send(oracle.configure(feed="sol", authority="admin", config=none))


def published(number: int) -> st.SearchStrategy[BatchRow]:
    """Prices of publishers, a few for others, or for a time yet to come."""

    def row(price: int, at: int, key: str) -> BatchRow:
        state = Publisher(feed="sol", publisher=f"k{number}").encode()
        accounts = {
            "publisher": (f"p{number}", Account(10_000_000, oracle.id, state)),
            "authority": (key, Account(1)),
        }
        arguments = {"price": price, "confidence": 1, "published_at": at}
        return BatchRow(accounts, arguments | {"status": FeedStatus.Trading})

    keys = st.sampled_from([f"k{number}"] * 9 + [f"other {number}"])
    return st.builds(row, st.integers(-5, 2**62), st.sampled_from([0] * 9 + [2**40]), keys)


def test_nothing_is_set_up_twice(vm: Vm) -> None:
    desk = Desk(vm)
    vm.send(desk.publish(0, 100))
    calls = (
        oracle.initialize_feed(feed="sol", authority="eve", exponent=0),
        oracle.add_publisher(feed="sol", publisher="p0", publisher_key="eve", authority="admin"),
    )
    for call in calls:
        with vm.fails("AccountAlreadyInitialized"):
            vm.send(call)


def test_publishing_by_column() -> None:
    seen = assert_batch_matches_scalar(oracle.publish, rows=published)
    assert seen.vectorized > seen.succeeded // 2
