"""Random sequences around a margin account with a part in a market, and a trader who stands alone.

Held: positions sum to zero; both vaults back all margins, tokens and fees; positions are taken
over, and others move margin, only below the line; account and part agree on belonging together.
"""

from __future__ import annotations

from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from sealane import Instruction
from sealane.programs.library.perpetuals import HealthKind, MarginAccount, Trader, perpetuals
from sealane.programs.library.perpetuals.cross.quotes import figures
from sealane.testing import Vm

from ..test_insurance import cover
from .test_markets import ALL, Cross

LIMIT: Final = 2_000
senders = st.sampled_from(["ann", "ben"])
amounts = st.integers(1, LIMIT)
STEPS = st.one_of(
    st.tuples(st.just("trade"), st.integers(-60, 60), st.integers(95, 105)),
    st.tuples(st.just("price"), st.sampled_from(["60", "85", "100", "115", "140"])),
    st.tuples(st.just("funding"), st.integers(-(10**15), 10**15), st.integers(1, 40)),
    st.tuples(st.just("fund"), amounts, senders),
    st.tuples(st.just("collect"), amounts, senders),
    st.tuples(st.just("take_over"), st.integers(1, 60)),
    st.tuples(st.just("release")),
    st.tuples(st.just("cover")),
    st.tuples(st.just("pay_in"), amounts),
    st.tuples(st.just("pay_out"), amounts),
)
BY_OTHERS: Final = ("take_over", "release")


def call_of(cross: Cross, step: tuple[Any, ...]) -> Instruction:
    match step:
        case ("trade", size, worth):
            return cross.trade(size, size * worth)
        case ("fund", amount, sender):
            return cross.fund(amount, sender)
        case ("collect", amount, sender):
            return cross.collect(amount, sender)
        case ("take_over", amount):
            return cross.take_over(amount)
        case ("release",):
            return cross.release()
        case ("cover",):
            return cover("ann")
        case ("pay_in", amount):
            return cross.banks.deposit("ann", "usd", amount)
        case _:
            return cross.banks.withdraw("ann", "usd", step[1], given=ALL)


def take(cross: Cross, step: tuple[Any, ...]) -> None:
    """One step, which the program may refuse."""
    if step[0] == "price":
        cross.desk.set_price(step[1])
        return
    if step[0] == "funding":
        cross.desk.accrue(*step[1:])
        cross.banks.reprice("10")
        return
    below = _below_the_line(cross)
    receipt = cross.vm.try_send(call_of(cross, step), payer="admin")
    by_others = step[0] in BY_OTHERS or step[-1] == "ben"
    assert below or not (by_others and receipt.ok), "somebody else moved what is healthy"


def _below_the_line(cross: Cross) -> bool:
    if cross.vm.read("ann_account", MarginAccount).being_liquidated:
        return True
    call = perpetuals.health(account="ann_account", given=ALL, kind=HealthKind.Maint)
    returned = cross.vm.send(call, payer="admin").return_data
    assert returned is not None
    return figures(returned)[0] < 0


def check(cross: Cross) -> None:
    for name in ("ann", "ben"):
        cross.vm.send(cross.desk.settle(name), payer="admin")
    traders = [cross.vm.read(name, Trader) for name in ("ann_btc", "ben_btc", "fund")]
    assert sum(each.position for each in traders) == 0
    totals = cross.desk.totals
    assert totals.opened - totals.closed == sum(abs(each.position) for each in traders)
    assert sum(each.margin for each in traders) + totals.fees <= cross.desk.held("vault")
    in_bank = cross.banks.held_tokens("usd_vault")
    assert cross.banks.has("ann", "usd") + cross.banks.has("lender", "usd") <= in_bank
    part = traders[0].group == cross.vm.key("ann_account")
    account = cross.vm.read("ann_account", MarginAccount)
    assert part == (cross.vm.key("ann_btc") in account.traders)


@settings(max_examples=12)
@given(st.lists(STEPS, min_size=4, max_size=20))
def test_a_margin_account_and_its_market_stay_solvent(steps: list[tuple[Any, ...]]) -> None:
    with Vm() as vm:
        cross = Cross(vm)
        cross.banks.open("lender", usd=50 * LIMIT)
        vm.send(cross.bind())
        for step in steps:
            take(cross, step)
            check(cross)
