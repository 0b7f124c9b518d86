"""Random sequences by several writers and holders: what must hold after each step, and at the end.

Held, without naked margin: every option out there is owed by a vault; collateral is what the vaults
say; each vault can pay the most that it may owe; after expiry all are paid in any order, and hardly
anything is left. Tokens are never made or lost.
"""

from __future__ import annotations

from typing import Final

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import sealane
from sealane import Instruction, Pubkey, Transaction
from sealane.programs.library.options import Series, options
from sealane.programs.library.options.rules.payoff import Prices
from sealane.programs.library.options.rules.valuation import Position, expired_balance
from sealane.testing import Vm

from .desk import OPTION, PEOPLE, STARTING, STRIKES, Desk

KINDS: Final = (
    *("write", "buy_back", "deposit", "withdraw", "long", "unlong"),
    *("write", "give", "give", "long"),
)
SERIES: Final = tuple(f"series_{strike}" for strike in STRIKES)
STOCKED: Final = 2 * 10**12
Step = tuple[str, int, int, int]


def steps() -> st.SearchStrategy[list[Step]]:
    step = st.tuples(
        st.sampled_from(KINDS),
        st.integers(0, 2),
        st.integers(0, 1),
        st.sampled_from([1, 7, 99_999, OPTION // 3, OPTION, 3 * OPTION]),
    )
    return st.lists(step, min_size=10, max_size=30)


def call_of(desk: Desk, step: Step) -> Instruction | None:
    """Mostly about options that the vault or its writer has, of which there may be too few."""
    kind, who, which, amount = step
    name = PEOPLE[who]
    vault = desk.vault(name)
    short = strike_at(desk, vault.short) or STRIKES[which]
    long = strike_at(desk, vault.long) if vault.long_amount else None
    strike = STRIKES[which] if vault.short_amount == 0 else short
    related = [f"series_{long}"] if long else []
    match kind:
        case "write":
            needed = amount * strike // 100 + 1 if desk.is_put else amount * 10
            return desk.write(name, amount, needed // (3 if long else 1), strike, related=related)
        case "buy_back":
            return desk.buy_back(name, min(amount, OPTION), short)
        case "deposit":
            return desk.deposit(name, amount)
        case "withdraw":
            return desk.withdraw(name, min(amount, 99_999), related, short)
        case "long":
            other = sum(STRIKES) - strike
            held = desk.held(f"{name}_{other}")
            return desk.deposit_long(name, min(amount, held), other, [f"series_{short}"])
        case "unlong":
            return desk.withdraw_long(name, amount, long or STRIKES[which], short, related)
        case _:
            return None


def strike_at(desk: Desk, key: Pubkey) -> int | None:
    return next((strike for strike in STRIKES if desk.vm.key(f"series_{strike}") == key), None)


def play(desk: Desk, sequence: list[Step]) -> None:
    for step in sequence:
        kind, who, which, amount = step
        call = call_of(desk, step)
        if call is not None:
            desk.vm.try_send(call)
        elif kind == "give":
            name, other, strike = PEOPLE[who], PEOPLE[(who + 1) % 3], STRIKES[which]
            desk.give(name, other, min(amount, desk.held(f"{name}_{strike}")), strike)
        check(desk)


def check(desk: Desk) -> None:
    vaults = [desk.vault(name) for name in PEOPLE]
    in_pools = desk.held("pool0") + desk.held("pool1")
    assert in_pools == sum(vault.collateral for vault in vaults)
    assert in_pools + sum(desk.held(f"{name}_money") for name in PEOPLE) == 3 * STARTING
    for strike in STRIKES:
        key = desk.vm.key(f"series_{strike}")
        out = sum(desk.held(f"{name}_{strike}") for name in PEOPLE)
        longs = sum(vault.long_amount for vault in vaults if vault.long == key)
        shorts = sum(vault.short_amount for vault in vaults if vault.short == key)
        assert out + longs == shorts
        stock = desk.held(f"stock0_{strike}") + desk.held(f"stock1_{strike}")
        assert stock + out == STOCKED
    for name in PEOPLE:
        for price in (1, 199, 200, 225, 250, 251, 10**6):
            assert owes_no_more_than_it_has(desk, name, price)


def owes_no_more_than_it_has(desk: Desk, name: str, price: int) -> bool:
    vault = desk.vault(name)
    if vault.short_amount == 0:
        return True
    known = {desk.vm.key(name): desk.vm.read(name, Series) for name in SERIES}
    held = Position(
        [known[vault.short]],
        [known[vault.long]] if vault.long_amount else [],
        vault.short_amount,
        vault.long_amount,
        vault.collateral,
    )
    own = OPTION if desk.is_put else price * OPTION
    return expired_balance(held, Prices(price * OPTION, OPTION, own)).is_excess


def pay_all(desk: Desk, order: list[int]) -> None:
    """Settle all vaults and redeem all options, in any order."""
    desk.gather()
    calls: list[Instruction] = []
    for name in PEOPLE:
        vault = desk.vault(name)
        short, long = strike_at(desk, vault.short), strike_at(desk, vault.long)
        if vault.short_amount:
            related = [f"series_{long}"] if vault.long_amount else []
            calls.append(desk.settle(name, short or 0, related))
        elif vault.long_amount:
            calls.append(desk.settle(name, long or 0))
        elif vault.collateral:
            calls.append(desk.withdraw(name, vault.collateral))
        calls += [
            desk.redeem(name, held, strike)
            for strike in STRIKES
            if (held := desk.held(f"{name}_{strike}"))
        ]
    for call in sorted(calls, key=lambda call: order[calls.index(call) % len(order)]):
        desk.vm.send(call)


@settings(max_examples=25, phases=[Phase.generate])
@given(
    steps(),
    st.sampled_from([1, 150, 200, 201, 233, 300]),
    st.booleans(),
    st.lists(st.integers(0, 9), min_size=9, max_size=9),
)
def test_everybody_is_paid(
    sequence: list[Step], price: int, is_put: bool, order: list[int]
) -> None:
    with Vm() as vm:
        desk = Desk(vm, is_put=is_put)
        for name in PEOPLE:
            desk.open_vault(name)
        play(desk, sequence)
        desk.expire(price)
        pay_all(desk, order)
        assert 0 <= desk.held("pool0") <= 12  # one unit at most of each payment
        assert sum(desk.held(f"{name}_money") for name in PEOPLE) + desk.held("pool0") == (
            3 * STARTING
        )


@settings(max_examples=3, phases=[Phase.generate])
@given(steps())
def test_a_block_of_it_is_the_same_in_lanes(sequence: list[Step]) -> None:
    roots: set[str] = set()
    for workers in (0, 2):
        with Vm() as vm:
            desk = Desk(vm)
            for name in PEOPLE:
                desk.open_vault(name)
            calls = [call_of(desk, step) for step in sequence]
            block = [Transaction([call]) for call in calls if call is not None]
            with sealane.Runtime(workers=workers, programs=[options]) as runtime:
                for name in names():
                    account = vm.account(name)
                    runtime.set_account(
                        name, lamports=account.lamports, owner=account.owner, data=account.data
                    )
                result = runtime.execute(block)
                roots.add(result.state_root)
    assert len(roots) == 1


def names() -> list[str]:
    kept = ["product", "expiry", "pool0", "pool1", *PEOPLE]
    kept += [f"{name}_{what}" for name in PEOPLE for what in ("money", "vault")]
    for strike in STRIKES:
        owners = ("series", "stock0", "stock1", "option", *PEOPLE)
        kept += [f"{owner}_{strike}" for owner in owners]
    return kept
