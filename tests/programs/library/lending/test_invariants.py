"""What holds after any sequence of calls by several users.

Tokens are conserved; the vaults hold the cash that the sums say; all that is claimed is covered;
prices and indices never fall; nobody gains by rounding; when all is repaid, all can be taken out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from sealane import Instruction
from sealane.programs.library.lending import LiquidationRule
from sealane.programs.library.lending.figures.accrual import owed_wads
from sealane.testing import Vm

from .bank import ALL, PERCENT, WAD, Bank

USERS: Final = ("ann", "ben", "cat")
RESERVES: Final = ("usd", "gold")
START: Final = 1_000_000
Step = tuple[int, str, str, int]

steps = st.lists(
    st.tuples(
        st.integers(0, 8),
        st.sampled_from(USERS),
        st.sampled_from(RESERVES),
        st.one_of(st.integers(0, 500), st.integers(0, START), st.just(ALL)),
    ),
    min_size=1,
    max_size=25,
)


def opened(vm: Vm, rule: LiquidationRule) -> Bank:
    bank = Bank(vm, rule=rule, close_factor=50 * PERCENT)
    bank.open_reserve("usd", borrow_fee=PERCENT // 10)
    bank.open_reserve("gold", price=20)
    for user in USERS:
        bank.open_user(user, amount=START)
    return bank


def call(bank: Bank, step: Step) -> list[Instruction]:
    """What a step does, if it is a call."""
    kind, user, name, amount = step
    other = USERS[(USERS.index(user) + 1) % len(USERS)]
    across = RESERVES[1 - RESERVES.index(name)]
    calls: list[Callable[[], list[Instruction]]] = [
        lambda: [bank.supply(user, name, min(amount, START))],
        lambda: [bank.withdraw(user, name, amount)],
        lambda: [bank.withdraw_amount(user, name, amount)],
        lambda: [bank.borrow(user, name, amount)],
        lambda: [bank.repay(user, name, amount)],
        lambda: [bank.refresh(name)],
        lambda: [
            bank.refresh(name),
            bank.refresh(across),
            bank.liquidate(other, user, name, across, amount),
        ],
    ]
    return calls[kind]() if kind < len(calls) else []


def take(bank: Bank, step: Step) -> None:
    kind, _, name, amount = step
    if kind == 7:
        bank.vm.advance(slots=1 + amount % 400)
        for reserve in RESERVES:
            feed_price = 1 if reserve == "usd" else 20
            bank.set_price(reserve, feed_price)
    elif kind == 8:
        bank.set_price(name, 1 + amount % 30)
    else:
        bank.vm.try_send(*call(bank, step))


def prices(bank: Bank) -> list[int]:
    return [
        figure
        for name in RESERVES
        for figure in (bank.reserve(name).borrow_index, bank.reserve(name).supply_price)
    ]


def check(bank: Bank) -> None:
    for name in RESERVES:
        bank.vm.send(bank.refresh(name))
        reserve, totals = bank.reserve(name), bank.totals(name)
        positions = [bank.position(user, name) for user in USERS]
        held = sum(bank.amount(f"{user}_{name}_tokens") for user in USERS)
        assert bank.amount(f"{name}_vault") == totals.cash
        assert held + totals.cash == START * len(USERS)
        assert sum(p.supply_shares for p in positions) == totals.supply_shares
        assert sum(p.debt_shares for p in positions) == totals.debt_shares
        assets = totals.cash * WAD + owed_wads(totals.debt_shares, reserve.borrow_index)
        claims = sum(p.supply_shares * reserve.supply_price // WAD for p in positions)
        assert claims * WAD + totals.reserves <= assets


def wind_up(bank: Bank) -> None:
    """Let everybody repay everything, with tokens from outside, then withdraw everything."""
    for user in USERS:
        for name in RESERVES:
            bank.tokens(f"{user}_{name}_tokens", name, owner=user, amount=2**62)
            if bank.position(user, name).debt_shares:
                bank.vm.send(bank.repay(user, name))
    for user in USERS:
        for name in RESERVES:
            if bank.position(user, name).supply_shares:
                bank.vm.send(bank.withdraw(user, name))
    for name in RESERVES:
        bank.vm.send(bank.refresh(name))
        totals = bank.totals(name)
        assert (totals.supply_shares, totals.debt_shares) == (0, 0)
        assert totals.cash * WAD == totals.reserves
        assert bank.amount(f"{name}_vault") == totals.cash


@settings(max_examples=30, deadline=None, derandomize=True)
@given(steps, st.sampled_from(LiquidationRule))
def test_any_sequence(sequence: list[Step], rule: LiquidationRule) -> None:
    with Vm() as vm:
        bank = opened(vm, rule)
        before = prices(bank)
        for step in sequence:
            take(bank, step)
            after = prices(bank)
            assert all(new >= old for new, old in zip(after, before, strict=True))
            before = after
        check(bank)
        wind_up(bank)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 40)), max_size=30), st.integers(1, 300))
def test_nobody_gains_within_a_slot(moves: list[tuple[int, int]], slots: int) -> None:
    """However a user moves in and out without time going by, there is no more than before."""
    with Vm() as vm:
        bank = opened(vm, LiquidationRule.Bonus)
        vm.send(bank.supply("ann", "usd", 700_001), bank.supply("ben", "gold", 5_003))
        vm.send(bank.borrow("ben", "usd", 60_007))
        vm.advance(slots=slots)
        vm.send(bank.refresh("usd"), bank.supply("cat", "gold", 1_000))
        for kind, amount in moves:
            made = [bank.supply, bank.withdraw_amount, bank.borrow, bank.repay][kind]
            vm.try_send(made("cat", "usd", amount))
        if bank.position("cat", "usd").debt_shares:
            vm.send(bank.repay("cat", "usd"))
        if bank.position("cat", "usd").supply_shares:
            vm.send(bank.withdraw("cat", "usd"))
        assert bank.amount("cat_usd_tokens") <= START


@settings(max_examples=15, deadline=None, derandomize=True)
@given(st.integers(1, 40), st.integers(0, 20_000))
def test_liquidation_only_below_the_line(price: int, debt: int) -> None:
    with Vm() as vm:
        bank = opened(vm, LiquidationRule.Bonus)
        vm.send(bank.supply("ann", "usd", 100_000), bank.supply("ben", "gold", 1_000))
        if debt:
            vm.try_send(bank.borrow("ben", "usd", debt))
        bank.set_price("gold", price)
        standing = bank.health("ben")
        refreshed = [bank.refresh(name) for name in RESERVES]
        receipt = vm.try_send(*refreshed, bank.liquidate("cat", "ben", "usd", "gold"))
        if standing.owed:
            assert receipt.ok == (standing.owed >= standing.line)
