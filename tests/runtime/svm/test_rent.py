"""Rent states before and after each transaction: who may be left below the rent-exempt minimum.

             ┌──────────── never ────────────┐
             │                               ▼
nothing ◀──────── anything ────────▶ exempt ────▶ paying (below the minimum)
                                                    │  ▲ unless it gains lamports
                                                    └──┘ or changes its size
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from sealane import Instruction, Pubkey, Receipt, Runtime, Transaction, UsageError
from sealane.programs import (
    Context,
    Layout,
    Mut,
    Program,
    Rent,
    Signer,
    Sysvars,
    UncheckedAccount,
    u64,
)
from sealane.programs.library.system import system

MINIMUM = 890_880  # of an account without data
FEE = 5_000
RICH = 10**10
INCINERATOR = "1nc1nerator11111111111111111111111111111111"


class Vault(Layout):
    deposits: u64


bank = Program("bank", layouts=[Vault], pays_fees=True)
VAULT_MINIMUM = 946_560  # 8 bytes


@bank.instruction(tag=0)
def move(source: Mut[Vault], destination: Mut[UncheckedAccount], lamports: u64) -> None:
    source.lamports -= lamports
    destination.lamports += lamports
    source.deposits += 1


@bank.instruction(tag=1)
def resize(vault: Mut[UncheckedAccount], size: u64) -> None:
    vault.resize(size)


@bank.instruction(tag=2)
def talk_and_move(ctx: Context, source: Mut[UncheckedAccount], to: Mut[UncheckedAccount]) -> None:
    ctx.log("moving")
    source.lamports -= 1
    to.lamports += 1


@bank.instruction(tag=3)
def look(account: UncheckedAccount, signer: Signer) -> None: ...


@pytest.fixture
def strict(runtime: Runtime) -> Iterator[Runtime]:
    runtime.rent = True
    try:
        yield runtime
    finally:
        runtime.rent = False
        runtime.sysvars = Sysvars()


def names(receipts: list[Receipt]) -> list[str | None]:
    return [receipt.error and receipt.error.name for receipt in receipts]


def pay(source: str, to: str, lamports: int) -> Instruction:
    return system.transfer(source=source, destination=to, lamports=lamports)


# What an account without data held, and what it is to hold.
ALLOWED = {
    "nothing to the minimum": (0, MINIMUM),
    "exempt to nothing": (MINIMUM, 0),
    "exempt to exempt": (MINIMUM + 1, MINIMUM),
    "paying to less": (100, 99),
    "paying to nothing": (100, 0),
    "paying to exempt": (100, MINIMUM),
    "paying as before": (100, 100),
}
FORBIDDEN = {
    "nothing to one": (0, 1),
    "nothing to one below": (0, MINIMUM - 1),
    "exempt to one below": (MINIMUM, MINIMUM - 1),
    "exempt to one": (RICH, 1),
    "paying to more": (100, 101),
    "paying to one below": (100, MINIMUM - 1),
}


@pytest.mark.parametrize("count", [1, 30, 100])
@pytest.mark.parametrize("case", [*ALLOWED, *FORBIDDEN])
def test_rent_states_of_accounts_without_data(case: str, count: int, strict: Runtime) -> None:
    """So many alike in one block: alone, by row, vectorized."""
    before, after = (ALLOWED | FORBIDDEN)[case]
    block: list[Transaction] = []
    for number in range(count):
        account, other = f"account{number}", f"other{number}"
        strict.set_account(account, lamports=before)
        strict.set_account(other, lamports=RICH)
        calls = pay(other, account, after - before) if after > before else None
        block.append(Transaction([calls or pay(account, other, before - after)]))
    receipts = list(strict.execute(block).transactions)
    if case in ALLOWED:
        assert names(receipts) == [None] * count
        assert strict.account("account0").lamports == after
        return
    assert names(receipts) == ["InsufficientFundsForRent"] * count
    error = receipts[-1].error
    assert error is not None
    key = Pubkey.of(f"account{count - 1}")
    assert (error.program, error.code, error.instruction) == (None, 31, None)
    assert error.account == str(key)
    assert f"{key} is left with {after} lamports" in error.message
    assert str(MINIMUM) in error.message
    assert receipts[-1].compute_units == 150
    assert [strict.account(f"account{n}").lamports for n in range(count)] == [before] * count


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize(
    ("before", "lamports", "ok"),
    [
        (VAULT_MINIMUM + 5, 5, True),
        (VAULT_MINIMUM + 5, 6, False),
        (VAULT_MINIMUM - 1, 1, True),
        (VAULT_MINIMUM, VAULT_MINIMUM, True),
    ],
)
def test_the_minimum_goes_by_the_size_of_the_data(
    before: int, lamports: int, ok: bool, count: int, strict: Runtime
) -> None:
    for number in range(count):
        strict.set_account(f"v{number}", lamports=before, owner=bank, data=bytes(8))
        strict.set_account(f"o{number}", lamports=RICH)
    block = [
        Transaction([move(source=f"v{n}", destination=f"o{n}", lamports=lamports)])
        for n in range(count)
    ]
    receipts = list(strict.execute(block).transactions)
    assert names(receipts) == [None if ok else "InsufficientFundsForRent"] * count
    assert strict.account("v0").lamports == (before - lamports if ok else before)
    assert any(strict.account("v0").data) == (ok and before > lamports)


def test_a_resized_account_must_be_rent_exempt(strict: Runtime) -> None:
    minimum = {size: Rent().minimum_balance(size) for size in (4, 8, 9)}
    rows = [(4, minimum[4] - 1, False), (4, minimum[4], True), (9, minimum[8], False)]
    rows += [(9, minimum[9], True), (8, 1, True), (8, minimum[8], True)]
    for size, lamports, ok in rows:
        strict.set_account("vault", lamports=lamports, owner=bank, data=bytes(8))
        (receipt,) = strict.execute([Transaction([resize(vault="vault", size=size)])]).transactions
        assert receipt.ok == ok, (size, lamports)
        assert len(strict.account("vault").data) == (size if ok else 8)


@pytest.mark.parametrize("count", [1, 30, 100])
@pytest.mark.parametrize("apart", [True, False])
@pytest.mark.parametrize(
    ("lamports", "error"),
    [
        (MINIMUM + FEE, None),
        (MINIMUM + FEE - 1, "InsufficientFundsForRent"),
        (MINIMUM, "InsufficientFundsForRent"),
        (MINIMUM - 1, None),  # it was below before
        (FEE, None),
        (FEE - 1, "InsufficientFundsForFee"),
    ],
)
def test_the_payer(
    lamports: int, error: str | None, apart: bool, count: int, strict: Runtime
) -> None:
    """As an account that the call does not name, or as one of its own."""
    block: list[Transaction] = []
    for number in range(count):
        payer, source = f"payer{number}", f"source{number}" if apart else f"payer{number}"
        strict.set_account(f"source{number}", lamports=RICH)
        strict.set_account(f"to{number}", lamports=RICH)
        strict.set_account(payer, lamports=lamports)
        block.append(Transaction([pay(source, f"to{number}", 0)], payer=payer, fee=FEE))
    receipts = list(strict.execute(block).transactions)
    assert names(receipts) == [error] * count
    # Nothing has run, and nothing is charged.
    assert {receipt.fee for receipt in receipts} == {0 if error else FEE}
    assert {receipt.compute_units for receipt in receipts} == {0 if error else 150}
    assert strict.account("payer0").lamports == lamports - (0 if error else FEE)


def test_a_failed_transaction_charges_its_fee_and_keeps_its_logs(strict: Runtime) -> None:
    strict.set_account("payer", lamports=RICH)
    strict.set_account("vault", lamports=MINIMUM, owner=bank)
    call = talk_and_move(source="vault", to="somebody")
    (receipt,) = strict.execute([Transaction([call], payer="payer", fee=FEE)]).transactions
    assert names([receipt]) == ["InsufficientFundsForRent"]
    assert (receipt.fee, receipt.logs) == (FEE, ("Program log: moving",))
    assert strict.account("payer").lamports == RICH - FEE
    assert strict.account("vault").lamports == MINIMUM
    assert strict.account("somebody").lamports == 0


def test_what_a_payer_gains_after_its_fee_counts_from_there(strict: Runtime) -> None:
    # It held 100, paid 50 and has 50: to get 49 more is to gain, though it ends with less.
    strict.set_account("payer", lamports=100)
    strict.set_account("rich", lamports=RICH)
    block = [
        Transaction([pay("rich", "payer", lamports)], payer="payer", fee=50) for lamports in (49, 0)
    ]
    assert names(list(strict.execute(block).transactions)) == ["InsufficientFundsForRent", None]
    assert strict.account("payer").lamports == 0


def test_the_first_of_several_accounts_in_a_message_is_named(strict: Runtime) -> None:
    strict.set_account("signs", lamports=MINIMUM)
    strict.set_account("payer", lamports=2 * MINIMUM)
    takes = pay("signs", "new", 1)
    (receipt,) = strict.execute([Transaction([takes], payer="payer")]).transactions
    assert receipt.error is not None
    assert receipt.error.account == str(Pubkey.of("signs"))
    all_three = [pay("signs", "new", 1), pay("payer", "new", MINIMUM + 1)]
    (receipt,) = strict.execute([Transaction(all_three, payer="payer")]).transactions
    assert receipt.error is not None
    assert receipt.error.account == str(Pubkey.of("payer"))


def test_accounts_that_are_not_written_are_not_checked(strict: Runtime) -> None:
    strict.set_account("poor", lamports=1, data=bytes(100))
    assert strict.execute([Transaction([look(account="poor", signer="poor")], payer="x")]).ok


@pytest.mark.parametrize("count", [1, 100])
def test_the_incinerator_takes_anything(count: int, strict: Runtime) -> None:
    for number in range(count):
        strict.set_account(f"from{number}", lamports=RICH)
    block = [Transaction([pay(f"from{n}", INCINERATOR, 1)]) for n in range(count)]
    assert strict.execute(block).ok
    assert strict.account(INCINERATOR).lamports == count


def test_without_rent_any_balance_is_allowed(runtime: Runtime) -> None:
    runtime.set_account("alice", lamports=MINIMUM)
    assert runtime.execute([Transaction([pay("alice", "bob", 1)], payer="alice", fee=FEE)]).ok


class Step(NamedTuple):
    source: int
    to: int
    lamports: int
    payer: int
    fee: int


def one_after_another(held: list[int], steps: list[Step]) -> list[str | None]:
    """What becomes of transfers, by the names that the chain gives rent states."""

    def state(lamports: int) -> str:
        return "nothing" if lamports == 0 else "exempt" if lamports >= MINIMUM else "paying"

    def allowed(before: int, after: int) -> bool:
        if state(after) != "paying":
            return True
        return state(before) == "paying" and after <= before

    ends: list[str | None] = []
    for step in steps:
        left = held[step.payer] - step.fee
        if step.fee and held[step.payer] == 0:
            ends.append("AccountNotFound")
        elif left < 0:
            ends.append("InsufficientFundsForFee")
        elif not allowed(held[step.payer], left):
            ends.append("InsufficientFundsForRent")
        else:
            held[step.payer] = left
            after = held.copy()
            after[step.source] -= step.lamports
            after[step.to] += step.lamports
            if after[step.source] < 0 or held[step.source] < step.lamports:
                ends.append("ResultWithNegativeLamports")
            elif all(map(allowed, held, after)):
                ends.append(None)
                held[:] = after
            else:
                ends.append("InsufficientFundsForRent")
    return ends


@pytest.mark.parametrize("seed", range(12))
def test_random_transfers_follow_the_rent_rule(seed: int, strict: Runtime) -> None:
    chance = random.Random(seed)
    count = chance.choice((6, 40, 400))
    amounts = (0, 1, 100, FEE, MINIMUM - 1, MINIMUM, MINIMUM + 1, MINIMUM + FEE, RICH)
    held = [chance.choice(amounts) for _ in range(count)]
    for account, lamports in enumerate(held):
        strict.set_account(f"a{account}", lamports=lamports)
    steps = [
        Step(
            chance.randrange(count),
            chance.randrange(count),
            chance.choice((*amounts, held[chance.randrange(count)])),
            chance.randrange(count),
            chance.choice((0, 1, FEE)),
        )
        for _ in range(300)
    ]
    block = [
        Transaction([pay(f"a{s.source}", f"a{s.to}", s.lamports)], payer=f"a{s.payer}", fee=s.fee)
        for s in steps
    ]
    expected = one_after_another(held, steps)
    assert names(list(strict.execute(block).transactions)) == expected
    assert [strict.account(f"a{n}").lamports for n in range(count)] == held
    assert len(set(expected)) >= 3


def test_rent_is_a_property_of_the_runtime_whatever_its_sysvars() -> None:
    half = Rent(lamports_per_byte_year=1_740)
    with Runtime(workers=0, rent=True, sysvars=Sysvars(rent=half)) as runtime:
        runtime.set_account("alice", lamports=MINIMUM)
        assert runtime.rent
        assert not runtime.execute([Transaction([pay("alice", "bob", MINIMUM // 2 - 1)])]).ok
        assert runtime.execute([Transaction([pay("alice", "bob", MINIMUM // 2)])]).ok
        runtime.sysvars = Sysvars()
        assert runtime.rent
        assert runtime.sysvars.rent == Rent(enforced=True)
        assert not runtime.execute([Transaction([pay("alice", "bob", 1)])]).ok
    with Runtime(workers=0) as runtime:
        assert not runtime.rent
    with pytest.raises(UsageError, match="rent=1: say True or False"):
        Runtime(workers=0, rent=1)  # pyright: ignore[reportArgumentType]
    with Runtime(workers=0) as runtime:
        with pytest.raises(UsageError, match="rent='no': say True or False"):
            runtime.rent = "no"  # pyright: ignore[reportAttributeAccessIssue]
        assert runtime.rent is False
