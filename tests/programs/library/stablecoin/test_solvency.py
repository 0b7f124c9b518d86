"""Random sequences by several users: whatever they do, every coin and gem stays accounted for.

Also: no index falls, no change leaves a position unsafe that was not so or is not better than
before, and with all debt repaid everyone has the gold they came with.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sealane import Instruction
from sealane.programs.library.stablecoin import (
    RAD,
    RAY,
    WAD,
    BidAuction,
    CoinBalance,
    CollateralType,
    DebtShard,
    PriceAuction,
    SavingsPot,
    stablecoin,
)
from sealane.testing import Vm

from .bank import Bank
from .calls import KIND
from .claims import require_backed

USERS = ("ann", "bob", "cat")
SALES = ("sale_0", "sale_1", "sale_2")
BIDS = ("bids_0", "bids_1")
STEPS = st.lists(
    st.tuples(
        st.integers(0, 15), st.sampled_from(USERS), st.sampled_from(USERS), st.integers(1, 99)
    ),
    min_size=8,
    max_size=28,
)


@pytest.fixture(scope="module")
def busy() -> Iterator[Bank]:
    """Three users who owe, save and hold tokens; a fee and a savings rate."""
    with Vm() as vm:
        bank = Bank(vm)
        for user in USERS:
            bank.add(user)
            bank.fund(user, 200, 700)
        bank.set_fee(RAY + 10**19)
        bank.set_savings_rate(RAY + 10**18)
        bank.send(*bank.new_pool(*USERS))
        for user in USERS:
            bank.send(bank.pool_deposit(user, 200 * RAD))
            bank.send(bank.save(user, 100 * WAD), bank.coins_out(user, 100 * 10**6))
        yield bank


def call_of(bank: Bank, kind: int, user: str, other: str, share: int) -> Instruction | None:
    """One thing that a user does, of a size that may be too much."""
    urn, now = bank.urn(user), bank.vm.clock.unix_timestamp
    amount = (urn.collateral * share // 97, urn.normalized_debt * share // 97)
    sale = next((s for s in SALES if not bank.vm.account(s).data), None)
    bids = next((b for b in BIDS if not bank.vm.account(b).data), None)
    calls: dict[int, Any] = {
        0: lambda: bank.adjust(user, -amount[0], -amount[1]),
        1: lambda: bank.adjust(user, 0, amount[1] // 8),
        2: lambda: bank.adjust(user, -amount[0] // 3, 0),
        3: lambda: bank.deposit(user, share * 10**6),
        4: lambda: bank.adjust(user, bank.gems(user) * share // 97, share * WAD),
        5: lambda: bank.withdraw(user, bank.gems(user) // 10**12 * share // 97),
        6: lambda: bank.coins_out(user, bank.coins(user) // (RAY * 10**12) * share // 97),
        7: lambda: bank.coins_in(user, bank.held(f"{user}_coin") * share // 97),
        8: lambda: bank.save(user, share * WAD, out=bool(share % 2)),
        9: lambda: bank.redeem(user, other, share * 10**6),
        10: lambda: bank.liquidate(user, sale, keeper=other) if sale else None,
        11: lambda: bank.liquidate_by_bids(user, bids) if bids else None,
        12: lambda: _buy(bank, user, share),
        13: lambda: _bid(bank, user, share, now),
        14: lambda: bank.pool_deposit(user, share * RAD, share % 2 * 200 * RAD),
        15: lambda: bank.liquidate_by_pool(user),
    }
    return calls[kind]()


def _buy(bank: Bank, user: str, share: int) -> Instruction | None:
    sales = _exists(bank, SALES, PriceAuction)
    if not sales:
        return None
    sale = sales[share % len(sales)]
    holder = bank.vm.read(sale, PriceAuction).holder
    owner = next(u for u in USERS if bank.vm.key(u) == holder)
    return bank.buy(user, owner, share * WAD // 8, 100 * RAY, sale)


def _bid(bank: Bank, user: str, share: int, now: int) -> Instruction | None:
    name = BIDS[share % 5 // 4]
    if not bank.vm.account(name).data:
        return None
    auction = bank.vm.read(name, BidAuction)
    last = next((u for u in USERS if bank.vm.key(u) == auction.bidder), None)
    where = {"house": "bid_house", "auction": name}
    if auction.ends_at < now:
        return stablecoin.finish_auction(
            **KIND, **where, limits="limits", winner=f"{last or user}_gem", treasury="vow"
        )
    paid = {"coin_balance": f"{user}_dai", "outbid": f"{last}_dai" if last else None}
    bid = min(auction.debt, auction.bid + 50 * RAD)
    return stablecoin.raise_bid(
        engine="engine", **where, **paid, bidder=user, lot=auction.lot, bid=bid
    )


def _exists(bank: Bank, names: tuple[str, ...], layout: type[Any]) -> list[str]:
    """The auctions that began: an account of zeros is none."""
    return [name for name in names if layout.matches(bank.vm.account(name).data)]


@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS, pause_s=st.sampled_from([0, 10, 60_000]), price=st.integers(3, 8))
def test_every_coin_and_gem_is_accounted_for(
    busy: Bank, steps: list[tuple[int, str, str, int]], pause_s: int, price: int
) -> None:
    with busy.vm.snapshot():
        indices = (RAY, RAY)
        for number, (kind, user, other, share) in enumerate(steps):
            if number % 4 == 0:
                busy.pass_time(pause_s)
                busy.drip()
                busy.set_price(price if number > len(steps) // 4 else 10)
            found = (
                busy.vm.read("gold", CollateralType).rate,
                busy.vm.read("pot", SavingsPot).index,
            )
            assert all(now >= before for now, before in zip(found, indices, strict=True))
            indices = found
            call = call_of(busy, kind, user, other, share)
            if call is None or not busy.vm.try_send(call, payer="payer").ok:
                for name in (*SALES, *BIDS):  # of an auction that did not begin
                    if not any(busy.vm.account(name).data):
                        busy.vm.set_account(name)
            sales = _exists(busy, SALES, PriceAuction)
            require_backed(busy, sales, _exists(busy, BIDS, BidAuction), ["pool"])
        busy.auctions = _exists(busy, SALES, PriceAuction)
        busy.settle()
        require_backed(busy, busy.auctions, _exists(busy, BIDS, BidAuction), ["pool"])


def test_with_all_debt_repaid_everyone_has_their_gold_and_nothing_is_left(bank: Bank) -> None:
    for user in USERS:
        bank.add(user)
        bank.fund(user, 200, 700)
    bank.set_fee(RAY + 10**19)
    bank.pass_time(10_000)
    bank.settle()
    # The fees that they owe are the treasury's: it spends them, and they come back to be repaid.
    surplus = bank.treasury.coins
    for user in USERS:
        owed = 700 * WAD * bank.vm.read("shard_0", DebtShard).rate - 700 * RAD
        bank.send(_spend(user, owed))
        bank.send(bank.adjust(user, -200 * WAD, -700 * WAD), bank.withdraw(user, 200 * 10**6))
        assert bank.held(f"{user}_gold") == 1_000 * 10**6
        assert bank.coins(user) == 0
        surplus -= owed
    assert surplus == bank.treasury.coins == 0
    require_backed(bank)


def _spend(user: str, amount: int) -> Instruction:
    return stablecoin.move_coins(
        engine="engine",
        source="vow",
        destination=f"{user}_dai",
        caller="admin",
        permissions=[],
        amount=amount,
    )


def test_bad_debt_is_healed_with_as_many_coins(bank: Bank) -> None:
    issue = stablecoin.issue(
        engine="engine", debtor="vow", receiver="vow", admin="admin", amount=5 * RAD
    )
    heal = stablecoin.heal(balance="vow", holder="admin", amount=5 * RAD)
    bank.send(issue, heal)
    assert bank.vm.read("vow", CoinBalance).values() | {"coins": 0, "bad_debt": 0} == (
        bank.treasury.values()
    )
