"""Fees: the payer is debited first, also for a failed transaction; if it cannot pay, nothing
runs."""

from __future__ import annotations

from typing import Any

import pytest

from sealane import Runtime, Transaction
from sealane.programs import Mut, Program, Signer
from sealane.programs.library.nonce_account import NonceAccount, NonceState, NonceVersion
from sealane.programs.library.system import system

FEE = 5_000
NONCE_RENT = 1_447_680  # what exempts the 80 bytes of a nonce account

spender = Program("spender")


@spender.instruction(tag=0)
def burn_units(payer: Mut[Signer]) -> None:
    """Fails, whatever it is given."""
    raise ValueError("no")


def pay(
    lamports: int, *, source: str = "alice", payer: str = "alice", fee: int = FEE
) -> Transaction:
    call = system.transfer(source=source, destination="bob", lamports=lamports)
    return Transaction([call], payer=payer, fee=fee)


def balances(runtime: Runtime, *names: str) -> list[int]:
    return [runtime.account(name).lamports for name in names]


def test_the_payer_pays_for_success_and_for_failure(runtime: Runtime) -> None:
    runtime.set_account("alice", lamports=100_000)
    result = runtime.execute(
        [pay(1), pay(1_000_000), Transaction([burn_units(payer="alice")], fee=7)]
    )
    assert [receipt.ok for receipt in result.transactions] == [True, False, False]
    assert [receipt.fee for receipt in result.transactions] == [FEE, FEE, 7]
    assert balances(runtime, "alice", "bob") == [100_000 - 2 * FEE - 7 - 1, 1]


def test_the_fee_is_taken_before_the_first_instruction(runtime: Runtime) -> None:
    runtime.set_account("alice", lamports=FEE + 10)
    result = runtime.execute([pay(11)])
    assert result.transactions[0].error is not None
    assert result.transactions[0].error.name == "ResultWithNegativeLamports"
    assert balances(runtime, "alice", "bob") == [10, 0]
    assert runtime.execute([pay(10, fee=0)]).ok
    assert balances(runtime, "alice", "bob") == [0, 10]


def test_a_payer_who_holds_exactly_the_fee(runtime: Runtime) -> None:
    runtime.set_account("alice", lamports=FEE)
    runtime.set_account("carol", lamports=3)
    result = runtime.execute([pay(3, source="carol")])
    assert result.ok
    assert balances(runtime, "alice", "bob", "carol") == [0, 3, 0]
    # Whoever has nothing left does not exist, and cannot pay again.
    (receipt,) = runtime.execute([pay(0)]).transactions
    assert receipt.error is not None
    assert receipt.error.name == "AccountNotFound"


def test_one_lamport_short(runtime: Runtime) -> None:
    runtime.set_account("alice", lamports=FEE - 1)
    (receipt,) = runtime.execute([pay(1)]).transactions
    assert receipt.error is not None
    assert receipt.error.name == "InsufficientFundsForFee"
    assert str(FEE) in receipt.error.message
    assert receipt.error.instruction is None
    assert receipt.error.program is None
    assert receipt.fee == 0
    assert balances(runtime, "alice", "bob") == [FEE - 1, 0]


def test_without_the_fee_nothing_runs(runtime: Runtime) -> None:
    runtime.set_account("owned", lamports=10**6, owner="spender")
    runtime.set_account("carol", lamports=10)
    for payer, error in (("owned", "InvalidAccountForFee"), ("nobody", "AccountNotFound")):
        (receipt,) = runtime.execute([pay(5, source="carol", payer=payer)]).transactions
        assert receipt.error is not None
        assert receipt.error.name == error
        assert (receipt.fee, receipt.compute_units) == (0, 0)
    assert balances(runtime, "owned", "carol", "bob") == [10**6, 10, 0]


def test_a_fee_without_a_payer(runtime: Runtime) -> None:
    (receipt,) = runtime.execute([Transaction([], fee=1)]).transactions
    assert receipt.error is not None
    assert receipt.error.name == "AccountNotFound"


def test_a_zero_fee_needs_no_payer(runtime: Runtime) -> None:
    assert runtime.execute([Transaction([]), Transaction([], payer="nobody", fee=0)]).ok


def test_an_unknown_program_costs_nothing(runtime: Runtime) -> None:
    runtime.set_account("alice", lamports=10**6)
    stranger = Program("stranger")

    @stranger.instruction(tag=0)
    def act(payer: Signer) -> None: ...

    call = act(payer="alice")
    object.__setattr__(call, "program", None)  # as from a file: only the id is known
    (receipt,) = runtime.execute(
        [Transaction([pay(1).instructions[0], call], fee=FEE)]
    ).transactions
    assert receipt.error is not None
    assert receipt.error.name == "ProgramAccountNotFound"
    assert balances(runtime, "alice", "bob") == [10**6, 0]


def test_failures_of_a_chain_of_payments_in_one_block(runtime: Runtime) -> None:
    # alice ─▶ alice ─▶ alice: each spends what the one before left
    runtime.set_account("alice", lamports=2 * FEE + 150)
    result = runtime.execute([pay(100), pay(100), pay(50, fee=0), pay(1)])
    names = [r.error and r.error.name for r in result.transactions]
    assert names == [None, "ResultWithNegativeLamports", None, "AccountNotFound"]
    assert balances(runtime, "alice", "bob") == [0, 150]


@pytest.mark.parametrize("signatures", [1, 2])
def test_the_runtime_charges_by_signature(signatures: int) -> None:
    with Runtime(workers=0, lamports_per_signature=FEE) as runtime:
        for name in ("alice", "carol"):
            runtime.set_account(name, lamports=100_000)
        payer = "alice" if signatures == 1 else "carol"
        call = system.transfer(source="alice", destination="bob", lamports=1)
        assert runtime.execute([Transaction([call], payer=payer)]).ok
        total = sum(balances(runtime, "alice", "bob", "carol"))
        assert total == 200_000 - signatures * FEE


def nonce(**fields: Any) -> bytes:
    values: dict[str, Any] = {"version": NonceVersion.Current, "state": NonceState.Initialized}
    return NonceAccount(**values | fields).encode()


LEGACY, UNINITIALIZED = nonce(version=NonceVersion.Legacy), nonce(state=NonceState.Uninitialized)
PAYERS = {
    "no data": (b"", FEE, None),
    "one byte": (b"\0", 10**9, "InvalidAccountForFee"),
    "79 bytes": (nonce()[:79], 10**9, "InvalidAccountForFee"),
    "81 bytes": (nonce() + b"\0", 10**9, "InvalidAccountForFee"),
    "an unknown version": (b"\2" + nonce()[1:], 10**9, "InvalidAccountForFee"),
    "an uninitialized nonce": (UNINITIALIZED, 10**9, "InvalidAccountForFee"),
    "a nonce": (nonce(), NONCE_RENT + FEE, None),
    "a legacy nonce": (LEGACY, NONCE_RENT + FEE, None),
    "a nonce one lamport short": (nonce(), NONCE_RENT + FEE - 1, "InsufficientFundsForFee"),
    "a nonce with nothing": (nonce(), 0, "AccountNotFound"),
}


@pytest.mark.parametrize("count", [1, 100])
@pytest.mark.parametrize("payer", PAYERS)
def test_a_payer_that_holds_data_is_an_initialized_nonce(
    payer: str, count: int, runtime: Runtime
) -> None:
    """Among payers without data, as many as are executed together."""
    data, lamports, error = PAYERS[payer]
    block: list[Transaction] = []
    for number in range(count):
        runtime.set_account(f"payer{number}", lamports=FEE)
        runtime.set_account(f"from{number}", lamports=1)
        call = system.transfer(source=f"from{number}", destination=f"to{number}", lamports=1)
        block.append(Transaction([call], payer=f"payer{number}", fee=FEE))
    runtime.set_account("payer0", lamports=lamports, data=data)
    first, *others = runtime.execute(block).transactions
    assert [receipt.ok for receipt in others] == [True] * (count - 1)
    assert (first.error and first.error.name) == error
    assert first.fee == (0 if error else FEE)
    assert balances(runtime, "payer0", "to0") == [lamports - first.fee, 0 if error else 1]


def test_a_nonce_account_that_signs_its_own_transfers_fee(runtime: Runtime) -> None:
    """The payer is an account of the instruction, too."""
    runtime.set_account("nonce", lamports=NONCE_RENT + FEE, data=nonce())
    runtime.set_account("short", lamports=NONCE_RENT + FEE - 1, data=nonce())
    for payer, error in (("nonce", "InvalidArgument"), ("short", "InsufficientFundsForFee")):
        (receipt,) = runtime.execute([pay(1, source=payer, payer=payer)]).transactions
        assert receipt.error is not None
        assert receipt.error.name == error
    assert balances(runtime, "nonce", "short") == [NONCE_RENT, NONCE_RENT + FEE - 1]


def test_a_payer_that_gets_data_in_the_same_block(runtime: Runtime) -> None:
    runtime.set_account("alice", lamports=10 * FEE)
    block = [pay(1), Transaction([system.allocate(account="alice", space=3)], fee=FEE), pay(1)]
    names = [r.error and r.error.name for r in runtime.execute(block).transactions]
    assert names == [None, None, "InvalidAccountForFee"]


def test_users_programs_may_let_accounts_with_data_pay(runtime: Runtime) -> None:
    bank = Program("bank", pays_fees=True)
    runtime.programs.replace(bank)
    runtime.set_account("till", lamports=FEE, owner="bank", data=b"\0")
    runtime.set_account("alice", lamports=1)
    assert runtime.execute([pay(1, payer="till")]).ok
    assert balances(runtime, "till", "bob") == [0, 1]
