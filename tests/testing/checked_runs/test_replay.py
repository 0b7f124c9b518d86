"""Replay agrees with every real block, and names whatever was tampered with in its record."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sealane import InputError
from sealane.ingest.solana.getblock import read_block
from sealane.ingest.solana.recorded import RecordedBlock
from sealane.testing.checked_runs.replay import (
    check_replay,
    replay_block,
    replay_runtime,
    require_unbroken,
)
from sealane.testing.checked_runs.replay_check import Mismatch

from ...ingest.block_entries import ALICE, FEE, block, charged, rent_entry
from ...real_data import ALL_BLOCKS, DEEP_CHAINS, INDEPENDENT, MAINNET, block_name, document
from ...solana_blocks import read_solana


def replayed(recorded: RecordedBlock, workers: int = 0) -> tuple[str, list[Mismatch]]:
    with replay_runtime(recorded, workers) as runtime:
        result = runtime.execute(replay_block(recorded))
        return result.state_root, check_replay(recorded, result, runtime).mismatches


@pytest.mark.parametrize("path", ALL_BLOCKS, ids=block_name)
def test_a_real_block_agrees_on_any_number_of_workers(path: Path) -> None:
    recorded = read_solana(path)
    outcomes = [replayed(recorded, workers) for workers in (0, 1, 2, 4)]
    assert [mismatches for _, mismatches in outcomes] == [[]] * 4
    assert len({root for root, _ in outcomes}) == 1


def test_every_tampered_balance_is_named() -> None:
    """One balance after the other; every one of them, in every transaction of a small block."""
    answer = document(INDEPENDENT)
    for position, transaction in enumerate(answer["transactions"]):
        meta = transaction["meta"]
        for field in ("preBalances", "postBalances"):
            for place, balance in enumerate(meta[field]):
                meta[field][place] = balance + 777
                recorded = read_block(answer)
                _, mismatches = replayed(recorded)
                row = int(recorded.offsets[position]) + place
                account = str(recorded.keys[int(recorded.accounts[row])])
                meta[field][place] = balance
                assert mismatches, (position, field, place)
                at_fault = {mismatch.transaction for mismatch in mismatches}
                named = {mismatch.account for mismatch in mismatches}
                assert recorded.ids[position] in at_fault or account in named


def test_a_balance_after_a_failure_is_compared_too() -> None:
    answer = document(MAINNET)
    failed = next(t for t in answer["transactions"] if t["meta"]["err"] is not None)
    failed["meta"]["postBalances"][1] += 777
    recorded = read_block(answer)
    position = answer["transactions"].index(failed)
    first = replayed(recorded)[1][0]
    key = recorded.keys[int(recorded.accounts[int(recorded.offsets[position]) + 1])]
    assert (first.transaction, first.account) == (recorded.ids[position], str(key))
    assert "by a transaction that failed" in first.message


def test_transactions_that_changed_places_contradict_each_other() -> None:
    answer = document(DEEP_CHAINS)
    transactions = answer["transactions"]
    transactions.reverse()
    assert replayed(read_block(answer))[1]


def test_a_block_whose_votes_changed_what_is_left_is_refused() -> None:
    answer = document(DEEP_CHAINS)
    whole = read_block(answer)
    require_unbroken(whole)
    order = whole.accounts.tolist()
    # Any row but an account's first contradicts what the row before it left.
    row = next(row for row, account in enumerate(order) if account in order[:row])
    position = int(np.searchsorted(whole.offsets, row, side="right")) - 1
    balances = answer["transactions"][position]["meta"]["preBalances"]
    balances[row - int(whole.offsets[position])] += 1
    with pytest.raises(InputError, match="replay the block with its votes"):
        require_unbroken(read_block(answer))


def test_rent_leaves_with_the_fee() -> None:
    recorded = read_block(block(charged(0, 750)))
    assert recorded.rent.tolist() == [750]
    with replay_runtime(recorded, 0) as runtime:
        result = runtime.execute(replay_block(recorded))
        check = check_replay(recorded, result, runtime)
    assert check.mismatches == []
    assert check.rent == {recorded.ids[0]: 750}


def test_a_failed_transaction_pays_its_payers_rent_alone() -> None:
    post = [100_000 - FEE - 300, 0, 1, 1]
    entry = charged(0, 750, err="AccountInUse")
    entry["meta"]["postBalances"] = post
    entry["meta"]["rewards"].append({**rent_entry(300), "pubkey": ALICE})
    recorded = read_block(block(entry))
    assert recorded.rent.tolist() == [300]
    assert replayed(recorded)[1] == []


@pytest.mark.parametrize("rewards", [None, [], [{"rewardType": "Fee", "lamports": 750}]])
def test_rent_that_is_not_recorded_is_named_as_the_likely_reason(rewards: object) -> None:
    entry = charged(0, 750)
    entry["meta"]["rewards"] = rewards
    recorded = read_block(block(entry))
    assert recorded.rent.tolist() == [0]
    first = replayed(recorded)[1][0]
    assert first.transaction == recorded.ids[0]
    assert first.message.startswith("loses 750 lamports beyond its fee: rent, if")
    assert '"rewards": true' in first.message


def test_rent_does_not_explain_what_it_does_not_sum_up_to() -> None:
    entry = charged(0, 750)
    entry["meta"]["postBalances"][1] -= 1
    assert read_block(block(entry)).rent.tolist() == [0]
    assert replayed(read_block(block(entry)))[1]


def test_rent_that_the_payer_cannot_stand_in_for_is_the_reason_given() -> None:
    entry = charged(0, 750)
    entry["meta"] |= {
        "preBalances": [FEE, 2_000, 1, 1],
        "postBalances": [0, 1_250, 1, 1],
    }
    first = replayed(read_block(block(entry)))[1][0]
    assert first.message.startswith("was charged 750 lamports of rent, and its payer cannot")
