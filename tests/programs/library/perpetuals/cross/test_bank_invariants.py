"""Random sequences by several users of two banks: what must hold after each step.

Held: the sums agree with the accounts; what depositors are owed, with orders, fees and insurance,
is backed by the vault and by what borrowers owe; only accounts below the line are liquidated;
indices of borrows never fall, those of deposits only where a loss is shared.
"""

from __future__ import annotations

from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from sealane import Instruction
from sealane.programs.library.perpetuals import (
    WAD,
    BankTotals,
    HealthKind,
    MarginAccount,
    perpetuals,
)
from sealane.programs.library.perpetuals.cross.quotes import figures
from sealane.programs.library.perpetuals.cross.reading import native
from sealane.testing import Vm

from .banks import GIVEN, Banks
from .test_orders import cancel, fill, place

USERS: Final = ("ann", "ben", "cat")
TOKENS: Final = ("usd", "sol")
YEAR_S: Final = 31_536_000

users = st.sampled_from(USERS)
pairs = st.permutations(USERS).map(lambda names: names[:2])
DEPOSITS = st.tuples(st.just("deposit"), users, st.sampled_from(TOKENS), st.integers(1, 2_000))
REFRESHES = st.tuples(st.just("refresh"), st.sampled_from(TOKENS))
STEPS = st.one_of(
    DEPOSITS,
    st.tuples(st.just("withdraw"), users, st.sampled_from(TOKENS), st.integers(1, 900)),
    st.tuples(st.just("price"), st.sampled_from(["1", "5", "10", "14", "40"])),
    st.tuples(st.just("wait"), st.integers(1, YEAR_S)),
    REFRESHES,
    st.tuples(st.just("liquidate"), pairs, st.integers(1, 900)),
    st.tuples(st.just("write_off"), users),
    st.tuples(st.just("order"), users, st.integers(0, 90), st.integers(0, 900)),
    st.tuples(st.just("cancel"), users),
    st.tuples(st.just("fill"), pairs, st.integers(1, 50)),
)


def opened(vm: Vm) -> Banks:
    tenth = WAD // 10
    curve = {"util0": tenth, "rate0": tenth, "util1": 8 * tenth, "rate1": 2 * tenth}
    more = {"max_rate": WAD, "loan_fee_rate": tenth // 10, "fee_bps": 10, "tax_bps": 5}
    banks = Banks(vm, target=5_000, **curve, **more)
    for user in USERS:
        banks.open(user, usd=3_000, sol=300)
    return banks


def call_of(banks: Banks, step: tuple[Any, ...]) -> Instruction:
    match step:
        case ("deposit", user, token, amount):
            return banks.deposit(user, token, amount)
        case ("withdraw", user, token, amount):
            return banks.withdraw(user, token, amount)
        case ("refresh", token):
            return perpetuals.refresh_bank(bank=f"{token}_bank", totals=f"{token}_sums")
        case ("liquidate", (liqee, liqor), amount):
            return banks.liquidate(liqee, liqor, amount)
        case ("order", user, base, quote):
            return place(user, base=base, quote=quote)
        case ("cancel", user):
            return cancel(user)
        case ("fill", (buyer, seller), amount):
            return fill(amount, "10", buyer=buyer, seller=seller)
        case _:
            return banks.write_off(step[1])


def take(banks: Banks, step: tuple[Any, ...]) -> None:
    """One step, which the program may refuse."""
    if step[0] == "price":
        banks.reprice(step[1])
        return
    if step[0] == "wait":
        banks.vm.advance(seconds=step[1])
        banks.reprice("10")
        return
    begun = step[0] != "liquidate" or _may_be_liquidated(banks, step[1][0])
    before = {token: banks.bank(token) for token in TOKENS}
    receipt = banks.vm.try_send(call_of(banks, step), payer="admin")
    assert begun or not receipt.ok, "liquidated above the line"
    for token in TOKENS:
        after = banks.bank(token)
        assert after.borrow_index >= before[token].borrow_index
        shared = step[0] == "write_off"
        assert shared or after.deposit_index >= before[token].deposit_index


def _may_be_liquidated(banks: Banks, name: str) -> bool:
    account = banks.vm.read(f"{name}_account", MarginAccount)
    call = perpetuals.health(account=f"{name}_account", given=GIVEN, kind=HealthKind.Maint)
    returned = banks.vm.send(call, payer="admin").return_data
    assert returned is not None
    return account.being_liquidated or figures(returned)[0] < 0


def check(banks: Banks) -> None:
    accounts = [banks.vm.read(f"{user}_account", MarginAccount) for user in USERS]
    for token in TOKENS:
        bank, totals = banks.bank(token), banks.vm.read(f"{token}_sums", BankTotals)
        key = banks.vm.key(f"{token}_bank")
        indexed = [each.indexed for one in accounts for each in one.tokens if each.bank == key]
        lent, owed = (sum(max(sign * each, 0) for each in indexed) for sign in (1, -1))
        assert totals.deposited - totals.withdrawn == lent
        assert totals.borrowed - totals.repaid == owed
        net = sum(native(bank, each) for each in indexed)
        side = "base" if token == "sol" else "quote"
        resting = sum(getattr(each, side) for one in accounts for each in one.orders)
        assert totals.reserved - totals.released == resting
        kept = resting + bank.insurance + totals.fees - bank.fees_taken
        assert net + kept * WAD <= banks.held_tokens(f"{token}_vault") * WAD


@settings(max_examples=15)
@given(st.lists(STEPS, min_size=5, max_size=20))
def test_banks_stay_solvent(steps: list[tuple[Any, ...]]) -> None:
    with Vm() as vm:
        banks = opened(vm)
        for step in steps:
            take(banks, step)
            check(banks)


@settings(max_examples=8)
@given(st.lists(st.one_of(DEPOSITS, REFRESHES), max_size=10))
def test_nothing_but_fees_and_dust_is_left(steps: list[tuple[Any, ...]]) -> None:
    with Vm() as vm:
        banks = opened(vm)
        for step in steps:
            take(banks, step)
        for user in USERS:
            for token in TOKENS:
                vm.send(banks.withdraw(user, token, banks.has(user, token)))
                assert banks.has(user, token) == 0
        for token in TOKENS:
            totals = vm.read(f"{token}_sums", BankTotals)
            assert totals.deposited == totals.withdrawn
            assert 0 <= banks.held_tokens(f"{token}_vault") - totals.fees <= len(USERS)
