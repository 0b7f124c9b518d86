"""What holds whatever happens: of the waterfall, and of a deal that many take part in."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

import sealane
from sealane import Instruction, Transaction
from sealane.programs.library.securitization import Holding, Tranche, securitization
from sealane.programs.library.securitization.accrual import ONE
from sealane.programs.library.securitization.waterfall import Claim, Collected, share_out
from sealane.testing import Vm

from .desk import JUNIOR, PEOPLE, SENIOR, STARTING, TRANCHES, Desk

amounts = st.integers(0, 1_000)
claims = st.lists(st.builds(Claim, amounts, amounts), min_size=1, max_size=5)
HOLDERS = ("ann", "ben", "cat")


@given(claims, amounts, amounts, amounts, st.integers(0, 10_000))
def test_the_waterfall(
    claims: list[Claim], interest: int, principal: int, pool: int, fee_bps: int
) -> None:
    paid = share_out(Collected(interest, principal, fee_bps), pool, claims)
    given = sum(part.income + part.repaid for part in paid.parts) + paid.fee
    assert given == interest + principal
    left = [c.principal - p.repaid - p.lost for c, p in zip(claims, paid.parts, strict=True)]
    assert min(left) >= 0
    assert sum(left) <= pool or sum(left) == 0
    for rank, part in enumerate(paid.parts):
        if part.lost:
            assert not any(left[rank + 1 :])
        if part.shortfall:
            assert all(other.income == 0 for other in paid.parts[rank + 1 :])


def steps() -> st.SearchStrategy[list[tuple[str, int, int]]]:
    kinds = ("collect", "recover", "write_off", "distribute", "transfer", "claim", "wait")
    step = st.tuples(st.sampled_from(kinds), st.integers(0, 11), st.integers(0, 40_000))
    return st.lists(step, min_size=5, max_size=25)


def call_of(desk: Desk, kind: str, who: int, amount: int) -> Instruction | None:
    obligor, vault = ("zoe", "cat")[who % 2], f"vault{who // 2 % 2}"
    holder, other, tranche = HOLDERS[who % 3], HOLDERS[(who + 1) % 3], TRANCHES[who % 2]
    match kind:
        case "collect":
            return desk.collect(obligor, amount // 7, amount, vault)
        case "recover":
            return desk.recover(obligor, amount, vault)
        case "write_off":
            return desk.write_off(obligor) if amount < 10_000 else None
        case "distribute":
            return desk.distribute()
        case "transfer":
            return desk.transfer(holder, other, tranche, amount)
        case "claim":
            return desk.claim(holder, tranche, vault)
        case _:
            desk.vm.advance(seconds=1 + amount * 100)
            return None


def begun(vm: Vm) -> Desk:
    desk = Desk(vm)
    desk.begin(senior_bps=700, junior_bps=900, fee_bps=50)
    for holder, tranche in (("ben", "senior"), ("cat", "senior")):
        desk.open_holding(holder, tranche)
    for holder, tranche in (("ann", "junior"), ("cat", "junior")):
        desk.open_holding(holder, tranche)
    return desk


@settings(max_examples=15)
@given(steps())
def test_cash_covers_what_is_owed_and_nothing_comes_from_nothing(
    steps: list[tuple[str, int, int]],
) -> None:
    with Vm() as vm:
        desk = begun(vm)
        for step in steps:
            call = call_of(desk, *step)
            if call is not None:
                vm.try_send(call)
            check(desk)


def check(desk: Desk) -> None:
    deal, tranches = desk.deal(), {name: desk.tranche(name) for name in TRANCHES}
    owed = deal.fees_owed
    for name, tranche in tranches.items():
        size = (SENIOR, JUNIOR)[tranche.rank]
        assert tranche.principal + tranche.repaid + tranche.lost == size == tranche.notes
        holdings = [desk.holding(holder, name) for holder in HOLDERS]
        assert sum(holding.notes for holding in holdings) == size
        owed += sum(owed_to(holding, tranche) for holding in holdings)
    assert sum(tranche.principal for tranche in tranches.values()) <= deal.pool
    undistributed = desk.cash() - owed
    assert undistributed >= 0
    assert sum(desk.tokens(f"{name}_usd") for name in PEOPLE) + desk.cash() == (
        len(PEOPLE) * STARTING
    )


def owed_to(holding: Holding, tranche: Tranche) -> int:
    return holding.owed + (holding.notes * (tranche.paid_index - holding.paid_index) // ONE)


@settings(max_examples=6)
@given(steps())
def test_a_block_of_it_is_the_same_in_lanes(steps: list[tuple[str, int, int]]) -> None:
    roots: set[str] = set()
    for workers in (0, 2):
        with Vm() as vm:
            desk = begun(vm)
            calls = [call_of(desk, *step) for step in steps if step[0] != "wait"]
            block = [Transaction([call]) for call in calls if call is not None]
            with sealane.Runtime(workers=workers, programs=[securitization]) as runtime:
                for name in names(desk):
                    account = vm.account(name)
                    runtime.set_account(
                        name, lamports=account.lamports, owner=account.owner, data=account.data
                    )
                roots.add(runtime.execute(block).state_root)
    assert len(roots) == 1


def names(desk: Desk) -> list[str]:
    tokens = [f"{name}_usd" for name in PEOPLE]
    holdings = [f"{holder}_{tranche}" for holder in HOLDERS for tranche in TRANCHES]
    loans = ["zoe_loan", "cat_loan"]
    return ["deal", "ledger", *TRANCHES, *PEOPLE, *tokens, *holdings, *loans, "vault0", "vault1"]
