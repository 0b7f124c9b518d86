"""Compute budget requests of transactions, valid and invalid."""

from __future__ import annotations

import pytest

import sealane
from sealane import Instruction, Pubkey, Receipt, Transaction
from sealane.programs import Context, Program, u64
from sealane.programs.library import compute_budget
from sealane.wire.compute_budget import COMPUTE_UNITS_MAX

burner = Program("burner", trusted=True)
BUDGET_UNITS = 150  # what each instruction of the compute budget program costs itself


@burner.instruction(tag=0)
def use(ctx: Context, units: u64) -> None:
    ctx.consume(units)


def run(*instructions: Instruction, fee: int = 0) -> tuple[Receipt, int]:
    """The receipt, and what remains of the payer's 100 lamports."""
    with sealane.Runtime(workers=0, programs=[burner]) as runtime:
        runtime.set_account("payer", lamports=100)
        transaction = Transaction(instructions, payer="payer", fee=fee)
        receipt = runtime.execute([transaction]).transactions[0]
        return receipt, runtime.account("payer").lamports


def error_of(*instructions: Instruction) -> tuple[str | None, str, int | None]:
    error = run(*instructions)[0].error
    assert error is not None
    return error.program, error.name, error.instruction


def raw(data: str) -> Instruction:
    return Instruction(Pubkey.of("compute_budget"), (), bytes.fromhex(data))


def limit(units: int) -> Instruction:
    return compute_budget.set_compute_unit_limit(units=units)


def test_the_encodings() -> None:
    assert compute_budget.request_heap_frame(bytes_asked=32768).data.hex() == "0100800000"
    assert limit(1_400_000).data.hex() == "02c05c1500"
    assert compute_budget.set_compute_unit_price(micro_lamports=5).data.hex() == "0305" + "00" * 7
    limited = compute_budget.set_loaded_accounts_data_size_limit(bytes_max=9)
    assert limited.data.hex() == "0409000000"


def test_a_limit_is_enforced_at_and_past_it() -> None:
    asked = limit(1_000)
    receipt, _ = run(asked, burner.use(units=1_000 - BUDGET_UNITS))
    assert receipt.ok
    assert receipt.compute_units == 1_000
    past = error_of(asked, burner.use(units=1_001 - BUDGET_UNITS))
    assert past == (None, "ComputationalBudgetExceeded", 1)


def test_the_limit_applies_wherever_its_instruction_is() -> None:
    assert error_of(burner.use(units=1_000), limit(999))[1] == "ComputationalBudgetExceeded"


def test_a_limit_above_the_default_is_capped() -> None:
    most = burner.use(units=COMPUTE_UNITS_MAX - BUDGET_UNITS)
    assert error_of(most)[1] == "ComputationalBudgetExceeded"
    assert run(limit(2**32 - 1), most)[0].ok
    past = burner.use(units=COMPUTE_UNITS_MAX - BUDGET_UNITS + 1)
    assert error_of(limit(2**32 - 1), past)[1] == "ComputationalBudgetExceeded"


def test_a_request_adds_little_to_the_default() -> None:
    price = compute_budget.set_compute_unit_price(micro_lamports=1)
    assert run(price)[0].ok
    assert run(price, burner.use(units=203_000 - BUDGET_UNITS))[0].ok
    past = error_of(price, burner.use(units=203_001 - BUDGET_UNITS))
    assert past[1] == "ComputationalBudgetExceeded"


@pytest.mark.parametrize(
    "data", ["", "00", "05", "02", "02000000", "0300000000000000", "ff00000000"]
)
def test_a_request_that_does_not_decode(data: str) -> None:
    assert error_of(burner.use(units=1), raw(data)) == (None, "InvalidInstructionData", 1)


@pytest.mark.parametrize("length", [32 * 1024 - 1024, 256 * 1024 + 1024, 32 * 1024 + 1])
def test_a_heap_of_an_impossible_length(length: int) -> None:
    wrong = compute_budget.request_heap_frame(bytes_asked=length)
    assert error_of(wrong) == (None, "InvalidInstructionData", 0)


@pytest.mark.parametrize("length", [32 * 1024, 33 * 1024, 256 * 1024])
def test_a_heap_of_a_possible_length(length: int) -> None:
    assert run(compute_budget.request_heap_frame(bytes_asked=length))[0].ok


def test_asking_twice() -> None:
    for request in (limit(500), compute_budget.set_compute_unit_price(micro_lamports=1)):
        assert error_of(request, burner.use(units=1), request) == (None, "DuplicateInstruction", 2)


def test_no_account_data_at_all() -> None:
    nothing = compute_budget.set_loaded_accounts_data_size_limit(bytes_max=0)
    assert error_of(limit(500), nothing)[1] == "InvalidLoadedAccountsDataSizeLimit"


def test_a_transaction_that_asks_wrongly_pays_nothing() -> None:
    receipt, left = run(limit(500), limit(500), fee=7)
    assert (receipt.ok, receipt.fee, receipt.compute_units, left) == (False, 0, 0, 100)


def test_a_transaction_that_uses_up_its_limit_pays_its_fee() -> None:
    receipt, left = run(limit(500), burner.use(units=500), fee=7)
    assert (receipt.ok, receipt.fee, left) == (False, 7, 93)


def test_bytes_after_a_request_are_ignored() -> None:
    assert run(raw("02e8030000" + "ff"))[0].ok
