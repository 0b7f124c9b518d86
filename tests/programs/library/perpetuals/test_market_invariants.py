"""Random sequences by several users of one market: what must hold after each step.

Held: positions sum to zero, and so does what the sums say of them; all margins, settled, and fees
are backed by the vault, and no more is left over than rounding explains; the fund never owes; only
accounts below the line are liquidated. Not held: that everybody can be paid, as losses may be open.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from sealane import Instruction, Runtime, Transaction
from sealane.programs.library.oracle import Feed
from sealane.programs.library.perpetuals import Trader, perpetuals
from sealane.programs.library.perpetuals.balances import Balance
from sealane.programs.library.perpetuals.funding import index_now, settled
from sealane.testing import Vm

from .desk import Desk
from .test_insurance import cover, share
from .test_margin import settlement, taken

USERS: Final = ("ann", "ben", "cat")
STAKE: Final = 10_000
ACCOUNTS: Final = (*(f"{user}_btc" for user in USERS), "fund")

users = st.sampled_from(USERS)
pairs = st.permutations(USERS).map(lambda names: names[:2])
STEPS = st.one_of(
    st.tuples(st.just("trade"), pairs, st.integers(-60, 60), st.integers(80, 125)),
    st.tuples(st.just("deposit"), users, st.integers(0, 5_000)),
    st.tuples(st.just("withdraw"), users, st.integers(0, 12_000)),
    st.tuples(st.just("price"), st.sampled_from(["40", "70", "99.5", "100", "130", "250"])),
    st.tuples(st.just("funding"), st.integers(-(10**15), 10**15), st.integers(1, 40)),
    st.tuples(st.just("liquidate"), pairs, st.integers(1, 60)),
    st.tuples(st.just("deleverage"), pairs, st.integers(1, 60)),
    st.tuples(st.just("cover"), users),
    st.tuples(st.just("share"), users),
    st.tuples(st.just("collect")),
)


def call_of(desk: Desk, step: tuple[Any, ...]) -> Instruction:
    match step:
        case ("trade", (taker, maker), size, worth):
            return desk.trade(taker, maker, size, size * worth)
        case ("deposit", user, amount):
            return desk.deposit(user, amount)
        case ("withdraw", user, amount):
            return desk.withdraw(user, amount)
        case ("liquidate", (maker, taker), amount):
            return desk.liquidate(maker, taker, amount)
        case ("deleverage", (maker, taker), amount):
            return desk.deleverage(maker, taker, amount)
        case ("cover", user):
            return cover(user)
        case ("share", user):
            return share(user)
        case _:
            return perpetuals.collect_fees(market="btc", totals="sums", insurance="fund")


def opened(vm: Vm) -> Desk:
    desk = Desk(vm, taker_fee_bps=5)
    for user in USERS:
        desk.open(user, STAKE)
    return desk


def take(desk: Desk, step: tuple[Any, ...]) -> None:
    """One step, which the program may refuse."""
    kind, *values = step
    if kind == "price":
        desk.set_price(*values)
    elif kind == "funding":
        desk.accrue(*values)
    else:
        below = kind != "liquidate" or _below_the_line(desk, values[0][0])
        receipt = desk.vm.try_send(call_of(desk, step), payer="admin")
        assert below or not receipt.ok, "liquidated above the line"


def _below_the_line(desk: Desk, name: str) -> bool:
    balance = now(desk)[f"{name}_btc"]
    value = balance[1] * Fraction(desk.vm.read("btc_feed", Feed).price, 10**12)
    has = max(balance[0], 0) + max(value, 0)
    owes = max(-balance[0], 0) + max(-value, 0)
    return has < owes * Fraction(11, 10)


def now(desk: Desk) -> dict[str, Balance]:
    """Margin and position of every account, settled."""
    market = desk.market
    index = index_now(market, desk.vm.clock)
    traders = {name: desk.vm.read(name, Trader) for name in ACCOUNTS}
    return {name: settled(each, index, market.loss_index) for name, each in traders.items()}


def check(desk: Desk, steps: int) -> None:
    balances, totals, market = now(desk), desk.totals, desk.market
    positions = [position for _, position in balances.values()]
    assert sum(positions) == 0
    assert totals.opened - totals.closed == sum(abs(position) for position in positions)
    assert balances["fund"][0] >= 0
    pending = totals.fees - market.fees_collected
    surplus = desk.held("vault") - sum(margin for margin, _ in balances.values()) - pending
    assert 0 <= surplus <= 2 * len(USERS) * (steps + 1)


@settings(max_examples=20)
@given(st.lists(STEPS, min_size=5, max_size=25))
def test_a_market_stays_solvent(steps: list[tuple[Any, ...]]) -> None:
    with Vm() as vm:
        desk = opened(vm)
        for count, step in enumerate(steps):
            take(desk, step)
            check(desk, count + 1)


@settings(max_examples=10)
@given(st.lists(STEPS.filter(lambda step: step[0] != "price"), min_size=3, max_size=15))
def test_everybody_leaves_with_what_is_theirs(steps: list[tuple[Any, ...]]) -> None:
    with Vm() as vm:
        desk = opened(vm)
        for step in steps:
            take(desk, step)
        worth = {name: margin + position * 100 for name, (margin, position) in now(desk).items()}
        vm.send(settlement())
        for user in USERS:
            vm.send(taken(desk, user))
            if min(worth.values()) >= 0:
                assert desk.held(f"{user}_usd") == worth[f"{user}_btc"]
        if min(worth.values()) >= 0:
            fees = desk.totals.fees - desk.market.fees_collected
            left = desk.held("vault") - worth["fund"] - fees
            assert 0 <= left <= 2 * len(USERS) * (len(steps) + 1)


def test_two_workers_come_to_the_same() -> None:
    roots = {_root_after_a_block(workers) for workers in (0, 2)}
    assert len(roots) == 1


def _root_after_a_block(workers: int) -> tuple[str, int]:
    """Trades and deposits of three users, one after another, as a block."""
    with Vm(workers=workers) as vm:
        desk = opened(vm)
        calls = [desk.deposit(user, 500) for user in USERS]
        for size in range(-20, 20):
            taker, maker = USERS[size % 3], USERS[(size + 1) % 3]
            calls.append(desk.trade(taker, maker, size, size * 100))
        runtime: Runtime = vm.runtime
        block = [Transaction([call], payer=f"payer{k}") for k, call in enumerate(calls)]
        result = runtime.execute(block)
        return result.state_root, sum(each.ok for each in result.transactions)
