"""From transaction objects to columns: accounts interned once, rights joined, ids unique."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sealane import (
    AccountMeta,
    InputError,
    Instruction,
    Pubkey,
    Runtime,
    Transaction,
    UsageError,
    build_block,
)
from sealane.programs.library.system import system
from sealane.runtime.block import NO_PAYER, SIGNER, WRITABLE, Block

A, B, C, P, Q = (Pubkey.of(name) for name in "abcpq")


def call(*metas: AccountMeta, program: Pubkey = P, data: bytes = b"") -> Instruction:
    return Instruction(program, metas, data)


def locks(block: Block, position: int) -> dict[Pubkey, bool]:
    start, end = block.access.offsets[position : position + 2].tolist()
    accounts = block.access.accounts[start:end].tolist()
    writes = block.access.writes[start:end].tolist()
    assert len(set(accounts)) == len(accounts)
    return {block.keys[a]: w for a, w in zip(accounts, writes, strict=True)}


def test_an_empty_block() -> None:
    block = build_block([])
    assert len(block) == 0
    assert block.access.offsets.tolist() == [0]
    assert block.instructions.offsets.tolist() == [0]


def test_columns_of_a_small_block() -> None:
    block = build_block(
        [
            Transaction([call(AccountMeta(A, signer=True), AccountMeta(B, writable=True))]),
            Transaction(
                [
                    call(AccountMeta(C), program=Q, data=b"xyz"),
                    call(AccountMeta(B), AccountMeta(B), data=b"\1"),
                ],
                payer="a",
                id="second",
                fee=7,
                cost=9,
            ),
            Transaction([]),
        ],
        lamports_per_signature=5,
    )
    assert block.ids == ("t0", "second", "t2")
    assert block.keys == (A, B, C)
    assert block.payers.tolist() == [0, 0, NO_PAYER]
    assert block.fees.tolist() == [5, 7, 0]
    assert block.costs.tolist() == [1, 9, 1]
    assert block.program_ids == (P, Q)
    columns = block.instructions
    assert columns.offsets.tolist() == [0, 1, 3, 3]
    assert columns.programs.tolist() == [0, 1, 0]
    assert columns.account_offsets.tolist() == [0, 2, 3, 5]
    assert columns.accounts.tolist() == [0, 1, 2, 1, 1]
    # The payer signs and is written, wherever it is named.
    assert columns.account_flags.tolist() == [SIGNER | WRITABLE, WRITABLE, 0, 0, 0]
    assert columns.data_offsets.tolist() == [0, 0, 3, 4]
    assert columns.data.tobytes() == b"xyz\1"
    assert locks(block, 0) == {A: True, B: True}
    assert locks(block, 1) == {A: True, B: False, C: False}
    assert locks(block, 2) == {}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_key_named_twice_is_one_lock_with_the_rights_of_both(order: tuple[int, int]) -> None:
    metas = [AccountMeta(B, signer=True), AccountMeta(B, writable=True)]
    metas = [metas[i] for i in order]
    for instructions in ([call(*metas)], [call(metas[0]), call(metas[1])]):
        block = build_block([Transaction(instructions, payer="a")])
        assert locks(block, 0) == {A: True, B: True}
        assert set(block.instructions.account_flags.tolist()) == {SIGNER | WRITABLE}


def test_fees_count_each_signature_once() -> None:
    signers = [AccountMeta(key, signer=True) for key in (A, B, B)]
    transactions = [
        Transaction([call(*signers), call(*signers)]),
        Transaction([call(*signers)], payer="c"),
        Transaction([call(*signers)], fee=0),
    ]
    block = build_block(transactions, lamports_per_signature=5000)
    assert block.fees.tolist() == [10_000, 15_000, 0]


def test_writes_named_beside_instructions_only_add_rights() -> None:
    transaction = Transaction(
        [call(AccountMeta(A, signer=True), AccountMeta(C, writable=True))],
        writes=["a", "b"],
        reads=["c"],
    )
    block = build_block([transaction], lamports_per_signature=5)
    assert locks(block, 0) == {A: True, B: True, C: True}
    assert block.instructions.account_flags.tolist() == [SIGNER | WRITABLE, WRITABLE]
    assert block.fees.tolist() == [5]


@pytest.mark.parametrize(
    "ids", [["x", "x"], ["t1", None], [None, None, "t0"], ["a", "b", "c", "a"]]
)
def test_an_id_twice(ids: list[str | None]) -> None:
    with pytest.raises(InputError, match=r"id '\w+' is used twice, at positions"):
        build_block([Transaction(id=name) for name in ids])


@pytest.mark.parametrize("field", ["fee", "cost"])
@pytest.mark.parametrize("value", [-1, 2**64, True, 1.5, "1", np.int64(1)])
def test_fees_and_costs_are_plain_integers_in_range(field: str, value: Any) -> None:
    with pytest.raises(UsageError, match=f"transaction 't0'.*{field}"):
        build_block([Transaction(**{field: value})])


@pytest.mark.parametrize("value", [-1, 2**64, True, 1.5])
def test_lamports_per_signature_too(value: Any) -> None:
    with pytest.raises(UsageError, match="lamports_per_signature"):
        build_block([], lamports_per_signature=value)


def test_a_fee_that_only_the_sum_of_signatures_makes_too_large() -> None:
    signers = [AccountMeta(key, signer=True) for key in (A, B)]
    with pytest.raises(UsageError, match=r"transaction 't0'.*fee"):
        build_block([Transaction([call(*signers)])], lamports_per_signature=2**63)


@pytest.mark.parametrize("payer", [None, "alice"])
def test_locks_alone_cannot_be_executed(payer: str | None) -> None:
    block = build_block([Transaction(payer="bob"), Transaction(reads=["x"], payer=payer)])
    with (
        Runtime(workers=0) as runtime,
        pytest.raises(UsageError, match="'t1' names only its locks"),
    ):
        runtime.execute(block)


def test_a_block_survives_its_columns() -> None:
    calls = [system.transfer(source="a", destination=name, lamports=5) for name in "bcd"]
    block = build_block([Transaction([c]) for c in calls])
    again = Block.from_columns(block.columns())
    assert list(again.keys) == list(block.keys)
    assert list(again.program_ids) == list(block.program_ids)
    assert again.keys[-1] == block.keys[-1]
    assert list(again.keys[1:3]) == list(block.keys[1:3])
    for name, column in block.columns().items():
        assert np.array_equal(again.columns()[name], column), name
