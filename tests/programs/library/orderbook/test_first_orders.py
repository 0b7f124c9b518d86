"""Orders rest, meet and are paid for: by events, and at once."""

from __future__ import annotations

from sealane.programs.library.orderbook import OrderType, Side
from sealane.testing import Vm

from .exchange import RICH, Exchange


def test_a_bid_meets_an_ask_and_its_maker_is_paid_by_an_event(openbook: Exchange) -> None:
    openbook.order("ann", Side.Ask, 1_000, 2)
    taken = openbook.order("bob", Side.Bid, 1_000, 1)
    assert (taken.quote_in, taken.base_out, taken.fee) == (10_004, 100, 4)
    assert openbook.levels(Side.Ask) == [[1_000, 1]]
    assert (openbook.position("ann").asks_base_lots, openbook.waiting()) == (2, 1)
    openbook.consume("ann")
    assert openbook.position("ann").asks_base_lots == 1
    assert openbook.position("ann").quote_free == 10_002  # with a rebate of 0.02%


def test_makers_whose_accounts_are_passed_are_credited_at_once(phoenix: Exchange) -> None:
    phoenix.order("ann", Side.Ask, 10, 2)
    phoenix.makers = ["ann"]
    taken = phoenix.order("bob", Side.Bid, 10, 1, how="place_and_withdraw")
    assert (taken.quote_in, taken.base_out) == (1_000, 1)
    assert phoenix.position("ann").quote_free == 1_000
    assert phoenix.tokens("bob's base") == RICH + 1


def test_expired_orders_count_as_matches_by_the_rules_of_phoenix(phoenix: Exchange, vm: Vm) -> None:
    phoenix.order("ann", Side.Ask, 10, 2, valid_until=vm.clock.unix_timestamp + 5)
    phoenix.order("ann", Side.Ask, 11, 2)
    vm.advance(seconds=6)
    phoenix.makers = ["ann"]
    once = {"matches_max": 1, "order_type": OrderType.ImmediateOrCancel}
    taken = phoenix.order("bob", Side.Bid, 11, 1, **once)
    assert (taken.base_out, phoenix.levels(Side.Ask)) == (0, [[11, 2]])
    taken = phoenix.order("bob", Side.Bid, 11, 1, **once)
    assert taken.base_out == 1
