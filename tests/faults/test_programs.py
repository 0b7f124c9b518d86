"""Programs that raise, recurse, trespass, keep and cheat: rows 7 to 9, 12 and 14 to 19.

Everything here is executed serially, in lanes by one and two workers, and whole by one worker, and
must come out alike.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sealane import Failure, Instruction, Route, Runtime, Transaction
from sealane.primitives import Pubkey
from sealane.runtime.block.limits import PYTHON_FRAMES_MAX
from sealane.runtime.svm.recorder import Recorder
from sealane.runtime.verification import verify_block

from ..routes import WITH_WORKERS
from . import rule_breaking
from .rule_breaking import (
    RAISED,
    Vault,
    add_wrapping,
    deposit,
    keep_data,
    keep_slice,
    keep_view,
    mint,
    moody,
    offence,
    pass_on_undeclared,
    pay_odd,
    raise_it,
    read_undeclared,
    recurse,
    recurse_in_a_nested_call,
    store_float,
    store_odd,
    store_true,
    tell_process,
    use_kept,
    withdraw,
    write_readonly,
    write_undeclared,
)
from .scripts import output_of

COUNT = 30  # enough for a wave of like transactions to be executed vectorized
SOMEBODY = bytes(Pubkey.of("somebody"))
# By worker count; serially, there is but one.
ROUTES: dict[int, tuple[Route | None, ...]] = {
    0: (None,),
    1: (Route.LANES,),
    2: (Route.ONE_WORKER, Route.LANES),
}


@pytest.fixture
def runtimes() -> Iterator[list[Runtime]]:
    made = [Runtime(workers=workers, programs=[offence]) for workers in ROUTES]
    yield made
    for runtime in made:
        runtime.close()


def on_every_route(runtimes: list[Runtime]) -> Iterator[Runtime]:
    """Each runtime, with the next block's route forced; again, if there is another."""
    for runtime in runtimes:
        for route in ROUTES[runtime.workers]:
            runtime.route = route
            yield runtime


def failures(runtimes: list[Runtime], *calls: Instruction) -> list[Failure | None]:
    """Why each call's transaction failed, on every route alike; vaults v0 … begin at 100."""
    rule_breaking.kept_views.clear()
    results: list[Any] = []
    for runtime in on_every_route(runtimes):
        for number in range(COUNT):
            runtime.set_account(
                f"v{number}", lamports=1000, owner=offence, data=Vault(amount=100, delta=0)
            )
        result = runtime.execute([Transaction([call], id=f"x{n}") for n, call in enumerate(calls)])
        results.append((list(result.transactions), dict(result.accounts)))
    assert all(result == results[0] for result in results)
    return [receipt.error for receipt in results[0][0]]


def failure(runtimes: list[Runtime], call: Instruction) -> Failure:
    """Why the call failed, between neighbours that did not, and with no trace in its account."""
    before, found, after = failures(
        runtimes, deposit(vault="v1", amount=5), call, deposit(vault="v2", amount=5)
    )
    assert (before, after) == (None, None)
    assert found is not None
    for runtime in runtimes:
        assert Vault.decode(runtime.account("v1").data).amount == 105
        assert Vault.decode(runtime.account("v2").data).amount == 105
        untouched = runtime.account("v0")
        assert (untouched.lamports, Vault.decode(untouched.data).amount) == (1000, 100)
    return found


@pytest.mark.parametrize("which", [0, 6, 7])
def test_row_07_program_raises(which: int, runtimes: list[Runtime]) -> None:
    found = failure(runtimes, raise_it(vault="v0", which=which))
    assert found.name == "ProgramFailedToComplete"
    assert RAISED[which].__name__ in found.message
    assert "rule_breaking.py:" in found.message


@pytest.mark.parametrize("which", [1, 2, 3, 4])
def test_row_08_program_raises_what_is_no_exception(which: int, runtimes: list[Runtime]) -> None:
    found = failure(runtimes, raise_it(vault="v0", which=which))
    assert found.name == "ProgramFailedToComplete"
    assert RAISED[which].__name__ in found.message


@pytest.mark.parametrize("route", WITH_WORKERS)
def test_row_08_the_worker_lives_on(route: Route) -> None:
    with Runtime(workers=1, programs=[offence], route=route) as runtime:
        runtime.set_account("v0", owner=offence, data=Vault(amount=0, delta=0))
        calls = [tell_process(vault="v0")]
        for which in (1, 2, 3, 4):
            calls += [raise_it(vault="v0", which=which), tell_process(vault="v0")]
        receipts = runtime.execute([Transaction([call]) for call in calls]).transactions
    told = [receipt.logs for receipt in receipts if receipt.ok]
    assert len(told) == 5
    assert set(told) == {told[0]}


def test_row_09_exception_that_can_be_neither_pickled_nor_printed(
    runtimes: list[Runtime],
) -> None:
    found = failure(runtimes, raise_it(vault="v0", which=5))
    assert found.name == "ProgramFailedToComplete"
    assert "Unprintable: <its text raised SystemExit>" in found.message


@pytest.mark.parametrize("call", [recurse, recurse_in_a_nested_call])
def test_row_12_recursion_bomb(call: Callable[..., Instruction], runtimes: list[Runtime]) -> None:
    found = failure(runtimes, call(vault="v0"))
    assert found.name == "ProgramFailedToComplete"
    assert "RecursionError" in found.message


@pytest.mark.parametrize("call", [recurse, recurse_in_a_nested_call])
def test_row_12_fails_at_the_same_depth_everywhere(
    call: Callable[..., Instruction], runtimes: list[Runtime]
) -> None:
    """The same on a deep stack, in a thread, recorded, and under a limit set by the caller."""
    vault = Vault(amount=0, delta=0)
    logs: list[tuple[str, ...]] = []

    def run(runtime: Runtime, recorder: Recorder | None = None) -> None:
        runtime.set_account("v0", owner=offence, data=vault)
        block = [Transaction([call(vault="v0")])]
        logs.append(tuple(runtime.execute(block, recorder=recorder).transactions[0].logs))

    def run_below(frames: int) -> None:
        run_below(frames - 1) if frames else run(runtimes[0])

    for runtime in on_every_route(runtimes):
        run(runtime)
    run(runtimes[0], Recorder())
    run_below(500)
    thread = threading.Thread(target=run, args=(runtimes[0],))
    thread.start()
    thread.join()
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(before * 2)
    try:
        run(runtimes[0])
        assert sys.getrecursionlimit() == before * 2
    finally:
        sys.setrecursionlimit(before)
    assert len(logs) == 8
    assert set(logs) == {logs[0]}
    depth = int(logs[0][0].removeprefix("Program log: ").removesuffix(" frames"))
    assert PYTHON_FRAMES_MAX - 40 < depth < PYTHON_FRAMES_MAX


@pytest.mark.parametrize("call", [read_undeclared, write_undeclared, pass_on_undeclared])
def test_row_14_undeclared_access(
    call: Callable[..., Instruction], runtimes: list[Runtime]
) -> None:
    found = failure(runtimes, call(vault="v0", who=SOMEBODY))
    assert found.name == "MissingAccount"
    assert found.account == str(Pubkey.of("somebody"))
    assert "offence" in found.message
    assert "rule_breaking.py:" in found.message  # the line that did it


WRITES = {
    0: "ReadonlyDataModified",
    1: "ReadonlyDataModified",
    2: "ReadonlyDataModified",
    3: "ReadonlyDataModified",
    4: "ReadonlyDataModified",
    5: "ReadonlyDataModified",
    6: "ReadonlyLamportChange",
    7: "ReadonlyLamportChange",
    8: "ModifiedProgramId",
    9: "ProgramFailedToComplete",  # what numpy raises is not known to be about the account
}


@pytest.mark.parametrize("way", WRITES)
def test_row_15_write_to_an_account_declared_read_only(way: int, runtimes: list[Runtime]) -> None:
    found = failure(runtimes, write_readonly(vault="v0", way=way))
    assert found.name == WRITES[way]
    assert "rule_breaking.py:" in found.message


@pytest.mark.parametrize("way", [0, 1, 2, 3])
def test_row_16_a_kept_view_used_in_a_later_transaction(way: int, runtimes: list[Runtime]) -> None:
    """v0's second transaction waits for its first, and one worker executes both."""
    found = failures(runtimes[:2], keep_view(vault="v0"), use_kept(vault="v0", way=way))
    assert found[0] is None
    assert found[1] is not None
    assert found[1].name == "AccountBorrowFailed"
    assert "earlier instruction" in found[1].message


@pytest.mark.parametrize("way", [4, 5])
def test_row_16_kept_bytes_are_dead_when_the_instruction_ends(
    way: int, runtimes: list[Runtime]
) -> None:
    found = failures(runtimes[:2], keep_data(vault="v0"), use_kept(vault="v0", way=way))
    assert found[0] is None
    assert found[1] is not None
    assert found[1].name == "AccountBorrowFailed"


def test_row_15_a_slice_that_is_kept_fails_its_transaction(runtimes: list[Runtime]) -> None:
    """A slice cannot be taken back, so it would be a way to write later."""
    assert failure(runtimes, keep_slice(vault="v0")).name == "AccountBorrowOutstanding"


@pytest.mark.slow
@pytest.mark.parametrize("tag", [0, 1, 2, 3])
def test_row_17_verify_names_what_is_not_deterministic(tag: int) -> None:
    """t2 is the first that is not; its account is a2."""
    names = {0: "use_time", 1: "use_chance", 2: "use_hash_order", 3: "use_globals"}
    odd = moody.instructions[names[tag]]
    behave = moody.instructions["behave"]
    with Runtime(workers=0, programs=[moody]) as runtime:
        for number in range(4):
            runtime.set_account(f"a{number}", lamports=1, owner=moody, data=bytes(8))
        block = runtime.prepare(
            [
                Transaction([behave(account="a0", who="ann")]),
                Transaction([behave(account="a1", who="ann")]),
                Transaction([odd(account="a2")]),
                Transaction([odd(account="a3")]),
            ]
        )
        verification = verify_block(runtime, block, worker_counts=(2,), legal_orders=1)
    assert not verification.ok
    first = verification.differences[0]
    assert first.transaction == "t2"
    assert first.account == str(Pubkey.of("a2"))


@pytest.mark.slow
def test_row_17_hash_order_is_found_out_where_the_hash_seed_is_fixed() -> None:
    """As in many a CI: workers get seeds of their own all the same."""
    out = output_of(
        """
from sealane.runtime.verification import verify_block
from tests.faults.rule_breaking import moody
with Runtime(workers=0, programs=[moody]) as runtime:
    runtime.set_account("a", lamports=1, owner=moody, data=bytes(8))
    block = runtime.prepare(block_of(moody.use_hash_order(account="a")))
    for counts, orders in (((1,), 0), ((), 1)):
        found = verify_block(runtime, block, worker_counts=counts, legal_orders=orders, seed=7)
        print([(difference.variant, difference.transaction) for difference in found.differences])
""",
        PYTHONHASHSEED="0",
    )
    whole, elsewhere = (("1 worker, whole block", "t0"), ("1 worker, elsewhere", "t0"))
    on_workers = [("1 worker", "t0"), whole, elsewhere]
    assert out == f"{on_workers}\n{[whole, ('legal order 7', 't0'), elsewhere]}\n"


@pytest.mark.parametrize("amount", [1, -1])
def test_row_18_lamports_created_or_destroyed(amount: int, runtimes: list[Runtime]) -> None:
    found = failure(runtimes, mint(vault="v0", other="v3", amount=amount))
    assert found.name == "UnbalancedInstruction"
    assert f"{amount:+}" in found.message


def test_row_18_lamports_created_vectorized(runtimes: list[Runtime]) -> None:
    calls = [mint(vault=f"v{n}", other=f"w{n}", amount=5) for n in range(COUNT)]
    for found in failures(runtimes, *calls):
        assert found is not None
        assert found.name == "UnbalancedInstruction"


@pytest.mark.parametrize("which", range(9))
@pytest.mark.parametrize("call", [store_odd, pay_odd])
def test_row_19_u64_out_of_range_or_of_another_type(
    which: int, call: Callable[..., Instruction], runtimes: list[Runtime]
) -> None:
    found = failure(runtimes, call(vault="v0", which=which))
    assert found.name in ("ArithmeticOverflow", "InvalidArgument")
    assert "rule_breaking.py:" in found.message


@pytest.mark.parametrize(
    ("call", "amounts"), [(add_wrapping, (1, 2**64 - 101)), (withdraw, (1, 100))]
)
@pytest.mark.parametrize("count", [1, COUNT])
def test_row_19_no_wrap_around_in_scalar_and_batch_handlers(
    call: Callable[..., Instruction],
    amounts: tuple[int, int],
    count: int,
    runtimes: list[Runtime],
) -> None:
    """Vaults hold 100: the most that fits does, and one more fails."""
    for past in (0, 1):
        calls = [call(vault=f"v{n}", amount=amounts[1] + past) for n in range(count)]
        for found in failures(runtimes, *calls):
            assert (found is None) == (past == 0)
            assert found is None or found.name == "ArithmeticOverflow"


@pytest.mark.parametrize("call", [store_true, store_float])
@pytest.mark.parametrize("count", [1, COUNT])
def test_row_19_no_bool_and_no_float_in_scalar_and_batch_handlers(
    call: Callable[..., Instruction], count: int, runtimes: list[Runtime]
) -> None:
    for found in failures(runtimes, *[call(vault=f"v{n}") for n in range(count)]):
        assert found is not None
        assert found.name in ("ArithmeticOverflow", "InvalidArgument")
