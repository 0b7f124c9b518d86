"""Results, their parts, and transactions: reprs, pickling, copies, comparison."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

from sealane import (
    Account,
    AccountMeta,
    Instruction,
    Pubkey,
    Result,
    Runtime,
    Transaction,
    build_block,
)
from sealane.primitives.one_line import REPR_LEN_MAX
from sealane.programs import Program, u64
from sealane.programs.library import system

from ...notebook import HOSTILE, TABLE_TAGS, Page, page_of

local = Program("local_to_results")


@local.instruction(tag=0)
def note(amount: u64) -> None:
    del amount


def transactions() -> list[Transaction]:
    pay = system.transfer(source="alice", destination="bob", lamports=5)
    overdraw = system.transfer(source="bob", destination="alice", lamports=50)
    calls = (pay, note(amount=7), overdraw)
    return [Transaction([call], payer="alice", id=f"t{n}") for n, call in enumerate(calls)]


def run(workers: int) -> Result:
    with Runtime(workers=workers, programs=[local]) as runtime:
        runtime.set_account("alice", lamports=1_000_000)
        return runtime.execute(transactions())


@pytest.fixture(params=[0, 2])
def result(request: pytest.FixtureRequest) -> Result:
    return run(request.param)


def copies(value: Any) -> list[Any]:
    return [
        *(pickle.loads(pickle.dumps(value, protocol)) for protocol in (2, pickle.HIGHEST_PROTOCOL)),
        copy.copy(value),
        copy.deepcopy(value),
    ]


def test_a_result_and_its_parts_survive_pickling_and_copying(result: Result) -> None:
    _ = result.waves, result.block.shapes, result.block.key_column
    for other in copies(result):
        assert other == result
        assert other.waves == result.waves
        assert other.timing == result.timing
        assert repr(other) == repr(result)
        assert list(other.block.programs) == list(result.block.programs)
    for part in (result.transactions, result.transactions[2], dict(result.accounts)):
        assert all(other == part for other in copies(part))


def test_transactions_survive_pickling_and_copying() -> None:
    for transaction in transactions():
        for other in copies(transaction):
            assert other == transaction
            assert hash(other) == hash(transaction)
            assert other.instructions[0].program is transaction.instructions[0].program


def test_a_pickled_block_runs_and_keeps_importable_programs_only() -> None:
    hidden = Program("hidden_in_a_test")

    @hidden.instruction(tag=0)
    def touch(amount: u64) -> None:
        del amount

    block = build_block([*transactions(), Transaction([touch(amount=1)], payer="alice")])
    other = pickle.loads(pickle.dumps(block))
    assert other.programs == (system, local)
    with Runtime(workers=0, programs=[hidden]) as runtime:
        runtime.set_account("alice", lamports=1_000_000)
        assert [receipt.ok for receipt in runtime.execute(other).transactions] == [
            True, True, False, True,
        ]  # fmt: skip


def test_results_are_equal_on_every_route() -> None:
    first, second = run(0), run(2)
    assert first == second
    assert first.transactions == second.transactions
    assert first != 7
    assert first.transactions != list(first.transactions)


@pytest.mark.parametrize("change", ["amount", "id", "fee"])
def test_results_of_different_blocks_differ(change: str) -> None:
    call = system.transfer(source="alice", destination="bob", lamports=5 + (change == "amount"))
    fee = 1 if change == "fee" else 0
    given = [Transaction([call], payer="alice", id="x" if change == "id" else "t0", fee=fee)]
    results: list[Result] = []
    for block in (given, transactions()[:1]):
        with Runtime(workers=0) as runtime:
            runtime.set_account("alice", lamports=1_000_000)
            results.append(runtime.execute(block))
    assert results[0] != results[1]


def test_a_receipt_is_found_by_position_and_by_id(result: Result) -> None:
    receipts: Any = result.transactions
    assert receipts["t1"] == receipts[1] == receipts[-2]
    assert ("t1" in receipts, "t9" in receipts, receipts[1] in receipts) == (True, False, True)
    assert "_positions" not in receipts.__getstate__()
    with pytest.raises(KeyError, match="no transaction has the id 't9'; see receipts"):
        receipts["t9"]
    with pytest.raises(IndexError, match="no transaction 9 among 3"):
        receipts[9]
    with pytest.raises(TypeError, match="a position, a slice or a transaction's id, not float"):
        receipts[1.5]


def test_each_repr_is_one_short_line(result: Result) -> None:
    long = "x" * 500 + "\n"
    key = Pubkey(bytes(32))
    meta = AccountMeta(key, signer=False, writable=True)
    raw = Instruction(key, (meta,) * 300, b"\1" * 1_000_000)
    shown: list[object] = [
        result,
        result.block,
        result.dag,
        result.transactions,
        *result.transactions,
        result.accounts,
        result.block.keys,
        *transactions(),
        raw,
        Transaction([raw] * 50, payer=long, id=long),
        Transaction(writes=["a"] * 5, reads=["b"]),
        Transaction(),
        Account(2**64 - 1, Pubkey.of(long), b"\0" * 10_000_000, executable=True),
    ]
    for each in shown:
        assert len(repr(each)) <= 100, repr(each)
        assert repr(each).isprintable()


def test_the_content_of_reprs(result: Result) -> None:
    assert repr(transactions()[0]) == "<Transaction t0: system.transfer, paid by alice>"
    assert repr(transactions()[0].instructions[0]) == (
        "<Instruction system.transfer: 2 accounts, 12 bytes>"
    )
    assert repr(Transaction(writes=["a"], reads=["b"], id="p")) == (
        "<Transaction p: locks alone, 1 written, 1 read>"
    )
    assert [repr(receipt) for receipt in result.transactions] == [
        "<Receipt t0: ok, wave 0, 150 units, fee 0>",
        "<Receipt t1: ok, wave 1, 0 units, fee 0>",
        "<Receipt t2: failed with system.ResultWithNegativeLamports, wave 2, 150 units, fee 0>",
    ]
    assert repr(Account(1, Pubkey.of("token"), bytes(range(9)))) == (
        "<Account of token: 1 lamport, 9 bytes 0001020304050607…>"
    )
    wrong = Account(1, Pubkey.of("token"), "x" * 3_000)  # pyright: ignore[reportArgumentType]
    assert repr(wrong).startswith("<Account with invalid values: (1, ")
    assert len(repr(wrong)) <= REPR_LEN_MAX
    assert repr(result.block) == "<Block of 3 transactions, 2 accounts>"


def test_a_notebook_shows_hostile_ids_as_text() -> None:
    with Runtime(workers=0) as runtime:
        found = runtime.execute([Transaction(id=name) for name in HOSTILE])
    page = page_of(found)
    assert Page(page).tags <= TABLE_TAGS
    assert HOSTILE[0] in Page(page).text
    assert "\x1b" not in page


def test_a_notebook_shows_the_failed_before_the_others_and_not_all() -> None:
    overdraw = system.transfer(source="bob", destination="alice", lamports=50)
    block = [*[Transaction(id=f"fine{n}") for n in range(40)], Transaction([overdraw], id="bad")]
    with Runtime(workers=0) as runtime:
        page = Page(page_of(runtime.execute(block))).text
    assert page.index("bad") < page.index("fine0")
    assert "… 31 more" in page
