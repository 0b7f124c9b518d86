"""Blocks at the edges: rows 20 to 24 of the fault list, and runtime limits at and past each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from sealane import (
    AccountMeta,
    Instruction,
    Limits,
    Pubkey,
    Receipt,
    Result,
    Route,
    Runtime,
    Transaction,
    UsageError,
)
from sealane.primitives import InputError
from sealane.programs import ACCOUNT_DATA_LEN_MAX
from sealane.programs.library.system import system
from sealane.runtime.block.limits import (
    ACCOUNT_DATA_GROWTH_MAX,
    ACCOUNT_LOCKS_MAX,
    INSTRUCTION_ACCOUNTS_MAX,
    TRANSACTION_TIMEOUT_S_MIN,
    WORKER_MEMORY_BYTES_MIN,
)
from sealane.runtime.workers.pool import WORKERS_MAX

from .hazards import Tally, add, grow, hazard

# Each with the number of workers; serially, there is but one.
ROUTES = ((0, None), (1, Route.ONE_WORKER), (2, Route.LANES), (3, Route.LANES))


def executed(
    block: Sequence[Transaction],
    accounts: Sequence[str] = (),
    data: bytes | Tally = b"",
    routes: Sequence[tuple[int, Route | None]] = ROUTES,
) -> Result:
    """The result of the block, the same serially, whole on a worker, and in two and three lanes."""
    results: list[Result] = []
    for workers, route in routes:
        with Runtime(workers=workers, programs=[hazard], route=route) as runtime:
            for name in accounts:
                runtime.set_account(name, lamports=10**6, owner=hazard, data=data)
            runtime.set_account("alice", lamports=10**12)
            results.append(runtime.execute(block))
    for result in results[1:]:
        assert result.state_root == results[0].state_root
        assert list(result.transactions) == list(results[0].transactions)
        assert result.waves == results[0].waves
    return results[0]


def beside(call: Instruction, metas: Sequence[AccountMeta]) -> Instruction:
    """The call with more accounts behind those that it needs."""
    return replace(call, accounts=(*call.accounts, *metas))


def access(name: str, flag: str = "r") -> AccountMeta:
    return AccountMeta(Pubkey.of(name), writable=flag == "w")


@pytest.mark.parametrize(("first", "second"), ["rr", "rw", "wr", "ww"])
def test_row_20_the_same_key_twice_in_one_transaction(first: str, second: str) -> None:
    """One access, the strongest, and no transaction waits for itself.

    t0 ──▶ t1      only if somebody writes x
    """

    calls = [
        beside(add(tally="a", by=1), [access("x", first)]),
        beside(add(tally="b", by=1), [access("x", second)]),
    ]
    reader = Transaction([beside(add(tally="c", by=1), [access("x")])])
    result = executed([Transaction(calls), reader], "abcx", Tally(count=0))
    accesses = result.block.access
    assert len(accesses.accounts[: accesses.offsets[1]]) == 3  # a, b and x
    assert result.waves == ([["t0", "t1"]] if first + second == "rr" else [["t0"], ["t1"]])
    assert [receipt.error for receipt in result.transactions] == [None, None]


def test_row_21_write_read_read_write() -> None:
    """W0 ──▶ R1 ──▶ W3
    └───▶ R2 ───┘
    """
    calls = [
        add(tally="x", by=1),
        beside(add(tally="a", by=1), [access("x")]),
        beside(add(tally="b", by=1), [access("x")]),
        add(tally="x", by=1),
    ]
    result = executed([Transaction([call]) for call in calls], "abx", Tally(count=0))
    assert result.waves == [["t0"], ["t1", "t2"], ["t3"]]


@pytest.mark.parametrize(
    ("count", "targets"),
    [(0, 1), (1, 1), (10_000, 1), (10_000, 10_000)],
    ids=["empty", "one", "all conflict", "none conflict"],
)
def test_row_22_blocks_of_every_density(count: int, targets: int) -> None:
    block = [
        Transaction(
            [
                system.transfer(
                    source=f"from{n}" if targets > 1 else "alice",
                    destination=f"to{n % targets}",
                    lamports=n % 3,
                )
            ]
        )
        for n in range(count)
    ]
    result = executed(block, routes=(*ROUTES, (2, Route.IN_PROCESS)))
    assert len(result.waves) == (count if targets == 1 else 1)
    assert len(result.transactions) == count


def test_row_23_duplicate_transaction_id() -> None:
    with Runtime(workers=0) as runtime:
        runtime.set_account("alice", lamports=10)
        call = system.transfer(source="alice", destination="bob", lamports=1)
        with pytest.raises(InputError, match="'same'"):
            runtime.execute([Transaction([call], id="same"), Transaction([call], id="same")])
        assert runtime.height == 0
        assert runtime.account("bob").lamports == 0


def locking(count: int) -> Receipt:
    """The receipt of a transaction that locks so many keys, tally t and its program among them."""
    call = beside(add(tally="t", by=1), [access(f"k{n}") for n in range(count - 2)])
    return executed([Transaction([call])], "t", Tally(count=0)).transactions[0]


def test_row_24_account_locks() -> None:
    assert locking(ACCOUNT_LOCKS_MAX).ok
    past = locking(ACCOUNT_LOCKS_MAX + 1).error
    assert past is not None
    assert past.name == "TooManyAccountLocks"


def test_row_24_a_million_keys_in_one_transaction() -> None:
    metas = [AccountMeta(Pubkey(number.to_bytes(32, "big"))) for number in range(1_000_000)]
    call = beside(add(tally="t", by=1), metas)
    with Runtime(workers=1, programs=[hazard]) as runtime:
        error = runtime.execute([Transaction([call])]).transactions[0].error
    assert error is not None
    assert error.name == "TooManyAccountLocks"
    assert "1000001 accounts" in error.message


@pytest.mark.parametrize("past", [0, 1])
def test_row_24_accounts_of_one_instruction(past: int) -> None:
    call = add(tally="t", by=1)
    again = beside(call, call.accounts * (INSTRUCTION_ACCOUNTS_MAX - 1 + past))
    error = executed([Transaction([again])], "t", Tally(count=0)).transactions[0].error
    assert (error.name if error else None) == ("MaxAccountsExceeded" if past else None)


@pytest.mark.parametrize("past", [0, 1])
def test_row_24_growth_to_10_mib_in_mid_wave(past: int) -> None:
    """Two accounts of one wave grow out of their places; a later wave reads them there."""
    block = [
        *(Transaction([grow(account=name, length=ACCOUNT_DATA_LEN_MAX + past)]) for name in "ab"),
        *(Transaction([grow(account=name, length=ACCOUNT_DATA_LEN_MAX - 9)]) for name in "ab"),
    ]
    # From one byte: so it is the length that is too much, and not the growth.
    result = executed(block, "ab", b"x")
    names = [receipt.error.name if receipt.error else None for receipt in result.transactions]
    assert names == ["InvalidRealloc" if past else None] * 2 + [None] * 2
    assert {len(account.data) for account in result.accounts.values()} == {ACCOUNT_DATA_LEN_MAX - 9}


@pytest.mark.parametrize("past", [0, 1])
def test_row_24_growth_of_one_transaction(past: int) -> None:
    """Two accounts of 10 MiB are the limit; a third may add nothing."""
    assert ACCOUNT_DATA_GROWTH_MAX == 2 * ACCOUNT_DATA_LEN_MAX
    lengths = {"a": ACCOUNT_DATA_LEN_MAX, "b": ACCOUNT_DATA_LEN_MAX, "c": past}
    calls = [grow(account=name, length=length) for name, length in lengths.items()]
    error = executed([Transaction(calls)], "abc").transactions[0].error
    name = "MaxAccountsDataAllocationsExceeded" if past else None
    assert (error.name if error else None) == name


def test_row_24_an_account_put_in_place() -> None:
    with Runtime(workers=0) as runtime:
        runtime.set_account("a", data=bytes(ACCOUNT_DATA_LEN_MAX))
        with pytest.raises(UsageError, match="10485761 bytes"):
            runtime.set_account("a", data=bytes(ACCOUNT_DATA_LEN_MAX + 1))
        assert len(runtime.account("a").data) == ACCOUNT_DATA_LEN_MAX


def test_row_24_limits_of_workers() -> None:
    Limits(worker_memory_bytes=WORKER_MEMORY_BYTES_MIN)
    Limits(transaction_timeout_s=TRANSACTION_TIMEOUT_S_MIN)
    with pytest.raises(UsageError, match="worker_memory_bytes"):
        Limits(worker_memory_bytes=WORKER_MEMORY_BYTES_MIN - 1)
    for timeout_s in (TRANSACTION_TIMEOUT_S_MIN / 2, -1.0, float("nan")):
        with pytest.raises(UsageError, match="transaction_timeout_s"):
            Limits(transaction_timeout_s=timeout_s)


def test_row_24_number_of_workers() -> None:
    Runtime(workers=WORKERS_MAX).close()
    for workers in (-1, WORKERS_MAX + 1):
        with pytest.raises(UsageError, match="workers="):
            Runtime(workers=workers)
