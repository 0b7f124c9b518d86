"""Liquidation and deleveraging: the cases of dYdX's p1Liquidation and p1Deleveraging tests.

long: margin -500, position 10. short: margin 1500, position -10. At 100 both are fine.
"""

from __future__ import annotations

from typing import Any

import pytest

from sealane.programs.library.perpetuals import PerpetualsError as Error
from sealane.programs.library.perpetuals import perpetuals

from .desk import Desk

LONG_UNDER, LONG_WATER = "54.999999", "49.999999"
SHORT_UNDER, SHORT_WATER = "136.363637", "150.000001"


@pytest.fixture
def sides(desk: Desk) -> Desk:
    desk.open("long", -500, 10)
    desk.open("short", 1500, -10)
    desk.open("third", 10_000)
    return desk


def left(desk: Desk) -> dict[str, tuple[int, int]]:
    return {name: desk.balance(name) for name in ("long", "short", "third")}


THIRD = {"third": (10_000, 0)}


@pytest.mark.parametrize(
    ("price", "maker", "amount", "flags", "long", "short"),
    [
        (LONG_UNDER, "long", 5, {}, (-250, 5), (1250, -5)),
        (SHORT_UNDER, "short", 5, {}, (250, 5), (750, -5)),
        (LONG_UNDER, "long", 10, {}, (0, 0), (1000, 0)),
        (SHORT_UNDER, "short", 10, {}, (1000, 0), (0, 0)),
        (LONG_WATER, "long", 10, {}, (0, 0), (1000, 0)),
        (SHORT_WATER, "short", 10, {}, (1000, 0), (0, 0)),
        (LONG_UNDER, "long", 10, {"all_or_nothing": True}, (0, 0), (1000, 0)),
        (LONG_UNDER, "long", 0, {}, (-500, 10), (1500, -10)),
        (SHORT_UNDER, "short", 0, {}, (-500, 10), (1500, -10)),
    ],
)
def test_liquidations(
    sides: Desk,
    price: str,
    maker: str,
    amount: int,
    flags: dict[str, Any],
    long: tuple[int, int],
    short: tuple[int, int],
) -> None:
    sides.set_price(price)
    taker = "short" if maker == "long" else "long"
    sides.vm.send(sides.liquidate(maker, taker, amount, **flags))
    assert left(sides) == {"long": long, "short": short} | THIRD
    if price in (LONG_WATER, SHORT_WATER):
        assert sides.totals.opened - sides.totals.closed == 0


def test_no_more_than_the_maker_has(sides: Desk) -> None:
    sides.vm.send(sides.trade("short", "third", 1, 150))
    sides.set_price(SHORT_UNDER)
    sides.vm.send(sides.liquidate("short", "long", 10))
    assert left(sides) == {"long": (850, 1), "short": (0, 0), "third": (10_150, -1)}


def test_more_than_the_taker_has(sides: Desk) -> None:
    sides.vm.send(sides.trade("long", "third", -1, -150))
    sides.set_price(SHORT_UNDER)
    sides.vm.send(sides.liquidate("short", "long", 10))
    assert left(sides) == {"long": (1150, -1), "short": (0, 0), "third": (9_850, 1)}


def test_a_long_against_a_long(sides: Desk) -> None:
    sides.vm.send(sides.trade("short", "third", 20, 500))
    sides.set_price(LONG_UNDER)
    sides.vm.send(sides.liquidate("long", "short", 10))
    assert sides.balance("short") == (500, 20)


@pytest.mark.parametrize(
    ("price", "maker", "amount", "flags", "error"),
    [
        ("55", "long", 10, {}, Error.NotUndercollateralized),
        ("136.363636", "short", 10, {}, Error.NotUndercollateralized),
        (LONG_UNDER, "long", 10, {"is_buy": False}, Error.WrongSide),
        (SHORT_UNDER, "short", 10, {"is_buy": True}, Error.WrongSide),
        (SHORT_UNDER, "short", 11, {"all_or_nothing": True}, Error.MakerTooSmall),
        (LONG_UNDER, "long", 10, {"sender": "third"}, Error.NotLiquidator),
    ],
)
def test_refused_liquidations(
    sides: Desk, price: str, maker: str, amount: int, flags: dict[str, Any], error: Error
) -> None:
    sides.set_price(price)
    taker = "short" if maker == "long" else "long"
    with sides.vm.fails(error):
        sides.vm.send(sides.liquidate(maker, taker, amount, **flags))


def test_nothing_positive_is_covered_first(desk: Desk) -> None:
    desk.open("long", -500, 10)
    desk.open("short", -500, -10)
    with desk.vm.fails(Error.NothingPositive):
        desk.vm.send(desk.liquidate("short", "long", 10))
    desk.vm.send(desk.deposit("short", 500))
    desk.vm.send(desk.deposit("long", 500))
    desk.vm.send(desk.liquidate("short", "long", 10))
    assert desk.balance("short") == (0, 0)


def test_an_account_without_position(desk: Desk) -> None:
    desk.open("long", -1, 0)
    desk.open("short", 500, 0)
    with desk.vm.fails(Error.NoPosition):
        desk.vm.send(desk.liquidate("long", "short", 10))


@pytest.mark.parametrize(
    ("price", "maker", "amount", "flags", "long", "short"),
    [
        (LONG_WATER, "long", 5, {}, (-250, 5), (1250, -5)),
        (SHORT_WATER, "short", 5, {}, (250, 5), (750, -5)),
        (LONG_WATER, "long", 10, {}, (0, 0), (1000, 0)),
        (SHORT_WATER, "short", 10, {}, (1000, 0), (0, 0)),
        (LONG_WATER, "long", 10, {"all_or_nothing": True}, (0, 0), (1000, 0)),
        (LONG_WATER, "long", 0, {}, (-500, 10), (1500, -10)),
        (SHORT_WATER, "short", 0, {}, (-500, 10), (1500, -10)),
    ],
)
def test_deleveraging(
    sides: Desk,
    price: str,
    maker: str,
    amount: int,
    flags: dict[str, Any],
    long: tuple[int, int],
    short: tuple[int, int],
) -> None:
    sides.set_price(price)
    taker = "short" if maker == "long" else "long"
    sides.vm.send(sides.deleverage(maker, taker, amount, **flags))
    assert left(sides) == {"long": long, "short": short} | THIRD


def test_deleveraging_no_more_than_either_has(sides: Desk) -> None:
    sides.vm.send(sides.trade("long", "third", -1, -150))
    sides.set_price(SHORT_WATER)
    sides.vm.send(sides.deleverage("short", "long", 10))
    assert left(sides) == {"long": (1000, 0), "short": (150, -1), "third": (9_850, 1)}


@pytest.mark.parametrize(
    ("price", "maker", "amount", "flags", "error"),
    [
        ("50", "long", 10, {}, Error.NotUnderwater),
        (LONG_WATER, "long", 10, {"is_buy": False}, Error.WrongSide),
        (SHORT_WATER, "short", 10, {"is_buy": True}, Error.WrongSide),
        (SHORT_WATER, "short", 11, {"all_or_nothing": True}, Error.MakerTooSmall),
        (LONG_WATER, "long", 10, {"sender": "third"}, Error.NotMarked),
    ],
)
def test_refused_deleveraging(
    sides: Desk, price: str, maker: str, amount: int, flags: dict[str, Any], error: Error
) -> None:
    sides.set_price(price)
    taker = "short" if maker == "long" else "long"
    with sides.vm.fails(error):
        sides.vm.send(sides.deleverage(maker, taker, amount, **flags))


def test_deleveraging_takes_the_other_side(sides: Desk) -> None:
    sides.vm.send(sides.trade("long", "third", -1, -100))
    sides.set_price(SHORT_WATER)
    with sides.vm.fails(Error.TakerTooSmall):
        sides.vm.send(sides.deleverage("short", "long", 10, all_or_nothing=True))
    sides.set_price(100)
    sides.vm.send(sides.trade("short", "third", 20, 500))
    sides.set_price(40)
    with sides.vm.fails(Error.WrongTakerSide):
        sides.vm.send(sides.deleverage("long", "short", 10))


def mark(name: str) -> Any:
    return perpetuals.mark(market="btc", feed="btc_feed", trader=f"{name}_btc")


def unmark(name: str) -> Any:
    return perpetuals.unmark(market="btc", feed="btc_feed", trader=f"{name}_btc")


def test_anybody_deleverages_a_marked_account_after_the_timelock(sides: Desk) -> None:
    with sides.vm.fails(Error.CannotMark):
        sides.vm.send(mark("long"))
    sides.set_price(LONG_WATER)
    sides.vm.send(mark("long"))
    with sides.vm.fails(Error.CannotUnmark):
        sides.vm.send(unmark("long"))
    sides.vm.advance(seconds=1_799)
    sides.reprice()
    with sides.vm.fails(Error.TimelockRunning):
        sides.vm.send(sides.deleverage("long", "short", 5, sender="third"))
    sides.vm.advance(seconds=1)
    for _ in range(2):  # partially, then fully, after waiting once
        sides.reprice()
        sides.vm.send(sides.deleverage("long", "short", 5, sender="third"))
    assert left(sides) == {"long": (0, 0), "short": (1000, 0)} | THIRD
    assert sides.trader("long").marked_at == 0


def test_a_mark_is_taken_off_when_the_account_is_fine_again(sides: Desk) -> None:
    sides.set_price(LONG_WATER)
    sides.vm.send(mark("long"))
    sides.set_price(50)
    sides.vm.send(unmark("long"))
    assert sides.trader("long").marked_at == 0
