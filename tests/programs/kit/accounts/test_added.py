"""What a handler may do with an account that it only adds to, and what it may not.

The runtime is the real one, without workers. Each refusal is checked by its name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import pytest

from sealane import Runtime, Transaction
from sealane.primitives import AccountMeta, Instruction
from sealane.primitives.integers import U64_MAX
from sealane.programs import (
    Adds,
    Context,
    Layout,
    Mut,
    Owner,
    Program,
    Pubkey,
    Signer,
    UncheckedAccount,
    require,
    u64,
    u128,
)
from sealane.programs.library.system import system
from sealane.testing import Vm


class Pot(Layout):
    keeper: Pubkey
    total: u64
    wide: u128


pots = Program("pots", layouts=[Pot])


@pots.instruction(tag=0)
def give(pot: Adds[Pot], giver: Signer, amount: u64) -> None:
    require(pot.keeper == giver.key, pots.invalid_data)
    pot.total += amount
    pot.wide += 2 * amount


@pots.instruction(tag=1)
def pay(source: Mut[Signer], pot: Adds[UncheckedAccount], lamports: u64) -> None:
    source.lamports -= lamports
    pot.lamports += lamports


@pytest.fixture
def runtime() -> Any:
    with Runtime(workers=0) as made:
        made.set_account("alice", lamports=1_000_000)
        made.set_account("pot", owner=pots, lamports=5, data=Pot(keeper="alice", total=7))
        yield made


def _handled(runtime: Runtime, handler: Callable[..., None]) -> Any:
    """The receipt of one call of a handler of the program that owns the pot."""
    program = Program("pots", layouts=[Pot])
    spec = program.instruction(tag=0, name="handled")(handler)
    runtime.programs.add(program)
    return runtime.execute([Transaction([spec(pot="pot")])]).transactions[0]


def test_what_is_added_arrives(runtime: Runtime) -> None:
    calls = [give(pot="pot", giver="alice", amount=n) for n in (1, 10, 0)]
    result = runtime.execute([Transaction([call]) for call in calls])
    assert [receipt.ok for receipt in result.transactions] == [True] * 3
    held = Pot.decode(runtime.account("pot").data)
    assert (held.total, held.wide, held.keeper) == (18, 22, Pubkey.of("alice"))
    assert runtime.account("pot").lamports == 5


def test_adds_share_a_wave(runtime: Runtime) -> None:
    calls = [give(pot="pot", giver="alice", amount=n) for n in range(3)]
    result = runtime.execute(
        [Transaction([call], payer=name) for call, name in zip(calls, "abc", strict=True)]
    )
    # a   b   c      each reads alice, and adds to the pot
    assert [list(wave) for wave in result.waves] == [["t0", "t1", "t2"]]


def _read_lamports(pot: Adds[Pot]) -> None:
    _ = pot.lamports > 3


def _read_field(pot: Adds[Pot]) -> None:
    require(pot.total == 7, pots.invalid_data)


def _read_truth(pot: Adds[Pot]) -> None:
    if pot.wide:
        pot.total += 1


def _read_text(pot: Adds[Pot]) -> None:
    _ = f"{pot.total}"


def _read_hash(pot: Adds[Pot]) -> None:
    hash(pot.total)


def _read_index(pot: Adds[Pot]) -> None:
    range(pot.total)


def _read_bytes(pot: Adds[Pot]) -> None:
    bytes(pot.data)


def _read_encoded(pot: Adds[Pot]) -> None:
    pot.encode()


def _read_values(pot: Adds[Pot]) -> None:
    assert pot.values()["total"] < 10


def _viewed_otherwise(pot: Adds[UncheckedAccount]) -> None:
    Pot.view(pot)


def _read_through_context(pot: Adds[Pot], ctx: Context) -> None:
    assert ctx.account(pot.key).lamports >= 0


READS = (
    *(_read_lamports, _read_field, _read_truth, _read_text, _read_hash, _read_index),
    *(_read_bytes, _read_encoded, _read_values, _viewed_otherwise, _read_through_context),
)


@pytest.mark.parametrize("handler", READS)
def test_what_others_may_add_to_cannot_be_read(
    runtime: Runtime, handler: Callable[..., None]
) -> None:
    receipt = _handled(runtime, handler)
    assert receipt.error.name == "AccountBorrowFailed"
    assert "only added to" in receipt.error.message
    assert runtime.account("pot").lamports == 5


def _set_lamports(pot: Adds[Pot]) -> None:
    pot.lamports = 6


def _take_lamports(pot: Adds[Pot]) -> None:
    pot.lamports -= 1


def _add_less_than_nothing(pot: Adds[Pot]) -> None:
    pot.lamports += -1


def _add_truth(pot: Adds[Pot]) -> None:
    pot.lamports += True


def _take_back(pot: Adds[Pot]) -> None:
    before = pot.lamports
    pot.lamports += 3
    pot.lamports = before + 1


@pytest.mark.parametrize(
    "handler", [_set_lamports, _take_lamports, _add_less_than_nothing, _add_truth, _take_back]
)
def test_lamports_are_only_added(runtime: Runtime, handler: Callable[..., None]) -> None:
    assert _handled(runtime, handler).error.name == "ReadonlyLamportChange"


def _set_field(pot: Adds[Pot]) -> None:
    pot.total = 8


def _take_field(pot: Adds[Pot]) -> None:
    pot.total -= 1


def _set_key(pot: Adds[Pot]) -> None:
    pot.keeper = pot.key


def _set_other(pot: Adds[Pot]) -> None:
    pot.total = pot.wide + 1  # type: ignore[assignment]


def _set_data(pot: Adds[Pot]) -> None:
    pot.data = b""  # type: ignore[assignment]


def _resize(pot: Adds[Pot]) -> None:
    pot.resize(100)


def _initialize(pot: Adds[Pot]) -> None:
    pot.initialize(total=3)


@pytest.mark.parametrize(
    "handler", [_set_field, _take_field, _set_key, _set_other, _set_data, _resize, _initialize]
)
def test_data_is_only_added_to(runtime: Runtime, handler: Callable[..., None]) -> None:
    assert _handled(runtime, handler).error.name == "ReadonlyDataModified"
    assert Pot.decode(runtime.account("pot").data).total == 7


AT_THE_END = [(U64_MAX - 3, None), (U64_MAX - 2, "ArithmeticOverflow")]


def _hand_over(pot: Adds[Pot]) -> None:
    pot.owner = "system"  # type: ignore[assignment]


def test_the_owner_stays(runtime: Runtime) -> None:
    assert _handled(runtime, _hand_over).error.name == "ModifiedProgramId"


def _caught(pot: Adds[Pot]) -> None:
    try:
        pot.total = 0
    except Exception:
        pot.total += 1


def test_a_broken_rule_fails_the_transaction_even_if_it_is_caught(runtime: Runtime) -> None:
    assert _handled(runtime, _caught).error.name == "ReadonlyDataModified"


@pytest.mark.parametrize(
    ("held", "error"), [(U64_MAX - 3, None), (U64_MAX - 2, "ArithmeticOverflow")]
)
def test_a_sum_that_reaches_its_end_and_one_past_it(
    runtime: Runtime, held: int, error: str | None
) -> None:
    runtime.set_account("pot", owner=pots, data=Pot(keeper="alice", total=held))
    result = runtime.execute([Transaction([give(pot="pot", giver="alice", amount=3)])])
    failure = result.transactions[0].error
    assert (failure and failure.name) == error


@pytest.mark.parametrize(
    ("held", "error"), [(U64_MAX - 3, None), (U64_MAX - 2, "ArithmeticOverflow")]
)
def test_lamports_that_reach_their_end_and_one_past_it(
    runtime: Runtime, held: int, error: str | None
) -> None:
    runtime.set_account("pot", lamports=held)
    runtime.set_account("payer", owner=pots, lamports=3)
    result = runtime.execute([Transaction([pay(source="payer", pot="pot", lamports=3)])])
    failure = result.transactions[0].error
    assert (failure and failure.name) == error
    assert failure is None or str(held) not in failure.message


def test_an_unbalanced_add_fails_without_saying_what_the_account_holds(runtime: Runtime) -> None:
    def give_away(pot: Adds[Pot]) -> None:
        pot.lamports += 9

    failure = _handled(runtime, give_away).error
    assert failure.name == "UnbalancedInstruction"
    assert "began with 0 lamports over its accounts and holds 9" in failure.message


def test_a_read_only_account_cannot_be_added_to(runtime: Runtime) -> None:
    spec = pots.pay
    call = spec(source="payer", pot="pot", lamports=1)
    read_only = tuple(
        meta._replace(writable=False, adds=False) if meta.key == Pubkey.of("pot") else meta
        for meta in call.accounts
    )
    runtime.set_account("payer", owner=pots, lamports=3)
    receipt = runtime.execute(
        [Transaction([Instruction(pots.id, read_only, call.data, pots)])]
    ).transactions[0]
    assert receipt.error is not None
    assert receipt.error.name == "ReadonlyLamportChange"


def test_the_strongest_right_wins(runtime: Runtime) -> None:
    runtime.set_account("payer", owner=pots, lamports=3)
    once = pay(source="payer", pot="pot", lamports=1)
    beside = Instruction(pots.id, (AccountMeta(Pubkey.of("pot")),), b"\x09")
    block = runtime.prepare(
        [
            Transaction([once]),
            Transaction([once, beside]),  # added to, and read
            Transaction([once], payer="pot"),
            Transaction([pay(source="pot", pot="pot", lamports=1)]),
        ]
    )
    pot = block.keys.index(Pubkey.of("pot"))
    assert block.access.adds is not None
    rows = block.access.accounts == pot
    assert block.access.adds[rows].tolist() == [True, False, False, False]
    assert block.access.writes[rows].tolist() == [False, True, True, True]


def test_a_right_to_add_is_no_right_to_write_in_a_nested_call(runtime: Runtime) -> None:
    @pots.instruction(tag=200, name=f"outer_{id(runtime)}")
    def outer(ctx: Context, pot: Adds[UncheckedAccount], payer: Mut[Signer], adds: u64) -> None:
        call = pay(source=payer, pot=pot, lamports=1)
        right = AccountMeta(pot.key, writable=True, adds=bool(adds))
        ctx.invoke(Instruction(pots.id, (call.accounts[0], right), call.data))

    runtime.set_account("payer", owner=pots, lamports=3)
    receipts = runtime.execute(
        [Transaction([outer(pot="pot", payer="payer", adds=n)]) for n in (0, 1)]
    ).transactions
    assert receipts[0].error is not None
    assert receipts[0].error.name == "PrivilegeEscalation"
    assert receipts[1].ok
    assert runtime.account("pot").lamports == 6


def test_a_nested_transfer_credits_an_account_that_its_caller_adds_to(runtime: Runtime) -> None:
    program = Program("tips")

    @program.instruction(tag=0)
    def tip(ctx: Context, giver: Mut[Signer], jar: Adds[UncheckedAccount], lamports: u64) -> None:
        ctx.invoke(system.transfer(source=giver, destination=jar, lamports=lamports))

    @program.instruction(tag=1)
    def drain(ctx: Context, taker: Mut[Signer], jar: Adds[UncheckedAccount]) -> None:
        ctx.invoke(system.transfer(source=jar, destination=taker, lamports=1))

    receipts = runtime.execute(
        [
            Transaction([tip(giver="alice", jar="jar", lamports=5)]),
            Transaction([drain(taker="alice", jar="jar")]),
        ]
    ).transactions
    assert receipts[0].ok
    assert receipts[1].error is not None
    assert receipts[1].error.name == "PrivilegeEscalation"
    assert runtime.account("jar").lamports == 5


def test_another_program_may_add_lamports_and_see_no_data(runtime: Runtime) -> None:
    other = Program("other")

    @other.instruction(tag=0)
    def look(pot: Annotated[Adds[Pot], Owner("pots")]) -> None:
        assert pot.keeper

    @other.instruction(tag=1)
    def add(pot: Annotated[Adds[Pot], Owner("pots")]) -> None:
        pot.total += 1

    names = [
        receipt.error.name
        for receipt in runtime.execute(
            [Transaction([look(pot="pot")]), Transaction([add(pot="pot")])]
        ).transactions
        if receipt.error
    ]
    assert names == ["AccountBorrowFailed", "ExternalAccountDataModified"]


def test_a_test_sees_that_an_account_is_only_added_to(vm: Vm) -> None:
    vm.set_account("alice", lamports=10)
    vm.set_account("pot", owner=pots, data=Pot(keeper="alice"))
    receipt = vm.send(give(pot="pot", giver="alice", amount=1))
    assert receipt.access["pot"].declared == "only added to"
    assert receipt.access["pot"].written == ("data",)
