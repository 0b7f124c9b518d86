"""What programs are given to read, and what they are refused."""

from __future__ import annotations

import pytest

from sealane.programs import Context, Errors, Layout, Mut, Program, u64
from sealane.programs.library.oracle import Feed, FeedStatus, Price, fresh_price, oracle
from sealane.testing import Vm


class ReaderError(Errors):
    Stale = 1, "the price is too old"
    Invalid = 2, "the price is no price"


class Seen(Layout):
    price: u64


reader = Program("price_reader", errors=ReaderError, layouts=[Seen])


@reader.instruction(tag=0)
def look(ctx: Context, seen: Mut[Seen], feed: Feed) -> None:
    """Keep the price, in millionths."""
    price = fresh_price(
        feed,
        ctx.clock,
        30,
        stale=ReaderError.Stale,
        invalid=ReaderError.Invalid,
        confidence_max_bps=100,
    )
    seen.price = price.scaled(6)


def feed_at(now: int, **changed: object) -> Feed:
    values = {
        "authority": "ann",
        "price": 200,
        "exponent": -2,
        "confidence": 2,
        "published_at": now,
        "status": FeedStatus.Trading,
    }
    return Feed(**{**values, **changed})


def looked(vm: Vm, feed: Feed) -> int:
    vm.set_account("seen", data=Seen(price=0))
    vm.set_account("sol_usd", data=feed, owner=oracle)
    vm.send(look(seen="seen", feed="sol_usd"))
    return vm.read("seen", Seen).price


@pytest.mark.sealane(programs=[reader, oracle])
@pytest.mark.parametrize("age_s", [0, 30])
def test_a_price_is_read_until_it_is_too_old(vm: Vm, age_s: int) -> None:
    assert looked(vm, feed_at(vm.clock.unix_timestamp - age_s)) == 2_000_000


@pytest.mark.sealane(programs=[reader, oracle])
@pytest.mark.parametrize("age_s", [31, -1])
def test_a_price_that_is_old_or_from_the_future_is_stale(vm: Vm, age_s: int) -> None:
    with vm.fails(ReaderError.Stale, account="sol_usd"):
        looked(vm, feed_at(vm.clock.unix_timestamp - age_s))


@pytest.mark.sealane(programs=[reader, oracle])
@pytest.mark.parametrize(
    "changed", [{"status": FeedStatus.Halted}, {"price": 0}, {"price": -5}, {"confidence": 3}]
)
def test_a_price_that_cannot_be_used_is_invalid(vm: Vm, changed: dict[str, object]) -> None:
    with vm.fails(ReaderError.Invalid, account="sol_usd"):
        looked(vm, feed_at(vm.clock.unix_timestamp, **changed))


def test_the_ends_of_the_interval_favour_the_program() -> None:
    price = Price(1_005, -3, 10)
    assert (price.low(2), price.scaled(2), price.high(2)) == (99, 100, 102)
    assert Price(5, 1, 9).low(0) == 0
    assert Price(5, 1, 9).high(0) == 140
