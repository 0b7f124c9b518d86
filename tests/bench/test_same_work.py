"""Contestants do the same work: same waves, same balances, same transactions."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from sealane.bench.families.recorded import recorded as recorded_scenarios
from sealane.bench.measure.scenario import QUICK
from sealane.bench.peers.dict_loop import run_transfers
from sealane.bench.peers.networkx_dag import networkx_waves
from sealane.bench.workload import recorded
from sealane.bench.workload.access import Shape, access_lists, shapes
from sealane.bench.workload.accounts import place
from sealane.bench.workload.calls import (
    FEE_LAMPORTS,
    STARTING_LAMPORTS,
    Calls,
    account_key,
    fresh,
)
from sealane.bench.workload.programs import payments, transfer
from sealane.bench.workload.transfers import (
    numbers_of,
    payers,
    pays,
    token_holders,
    token_transfer_calls,
    transactions,
    transfer_calls,
)
from sealane.ingest.solana.recorded import RecordedBlock
from sealane.programs.library.token import token
from sealane.runtime import Runtime, build_block
from sealane.scheduler import build_dag

from ..real_data import MAINNET
from ..solana_blocks import read_solana

ACCOUNTS, TRANSFERS = 40, 100
REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def calls() -> Calls:
    return transfer_calls(payments, transfer, ACCOUNTS, TRANSFERS)


@pytest.mark.parametrize("shape", shapes(QUICK), ids=lambda shape: shape.name)
def test_networkx_finds_the_same_waves(shape: Shape) -> None:
    access = access_lists(shape, 300)
    assert np.diff(access.offsets).tolist() == [4] * 300, "no account twice in a transaction"
    waves = [wave.tolist() for wave in build_dag(access).waves]
    assert networkx_waves(access) == waves


def test_the_block_is_that_of_the_transactions(calls: Calls) -> None:
    built, made = build_block(transactions(transfer, calls)), calls.block()
    for name, column in built.columns().items():
        assert np.array_equal(column, made.columns()[name]), name
    assert built.ids == made.ids
    assert list(built.keys) == list(made.keys)
    assert np.array_equal(built.costs, made.costs)


def test_a_fresh_block_is_the_same_without_what_was_learnt(calls: Calls) -> None:
    block = calls.block()
    assert block.shapes is block.shapes
    again = fresh(block)
    assert list(again.keys) == list(block.keys)
    assert again.keys is not block.keys
    assert again.keys[0] is not block.keys[0]
    assert again.key_column is not block.key_column
    assert again.shapes is not block.shapes


def test_the_loop_over_a_dict_ends_with_the_same_balances(calls: Calls) -> None:
    keys = [account_key(number) for number in numbers_of(calls)]
    balances = dict.fromkeys(keys, STARTING_LAMPORTS)
    assert run_transfers(balances, pays(calls), FEE_LAMPORTS) == 0
    with Runtime(workers=0, programs=[payments]) as runtime:
        place(runtime, keys, payers(payments.id, numbers_of(calls)))
        assert runtime.execute(calls.block()).ok
        assert {key: runtime.account(key).lamports for key in keys} == balances


def test_litesvm_ends_with_the_same_balances(calls: Calls) -> None:
    pytest.importorskip("solders", reason="the extra `bench` is not installed")
    from solders.litesvm import LiteSVM
    from solders.pubkey import Pubkey as Key

    from sealane.bench.peers import litesvm

    keys = [account_key(number) for number in numbers_of(calls)]
    balances = dict.fromkeys(keys, STARTING_LAMPORTS)
    run_transfers(balances, pays(calls), FEE_LAMPORTS)
    machines: list[LiteSVM] = []
    plain: Callable[..., LiteSVM] = litesvm.machine

    def kept(*, sigverify: bool) -> LiteSVM:
        machines.append(plain(sigverify=sigverify))
        return machines[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(litesvm, "machine", kept)
        litesvm.unsigned_transfers(pays(calls), STARTING_LAMPORTS)  # sends each once, to see
    assert {key: machines[0].get_balance(Key(key)) for key in keys} == balances


def test_vectorized_token_transfers_succeed() -> None:
    calls = token_transfer_calls(token, ACCOUNTS, TRANSFERS)
    numbers = numbers_of(calls)
    with Runtime(workers=0) as runtime:
        place(runtime, [account_key(number) for number in numbers], token_holders(numbers))
        assert runtime.execute(calls.block()).ok


def _read(raw: bytes, folder: Path) -> RecordedBlock:
    path = folder / "block.json"
    path.write_bytes(raw)
    return read_solana(path)


def test_without_a_real_block_one_is_made_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorded, "_REAL_BLOCK", tmp_path / "none.json")
    assert recorded.source() == "made up"
    (plan, _) = recorded_scenarios()
    assert plan.title.startswith("plan a made-up block")
    block = _read(recorded.recorded_json(transactions=200), tmp_path)
    assert len(set(block.ids)) == 200
    assert block.has_balances
    assert block.writable.sum() == 4 * 200
    assert len(recorded.recorded_json(length=20_000)) == pytest.approx(20_000, rel=0.1)


def test_a_real_block_is_found_through_a_link_to_the_package(tmp_path: Path) -> None:
    (tmp_path / "sealane").symlink_to(REPOSITORY)
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "from sealane.bench.workload import recorded as r; print(r.source())",
        ],
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert told.stdout == "a real block's, repeated\n"
    (plan, _) = recorded_scenarios()
    assert plan.title.startswith("plan a mainnet block")


def test_a_real_block_is_repeated_under_new_ids(tmp_path: Path) -> None:
    original = read_solana(MAINNET)
    count = len(original.ids)
    block = _read(recorded.recorded_json(transactions=count + 10), tmp_path)
    assert len(set(block.ids)) == count + 10
    last: Sequence[int] = np.diff(block.offsets)[count:].tolist()
    assert last == np.diff(original.offsets)[:10].tolist()
