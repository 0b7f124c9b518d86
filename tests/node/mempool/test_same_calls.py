"""What makes two transactions the same to a mempool, and what does not."""

from __future__ import annotations

import pytest

from sealane import Transaction
from sealane.node.mempool import digest_of_calls
from sealane.primitives import AccountMeta, Instruction, Pubkey
from sealane.programs.library import compute_budget

_A, _B = Pubkey.of("a"), Pubkey.of("b")
_CALL = Instruction(_A, (AccountMeta(_B, writable=True),), b"data")


def _digest(*calls: Instruction, payer: str = "alice") -> bytes:
    return digest_of_calls(Transaction(calls, payer=payer))


def test_compute_budget_instructions_and_the_id_do_not_count() -> None:
    limit = compute_budget.set_compute_unit_limit(units=1_000)
    price = compute_budget.set_compute_unit_price(micro_lamports=7)
    assert _digest(limit, _CALL, price) == _digest(_CALL)
    assert digest_of_calls(Transaction([_CALL], payer="alice", id="x")) == _digest(_CALL)


@pytest.mark.parametrize(
    "other",
    [
        Instruction(_B, _CALL.accounts, _CALL.data),
        Instruction(_A, (AccountMeta(_A, writable=True),), _CALL.data),
        Instruction(_A, (AccountMeta(_B, signer=True, writable=True),), _CALL.data),
        Instruction(_A, (AccountMeta(_B),), _CALL.data),
        Instruction(_A, (AccountMeta(_B, writable=True, adds=True),), _CALL.data),
        Instruction(_A, (), _CALL.data),
        Instruction(_A, _CALL.accounts, b"data\0"),
    ],
)
def test_everything_else_of_a_call_counts(other: Instruction) -> None:
    assert _digest(other) != _digest(_CALL)


def test_payer_and_order_count() -> None:
    other = Instruction(_B, (), b"")
    assert _digest(_CALL, payer="bob") != _digest(_CALL)
    assert _digest(_CALL, other) != _digest(other, _CALL)
    assert _digest(_CALL, _CALL) != _digest(_CALL)
