"""The rules that are checked at the end of an instruction or a nested call, each with its named
error and without leftover changes; and the limits, at and one past each."""

from __future__ import annotations

import pytest

from sealane import (
    Account,
    Failure,
    Instruction,
    Pubkey,
    Receipt,
    Runtime,
    Transaction,
)
from sealane.programs import (
    ACCOUNT_DATA_LEN_MAX,
)
from sealane.programs.library.system import system
from sealane.runtime.block.limits import (
    ACCOUNT_DATA_GROWTH_MAX,
    ACCOUNT_LOCKS_MAX,
    CALL_DEPTH_MAX,
    INSTRUCTION_ACCOUNTS_MAX,
    INSTRUCTION_TRACE_MAX,
    RETURN_DATA_MAX,
)
from sealane.wire.compute_budget import COMPUTE_UNITS_MAX, COMPUTE_UNITS_PER_INSTRUCTION

from .rule_programs import (
    GROWTH_MAX,
    add_lamports,
    call_many,
    call_partner,
    call_unknown,
    claim_twice,
    consume,
    create,
    grow_and_shrink,
    hand_on,
    invoke_unbalanced,
    keep_data,
    kept,
    look_across,
    nest,
    partner,
    pay,
    pay_undeclared,
    resize,
    return_data,
    ruled,
    take_any,
    take_lamports,
    vault,
    write_through,
)

FEE = 10


@pytest.fixture(autouse=True)
def accounts(runtime: Runtime) -> None:  # pyright: ignore[reportUnusedFunction]
    for program in (ruled, partner):
        if runtime.programs.named(program.name) is None:
            runtime.programs.add(program)
    kept.clear()
    runtime.set_account("payer", lamports=1_000)
    runtime.set_account("alice", lamports=1_000)
    runtime.set_account("mine", owner=ruled, lamports=100, data=bytes(8))
    runtime.set_account("mine2", owner=ruled, lamports=100, data=bytes(8))


def run(runtime: Runtime, *calls: Instruction, payer: str = "payer") -> Receipt:
    return runtime.execute([Transaction(calls, payer=payer, fee=FEE)]).transactions[0]


def failed(runtime: Runtime, *calls: Instruction) -> Failure:
    """The failure of these calls, after checking that only the fee was debited."""
    names = ("alice", "mine", "mine2", "bob", "stranger")
    before = {name: runtime.account(name) for name in names}
    lamports = runtime.account("payer").lamports
    receipt = run(runtime, *calls)
    assert receipt.error is not None
    assert {name: runtime.account(name) for name in names} == before
    assert runtime.account("payer").lamports == lamports - FEE
    assert receipt.fee == FEE
    return receipt.error


@pytest.mark.parametrize("lamports", [1, 50])
def test_lamports_are_neither_made_nor_destroyed(runtime: Runtime, lamports: int) -> None:
    failure = failed(runtime, add_lamports(mine="mine", lamports=lamports))
    assert failure.name == "UnbalancedInstruction"
    assert f"+{lamports}" in failure.message
    failure = failed(runtime, take_lamports(mine="mine", lamports=lamports))
    assert failure.name == "UnbalancedInstruction"
    assert f"-{lamports}" in failure.message


def test_the_balance_is_that_of_each_instruction(runtime: Runtime) -> None:
    failure = failed(
        runtime,
        hand_on(mine="mine", to="mine2"),
        take_lamports(mine="mine", lamports=5),
        add_lamports(mine="mine", lamports=5),
    )
    assert (failure.name, failure.instruction) == ("UnbalancedInstruction", 1)


def test_the_balance_is_checked_before_a_nested_call(runtime: Runtime) -> None:
    assert failed(runtime, invoke_unbalanced(mine="mine")).name == "UnbalancedInstruction"
    receipt = run(runtime, hand_on(mine="mine", to="bob"))
    assert receipt.ok
    assert receipt.compute_units == 7
    assert runtime.account("bob").lamports == 5


def test_growth_in_one_instruction_at_and_past_the_limit(runtime: Runtime) -> None:
    assert run(runtime, resize(mine="mine", length=8 + GROWTH_MAX)).ok
    failure = failed(runtime, resize(mine="mine2", length=8 + GROWTH_MAX + 1))
    assert failure.name == "InvalidRealloc"
    assert failure.account == str(Pubkey.of("mine2"))
    # Two instructions may grow it by twice as much.
    calls = [resize(mine="mine2", length=8 + n * GROWTH_MAX) for n in (1, 2)]
    assert run(runtime, *calls).ok
    assert runtime.account("mine2").data == bytes(8 + 2 * GROWTH_MAX)
    # What counts is the length when the instruction ends.
    assert run(runtime, grow_and_shrink(mine="mine", length=5 * GROWTH_MAX)).ok


def test_an_account_of_10_mib_and_one_byte_more(runtime: Runtime) -> None:
    content = b"\1" * (ACCOUNT_DATA_LEN_MAX - GROWTH_MAX)
    runtime.set_account("big", owner=ruled, lamports=1, data=content)
    receipt = run(runtime, resize(mine="big", length=ACCOUNT_DATA_LEN_MAX + 1))
    assert receipt.error is not None
    assert receipt.error.name == "InvalidRealloc"
    assert receipt.error.account == str(Pubkey.of("big"))
    assert runtime.account("big").data == content
    assert run(runtime, resize(mine="big", length=ACCOUNT_DATA_LEN_MAX)).ok
    assert runtime.account("big").data == content + bytes(GROWTH_MAX)


def test_all_growth_of_a_transaction(runtime: Runtime) -> None:
    names = [f"new{n}" for n in range(3)]
    space = ACCOUNT_DATA_GROWTH_MAX // 2
    calls = [system.allocate(account=name, space=space) for name in names[:2]]
    assert space == ACCOUNT_DATA_LEN_MAX
    failure = run(runtime, *calls, system.allocate(account=names[2], space=1)).error
    assert failure is not None
    assert (failure.name, failure.instruction) == ("MaxAccountsDataAllocationsExceeded", 2)
    assert runtime.account("new0") == Account()


def test_a_nested_call_grows_by_no_more_than_its_caller_may(runtime: Runtime) -> None:
    runtime.set_account("payer", lamports=1_000_000_000)
    made = create(payer="payer", account="made", space=GROWTH_MAX)
    assert run(runtime, made).ok
    assert runtime.account("made").data == bytes(GROWTH_MAX)
    failure = failed(runtime, create(payer="payer", account="bob", space=GROWTH_MAX + 1))
    assert failure.name == "InvalidRealloc"


def test_a_kept_view_of_data_fails_the_instruction(runtime: Runtime) -> None:
    failure = failed(runtime, keep_data(mine="mine"))
    assert failure.name == "AccountBorrowOutstanding"


def test_a_view_held_during_a_nested_call(runtime: Runtime) -> None:
    failure = failed(runtime, look_across(mine="mine"))
    assert failure.name in {"AccountBorrowFailed", "AccountBorrowOutstanding"}


def test_a_nested_call_cannot_claim_a_signature(runtime: Runtime) -> None:
    call = pay(mine="mine", source="alice", target="bob", lamports=5)
    failure = failed(runtime, call)
    assert (failure.name, failure.program) == ("PrivilegeEscalation", None)
    assert failure.account == str(Pubkey.of("alice"))
    assert "signature" in failure.message
    # With alice's signature on the transaction the same call is fine.
    assert run(runtime, call, take_any(accounts=[]), payer="alice").ok
    assert runtime.account("bob").lamports == 5


def test_a_derived_address_signs_for_its_own_program_only(runtime: Runtime) -> None:
    address, bump = vault()
    runtime.set_account(address, lamports=50)
    call = pay(mine="mine", source=address, target="bob", lamports=5, bump=bump)
    assert run(runtime, call).ok
    assert runtime.account("bob").lamports == 5
    for wrong in (None, bump - 1):
        call = pay(mine="mine2", source=address, target="bob", lamports=5, bump=wrong)
        assert failed(runtime, call).name in {"PrivilegeEscalation", "InvalidSeeds"}


def test_a_nested_call_cannot_claim_a_write(runtime: Runtime) -> None:
    failure = failed(runtime, write_through(mine="mine", read_only="mine2"))
    assert failure.name == "PrivilegeEscalation"
    assert failure.account == str(Pubkey.of("mine2"))
    assert "write" in failure.message


def test_privileges_are_checked_for_every_duplicate(runtime: Runtime) -> None:
    failure = failed(runtime, claim_twice(mine="mine", source="alice"))
    assert failure.name == "PrivilegeEscalation"
    assert failure.account == str(Pubkey.of("alice"))


def test_an_account_that_is_passed_on_must_be_declared(runtime: Runtime) -> None:
    failure = failed(runtime, pay_undeclared(source="alice"))
    assert failure.name == "MissingAccount"
    assert failure.account == str(Pubkey.of("stranger"))


def test_nested_calls_at_and_past_the_depth(runtime: Runtime) -> None:
    deepest = CALL_DEPTH_MAX - 1
    assert deepest == 4
    assert run(runtime, nest(mine="mine", depth=deepest)).ok
    assert runtime.account("mine").data[0] == deepest + 1
    failure = failed(runtime, nest(mine="mine", depth=deepest + 1))
    assert failure.name == "CallDepth"
    assert "4" in failure.message


def test_a_program_is_not_entered_again_through_another(runtime: Runtime) -> None:
    assert failed(runtime, call_partner(mine="mine", back=True)).name == "ReentrancyNotAllowed"
    # Without coming back, the partner may not write what is not its own.
    failure = failed(runtime, call_partner(mine="mine", back=False))
    assert failure.name == "ExternalAccountDataModified"
    assert "partner may not" in failure.message or "partner wrote" in failure.message


def test_an_unknown_program(runtime: Runtime) -> None:
    failure = failed(runtime, call_unknown(mine="mine"))
    assert failure.name == "UnsupportedProgramId"
    assert str(Pubkey.of("nobody")) in failure.message


@pytest.mark.parametrize("count", [1, 2, 7, 8])
def test_compute_units_at_and_past_the_limit(runtime: Runtime, count: int) -> None:
    limit = min(COMPUTE_UNITS_PER_INSTRUCTION * count, COMPUTE_UNITS_MAX)
    idle = [consume(units=0)] * (count - 1)
    receipt = run(runtime, *idle, consume(units=limit))
    assert receipt.ok
    assert receipt.compute_units == limit
    receipt = run(runtime, *idle, consume(units=limit + 1))
    assert receipt.error is not None
    assert receipt.error.name == "ComputationalBudgetExceeded"
    assert (receipt.error.instruction, receipt.compute_units) == (count - 1, limit)


def test_return_data_at_and_past_the_limit(runtime: Runtime) -> None:
    assert run(runtime, return_data(length=RETURN_DATA_MAX)).return_data == bytes(RETURN_DATA_MAX)
    assert failed(runtime, return_data(length=RETURN_DATA_MAX + 1)).name == "InvalidArgument"
    # It is that of the last instruction alone.
    assert run(runtime, return_data(length=1), consume(units=0)).return_data is None


def test_locks_of_a_transaction_at_and_past_the_limit(runtime: Runtime) -> None:
    # The payer is a key, too, and so is each program that is none of the accounts.
    names = [f"lock{n}" for n in range(ACCOUNT_LOCKS_MAX - 2)]
    transfer = system.transfer(source="payer", destination="lock1", lamports=0)
    assert run(runtime, take_any(accounts=names)).ok
    assert run(runtime, *[take_any(accounts=["ruled", *names[1:]])] * 2, transfer).ok
    for calls in (
        [take_any(accounts=[*names, "one more"])],
        [take_any(accounts=names), transfer],
    ):
        receipt = run(runtime, *calls)
        assert receipt.error is not None
        assert (receipt.error.name, receipt.fee) == ("TooManyAccountLocks", 0)
        assert f"{ACCOUNT_LOCKS_MAX + 1} accounts" in receipt.error.message


def test_accounts_of_an_instruction_at_and_past_the_limit(runtime: Runtime) -> None:
    assert run(runtime, take_any(accounts=["mine"] * INSTRUCTION_ACCOUNTS_MAX)).ok
    failure = failed(runtime, take_any(accounts=["mine"] * (INSTRUCTION_ACCOUNTS_MAX + 1)))
    assert failure.name == "MaxAccountsExceeded"


def test_instructions_of_a_transaction_at_and_past_the_limit(runtime: Runtime) -> None:
    assert run(runtime, *[consume(units=0)] * INSTRUCTION_TRACE_MAX).ok
    assert run(runtime, call_many(mine="mine", calls=INSTRUCTION_TRACE_MAX - 1)).ok
    runtime.set_account("mine", owner=ruled, lamports=100, data=bytes(8))
    failure = failed(runtime, call_many(mine="mine", calls=INSTRUCTION_TRACE_MAX))
    assert failure.name == "MaxInstructionTraceLengthExceeded"


def test_system_transfers_need_a_signature(runtime: Runtime) -> None:
    call = system.transfer(source="alice", destination="bob", lamports=5)
    unsigned = Instruction(
        call.program_id, tuple(meta._replace(signer=False) for meta in call.accounts), call.data
    )
    assert failed(runtime, unsigned).name == "MissingRequiredSignature"


@pytest.mark.parametrize(
    ("name", "error"), [("system", "ReadonlyLamportChange"), ("ruled", "ExecutableLamportChange")]
)
def test_a_program_can_be_given_nothing(runtime: Runtime, name: str, error: str) -> None:
    call = system.transfer(source="alice", destination=name, lamports=5)
    before = runtime.account(name)
    assert before.executable
    assert failed(runtime, call).name == error
    # One that the transaction invokes is read-only, whichever instruction names it.
    invoking = take_any(accounts=[])
    assert failed(runtime, call, invoking).name == "ReadonlyLamportChange"
    assert runtime.account(name) == before


def test_an_emptied_account_is_gone_when_the_transaction_ends(runtime: Runtime) -> None:
    runtime.set_account("brief", owner=ruled, lamports=5, data=b"left")
    assert run(runtime, hand_on(mine="brief", to="mine")).ok
    assert runtime.account("brief") == Account()
