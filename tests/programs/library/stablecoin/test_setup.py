"""Who may set what up, and what values are taken."""

from __future__ import annotations

from typing import Any

import pytest

from sealane import Instruction
from sealane.programs.library.oracle import Feed, FeedStatus
from sealane.programs.library.stablecoin import (
    RAD,
    RAY,
    WAD,
    BidTerms,
    CoinBalance,
    CollateralType,
    Engine,
    LiquidationLimit,
    PriceTerms,
    Redemptions,
    SavingsPot,
    stablecoin,
)
from sealane.programs.library.stablecoin import StablecoinError as Error
from sealane.programs.library.token import Mint

from .bank import BID_TERMS, PRICE_TERMS, Bank
from .calls import KIND


def admin_calls(admin: str) -> list[Instruction]:
    """One of each call that is the admin's."""
    by: dict[str, Any] = {"engine": "engine", "admin": admin}
    kind: dict[str, Any] = KIND | {"admin": admin}
    risk = {"ratio": RAY, "floor": 0, "feed_age_max_s": 60}
    house = kind | {"limits": "limits", "house": "new"}
    price, bids = PriceTerms(**PRICE_TERMS), BidTerms(**BID_TERMS)
    new = kind | {"collateral_type": "new", "collateral_mint": "gold_mint", "feed": "feed"}
    decay = {"minute_factor": WAD, "floor": 0, "ratio_max": 0}
    return [
        stablecoin.set_engine(**by, ceiling=0, base_fee=0),
        stablecoin.set_ceiling(**kind, shard="shard_0", ceiling=0),
        stablecoin.set_risk(**kind, feed="feed", **risk),
        stablecoin.set_fee(**kind, fee=RAY),
        stablecoin.shut_down(**by),
        stablecoin.initialize_collateral_type(**new, **risk),
        stablecoin.initialize_shard(**kind, shard="new"),
        stablecoin.initialize_savings(**by, pot="new"),
        stablecoin.set_savings_rate(**by, pot="pot", rate=RAY),
        stablecoin.issue(**by, debtor="vow", receiver="vow", amount=1),
        stablecoin.initialize_limit(**by, limits="new", limit=0),
        stablecoin.set_limit(**by, limits="limits", limit=0),
        stablecoin.initialize_price_house(**house, terms=price),
        stablecoin.set_price_house(**kind, house="house", terms=price),
        stablecoin.initialize_bid_house(**house, terms=bids),
        stablecoin.set_bid_house(**kind, house="bid_house", terms=bids),
        stablecoin.initialize_redemptions(**kind, redemptions="new", **decay),
    ]


@pytest.mark.parametrize("number", range(len(admin_calls("admin"))))
def test_the_admin_may_and_nobody_else(bank: Bank, number: int) -> None:
    bank.vm.set_account("new", owner=stablecoin, data=bytes(1_000))
    with bank.vm.fails(Error.NotAdmin):
        bank.send(admin_calls("ann")[number])
    bank.send(admin_calls("admin")[number])


def test_nothing_is_made_twice(bank: Bank) -> None:
    bank.add("ann")
    again = stablecoin.open_coin_balance(engine="engine", balance="ann_dai", holder="ann")
    with bank.vm.fails("AccountAlreadyInitialized"):
        bank.send(again)
    bank.vm.set_account("short", owner=stablecoin, data=bytes(CoinBalance.layout_size - 1))
    short = stablecoin.open_coin_balance(engine="engine", balance="short", holder="ann")
    with bank.vm.fails("InvalidAccountData"):
        bank.send(short)


def test_the_coin_must_be_the_engines_to_mint(bank: Bank) -> None:
    for name in ("engine", "vow"):
        bank.vm.set_account(f"other_{name}", owner=stablecoin, data=bytes(1_000))
    make = stablecoin.initialize_engine(
        engine="other_engine", treasury="other_vow", coin_mint="coin_mint", admin="ann", ceiling=0
    )
    with bank.vm.fails("IncorrectAuthority"):
        bank.send(make)
    bank.vm.set_account("gold_mint", data=Mint(decimals=19, is_initialized=True))
    with bank.vm.fails(Error.InvalidParameter):
        bank.vm.set_account("new", owner=stablecoin, data=bytes(1_000))
        bank.send(admin_calls("admin")[5])


@pytest.mark.parametrize(
    "values", [{"minute_factor": WAD + 1, "floor": 0}, {"minute_factor": 0, "floor": WAD + 1}]
)
def test_redemptions_cost_at_most_all_and_decay(bank: Bank, values: dict[str, int]) -> None:
    bank.new("more", Redemptions)
    with bank.vm.fails(Error.InvalidParameter):
        bank.send(
            stablecoin.initialize_redemptions(
                **KIND, redemptions="more", admin="admin", ratio_max=RAY, **values
            )
        )


def test_ceilings_are_handed_out_of_the_engines(bank: Bank) -> None:
    def ceiling(shard: str, amount: int) -> Instruction:
        return stablecoin.set_ceiling(**KIND, shard=shard, admin="admin", ceiling=amount * RAD)

    with bank.vm.fails(Error.CeilingExceeded):
        bank.send(ceiling("shard_0", 90_001))
    bank.send(ceiling("shard_0", 90_000))
    engine = stablecoin.set_engine(engine="engine", admin="admin", ceiling=RAD, base_fee=0)
    bank.send(engine, ceiling("shard_0", 80_000))  # less may always be
    assert bank.vm.read("engine", Engine).allotted == 90_000 * RAD


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"price": 0}, Error.InvalidPrice),
        ({"status": FeedStatus.Halted}, Error.InvalidPrice),
        ({"published_at": 0}, Error.StalePrice),
    ],
)
def test_prices_that_are_not_taken(bank: Bank, changes: dict[str, Any], error: Error) -> None:
    feed = bank.vm.read("feed", Feed)
    bank.vm.set_account("feed", data=Feed(**feed.values() | changes))
    update = stablecoin.update_price(collateral_type="gold", feed="feed")
    with bank.vm.fails(error):
        bank.send(update)
    with bank.vm.fails(Error.WrongAccount):
        bank.vm.set_account("elsewhere", data=feed)
        bank.send(stablecoin.update_price(collateral_type="gold", feed="elsewhere"))


def test_a_price_is_in_coins_and_what_may_be_drawn_the_ratio_less(bank: Bank) -> None:
    bank.set_price(10_500, -3)
    gold = bank.vm.read("gold", CollateralType)
    assert (gold.price, gold.safe_price) == (RAY * 21 // 2, RAY * 21 // 4)


def test_time_does_not_go_back(bank: Bank) -> None:
    bank.pass_time(-1)
    for call in (
        stablecoin.drip(**KIND),
        stablecoin.drip_savings(engine="engine", pot="pot"),
        stablecoin.quote_redemption(redemptions="redemptions"),
    ):
        with bank.vm.fails(Error.InvalidTime):
            bank.send(call)


def test_accounts_of_another_engine_are_refused(bank: Bank) -> None:
    bank.add("ann")
    others = {
        "gold": CollateralType(engine="elsewhere", updated_at=bank.vm.clock.unix_timestamp),
        "limits": LiquidationLimit(engine="elsewhere"),
        "pot": SavingsPot(engine="elsewhere"),
    }
    for name, state in others.items():
        bank.vm.set_account(name, data=state)
    for number in (1, 2, 3, 6, 8, 11, 13, 15):
        with bank.vm.fails(Error.WrongAccount):
            bank.send(admin_calls("admin")[number])
    with bank.vm.fails(Error.WrongAccount):
        bank.send(bank.deposit("ann", 1))
