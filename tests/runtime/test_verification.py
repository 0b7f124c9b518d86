"""`verify_block`: every route of a runtime is among the variants, and a fault in it is found.

t0 ──▶ t1      t0 pays b from a, t1 pays c from b; t2 pays e from d
t2
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sealane import Account, Pubkey, Runtime, Transaction
from sealane.programs import Mut, Program, Signer
from sealane.programs.library.system import system
from sealane.runtime import verification
from sealane.runtime.columns.account_columns import ChangedAccounts
from sealane.runtime.engine import parallel
from sealane.runtime.engine.worker_choice import TRANSACTIONS_MAX
from sealane.runtime.svm.execution_outcome import Execution
from sealane.runtime.verification import Verification, VerificationStep, verify_block

IN_PROCESS = "in this process, by waves"
WHOLE = "1 worker, whole block"
ELSEWHERE = "1 worker, elsewhere"

idler = Program("idler")


@idler.instruction(tag=0)
def idle(who: Mut[Signer]) -> None: ...


def pay(source: str, destination: str) -> Transaction:
    return Transaction([system.transfer(source=source, destination=destination, lamports=5)])


def verified(*block: Transaction) -> Verification:
    with Runtime(workers=0, programs=[idler]) as runtime:
        for name in "abcde":
            runtime.set_account(name, lamports=100)
        prepared = runtime.prepare(list(block))
        return verify_block(runtime, prepared, worker_counts=(), legal_orders=0)


@pytest.mark.slow
def test_the_routes_of_small_blocks_are_compared() -> None:
    own = Transaction([idle(who="a")])
    assert verified(pay("a", "b")).variants == ("serial, again", IN_PROCESS, WHOLE, ELSEWHERE)
    assert verified(pay("a", "b"), own).variants == ("serial, again", WHOLE, ELSEWHERE)
    assert WHOLE in verified(*[own] * TRANSACTIONS_MAX).variants
    assert WHOLE not in verified(*[own] * (TRANSACTIONS_MAX + 1)).variants


@pytest.mark.slow
@pytest.mark.parametrize("own", [True, False])
def test_progress_tells_of_every_variant_and_of_the_whole(own: bool) -> None:
    told: list[VerificationStep] = []
    block = [Transaction([idle(who="a")]) if own else pay("a", "b")] * 3
    with Runtime(workers=0, programs=[idler]) as runtime:
        found = verify_block(
            runtime,
            runtime.prepare(block),
            worker_counts=(2,),
            legal_orders=1,
            progress=told.append,
        )
    assert tuple(dict.fromkeys(step.variant for step in told)) == ("serial", *found.variants)
    assert {step.total for step in told} == {len(block) * (1 + len(found.variants))}
    assert told == sorted(told, key=lambda step: step.done)
    assert told[0].done == 0
    assert told[-1].done == told[-1].total


def units_of_t2(execution: Execution) -> None:
    execution.compute_units[2] += np.uint64(1)


def state_of_b(execution: Execution) -> None:
    leave(execution, "b", Account(7))


def state_of_e_and_units_of_t2(execution: Execution) -> None:
    leave(execution, "b", Account(7))  # of t1, whose receipt agrees
    leave(execution, "e", Account(8))
    units_of_t2(execution)


def no_state_of_e(execution: Execution) -> None:
    leave(execution, "e", Account(100))  # as if nothing had been paid


def leave(execution: Execution, name: str, state: Account) -> None:
    account = BLOCK_KEYS.index(Pubkey.of(name))
    execution.changed = ChangedAccounts.of({**execution.changed, account: state})


BLOCK = [pay("a", "b"), pay("b", "c"), pay("d", "e")]
BLOCK_KEYS = [Pubkey.of(name) for name in "abcde"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "transaction", "account"),
    [
        (units_of_t2, "t2", None),
        (state_of_b, "t1", "b"),
        (no_state_of_e, "t2", "e"),
        (state_of_e_and_units_of_t2, "t2", "e"),
    ],
)
@pytest.mark.parametrize("variant", [IN_PROCESS, WHOLE])
def test_a_fault_in_the_route_of_a_small_block_is_found(
    variant: str,
    fault: Callable[[Execution], None],
    transaction: str,
    account: str | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with Runtime(workers=0) as runtime:
        assert list(runtime.prepare(BLOCK).keys)[:5] == BLOCK_KEYS
    owner, name = (
        (verification, "execute_in_process")
        if variant == IN_PROCESS
        else (parallel, "unpack_report")
    )
    function: Callable[..., Any] = getattr(owner, name)

    def faulty(*arguments: Any) -> Any:
        result = function(*arguments)
        fault(result if isinstance(result, Execution) else result[0])
        return result

    monkeypatch.setattr(owner, name, faulty)
    (difference,) = verified(*BLOCK).differences
    key = None if account is None else str(Pubkey.of(account))
    found = (difference.variant, difference.transaction, difference.account)
    assert found == (variant, transaction, key)
    if fault is state_of_b:
        assert (difference.expected, difference.actual) == ("lamports 100", "lamports 7")
    elif fault is no_state_of_e:
        assert (difference.expected, difference.actual) == ("lamports 105", "lamports 100")
    else:
        assert f"{variant}: ok, " in difference.message
