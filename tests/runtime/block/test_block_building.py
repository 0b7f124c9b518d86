"""Building blocks from Transaction objects: interned accounts, merged rights, unique ids."""

from __future__ import annotations

from collections.abc import Sequence, Sized
from itertools import accumulate, permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane import (
    AccountMeta,
    InputError,
    Instruction,
    Pubkey,
    Transaction,
    UsageError,
    build_block,
)
from sealane.primitives.known_keys import UPGRADEABLE_LOADER
from sealane.primitives.reserved_keys import RESERVED_KEYS
from sealane.programs.kit.accounts.sysvars import SYSVAR_IDS
from sealane.runtime.block import transaction_columns
from sealane.runtime.block.block import ADDS, NO_PAYER, SIGNER, WRITABLE, Block

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
    assert tuple(block.keys) == (A, B, C)
    assert block.payers.tolist() == [0, 0, NO_PAYER]
    assert block.fees.tolist() == [5, 7, 0]
    assert block.costs.tolist() == [1, 9, 1]
    assert tuple(block.program_ids) == (P, Q)
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
    names = [f"t{place}" if name is None else name for place, name in enumerate(ids)]
    twice = next(name for place, name in enumerate(names) if name in names[:place])
    first, second = (place for place, name in enumerate(names) if name == twice)
    with pytest.raises(
        InputError, match=f"id '{twice}' is used twice, at positions {first} and {second};"
    ):
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


def test_a_stated_fee_is_valid_even_if_the_default_would_overflow() -> None:
    signers = [AccountMeta(key, signer=True) for key in (A, B)]
    two, one = Transaction([call(*signers)], fee=3), Transaction(payer="a")
    block = build_block([two, one], lamports_per_signature=2**63)
    assert block.fees.tolist() == [3, 2**63]


def test_the_largest_fee_and_cost() -> None:
    block = build_block([Transaction(fee=2**64 - 1, cost=2**32 - 1), Transaction()])
    assert block.fees.tolist() == [2**64 - 1, 0]
    assert block.costs.tolist() == [2**32 - 1, 1]


FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"id": "a"}, "transaction id 'a' is used twice, at positions 0 and 1"),
    ({"fee": -1}, "transaction 't1': fee must be"),
    ({"cost": True}, "transaction 't1': cost must be"),
]


@pytest.mark.parametrize("faults", list(permutations(FAULTS)))
def test_the_error_of_the_first_invalid_transaction_is_raised(
    faults: tuple[tuple[dict[str, Any], str], ...],
) -> None:
    bad = [Transaction(**fields) for fields, _ in faults]
    with pytest.raises(InputError, match=faults[0][1]):
        build_block([Transaction(id="a"), *bad])


@pytest.mark.parametrize("count", [2, 3])
def test_the_first_error_of_a_transaction_is_raised(count: int) -> None:
    fields: dict[str, Any] = {"cost": -1, "fee": -1, "id": "a"}
    told = {2: "transaction 't1': fee", 3: "transaction id 'a'"}
    bad = Transaction(**dict([*fields.items()][:count]))
    with pytest.raises(InputError, match=told[count]):
        build_block([Transaction(id="a"), bad])


def test_rights_are_taken_by_truth_value() -> None:
    loose: Any = AccountMeta
    block = build_block([Transaction([call(loose(A, 1, None), loose(B, "", 2))])])
    assert block.instructions.account_flags.tolist() == [SIGNER | WRITABLE, WRITABLE]


ACCOUNTS = [
    *(Pubkey(bytes(31) + bytes([last])) for last in range(5)),  # 0 is the system program
    *sorted(SYSVAR_IDS),
    *(P, Q, UPGRADEABLE_LOADER),
]
accounts = st.sampled_from(ACCOUNTS)
calls = st.builds(
    Instruction,
    st.sampled_from([P, Q, A, ACCOUNTS[1], UPGRADEABLE_LOADER]),
    st.lists(
        st.builds(AccountMeta, accounts, st.booleans(), st.booleans(), st.booleans()), max_size=5
    ).map(tuple),
    st.binary(max_size=3),
    st.sampled_from([None, "one", "other"]),
)
some_transactions = st.lists(
    st.builds(
        Transaction,
        st.lists(calls, max_size=3),
        payer=st.none() | accounts,
        fee=st.none() | st.integers(0, 2**64 - 1),
        cost=st.none() | st.integers(0, 2**32 - 1),
        writes=st.lists(accounts, max_size=2),
        reads=st.lists(accounts, max_size=2),
    ),
    max_size=12,
)


@given(some_transactions, st.integers(1, 4))
def test_the_block_equals_one_built_transaction_by_transaction(
    transactions: list[Transaction], stretch_len: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transaction_columns, "_CHUNK_LEN", stretch_len)
        block = build_block(transactions, lamports_per_signature=7)
    expected = OneAtATime(transactions, lamports_per_signature=7)
    columns = block.instructions
    assert tuple(block.keys) == tuple(expected.accounts)
    assert block.access.offsets.tolist() == ends(expected.locks)
    assert block.access.accounts.tolist() == [lock for row in expected.locks for lock in row]
    assert block.access.writes.tolist() == [
        flags & (WRITABLE | ADDS) == WRITABLE for row in expected.locks for flags in row.values()
    ]
    adds = [flags & ADDS > 0 for row in expected.locks for flags in row.values()]
    assert (block.access.adds is not None) is any(adds)
    assert block.access.adds is None or block.access.adds.tolist() == adds
    assert block.access.account_count == len(expected.accounts)
    assert block.payers.tolist() == expected.payers
    assert block.fees.tolist() == expected.fees
    assert block.costs.tolist() == expected.costs
    assert tuple(block.program_ids) == tuple(expected.program_ids)
    assert columns.offsets.tolist() == ends([each.instructions for each in transactions])
    assert columns.programs.tolist() == expected.programs
    assert columns.account_offsets.tolist() == ends(expected.called)
    assert columns.accounts.tolist() == [account for row in expected.called for account in row]
    assert columns.account_flags.tolist() == expected.flags
    assert columns.data_offsets.tolist() == ends(expected.data)
    assert columns.data.tobytes() == b"".join(expected.data)
    assert block.programs == tuple(dict.fromkeys(expected.built))
    for name, column in block.columns().items():
        assert column.dtype == (EMPTY | {"access_adds": EMPTY["access_writes"]})[name].dtype, name


class OneAtATime:
    """The content of a block's columns, built transaction by transaction."""

    def __init__(self, transactions: list[Transaction], *, lamports_per_signature: int) -> None:
        self.accounts: dict[Pubkey, int] = {}
        self.program_ids: dict[Pubkey, int] = {}
        self.locks = [self.locks_of(each) for each in transactions]
        self.payers = [
            NO_PAYER if each.payer is None else self.accounts[each.payer] for each in transactions
        ]
        self.costs = [1 if each.cost is None else each.cost for each in transactions]
        self.fees: list[int] = []
        self.programs: list[int] = []
        self.called: list[list[int]] = []
        self.flags: list[int] = []
        self.data: list[bytes] = []
        self.built: list[object] = []
        for each, locks in zip(transactions, self.locks, strict=True):
            signatures = sum(flags & SIGNER for flags in locks.values())
            self.fees.append(lamports_per_signature * signatures if each.fee is None else each.fee)
            for instruction in each.instructions:
                self.add_call(instruction, locks)

    def locks_of(self, transaction: Transaction) -> dict[int, int]:
        named: list[tuple[Pubkey, int]] = []
        mentioned = {transaction.payer, *transaction.writes, *transaction.reads}
        invoked = {instruction.program_id for instruction in transaction.instructions}
        for instruction in transaction.instructions:
            mentioned |= {meta.key for meta in instruction.accounts}
        if UPGRADEABLE_LOADER in mentioned | invoked:
            invoked = set[Pubkey]()
        if transaction.payer is not None:
            named.append((transaction.payer, SIGNER | WRITABLE))
        for instruction in transaction.instructions:
            for key, signer, writable, adds in instruction.accounts:
                writes = (writable or adds) and key not in RESERVED_KEYS | invoked
                rights = WRITABLE * writes | ADDS * (adds and writes)
                named.append((key, SIGNER * signer | rights))
        named += [(key, WRITABLE) for key in transaction.writes]
        named += [(key, 0) for key in transaction.reads]
        locks: dict[int, int] = {}
        for key, flags in named:
            account = self.accounts.setdefault(key, len(self.accounts))
            more = flags | locks.get(account, 0)
            locks[account] = more & ~ADDS | flags & locks.get(account, ADDS) & ADDS
        return locks

    def add_call(self, instruction: Instruction, locks: dict[int, int]) -> None:
        self.programs.append(
            self.program_ids.setdefault(instruction.program_id, len(self.program_ids))
        )
        self.called.append([self.accounts[meta.key] for meta in instruction.accounts])
        self.flags += [locks[account] for account in self.called[-1]]
        self.data.append(instruction.data)
        if instruction.program is not None:
            self.built.append(instruction.program)


EMPTY = build_block([]).columns()


def ends(rows: Sequence[Sized]) -> list[int]:
    return [0, *accumulate(map(len, rows))]
