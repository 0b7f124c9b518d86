"""Real blocks against what is known of them: counts, encodings, and four exact invariants.

Verifies the reader's columns. Does not run anything: replay has its own tests.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sealane.ingest.solana.envelope import looks_like_block
from sealane.ingest.solana.getblock import read_block
from sealane.ingest.solana.recorded import RecordedBlock

from ..real_data import (
    ALL_BLOCKS,
    DEEP_CHAINS,
    ENCODINGS,
    INDEPENDENT,
    MAINNET,
    block_name,
    document,
)


def load(path: Path, *, votes: bool = True) -> RecordedBlock:
    answer = document(path)
    assert looks_like_block(answer)
    return read_block(answer, votes=votes)


@pytest.fixture(params=ALL_BLOCKS, ids=block_name)
def recorded(request: pytest.FixtureRequest) -> RecordedBlock:
    return load(request.param)


def spans(recorded: RecordedBlock) -> list[slice[int, int, None]]:
    offsets = recorded.offsets.tolist()
    return [slice(start, end) for start, end in pairwise(offsets)]


def changes(recorded: RecordedBlock) -> NDArray[np.int64]:
    return recorded.post.astype(np.int64) - recorded.pre.astype(np.int64)


def test_lamports_change_only_in_accounts_locked_for_writing(recorded: RecordedBlock) -> None:
    assert recorded.has_balances
    assert recorded.writable[changes(recorded) != 0].all()


def test_the_changes_of_a_transaction_sum_to_minus_its_fee(recorded: RecordedBlock) -> None:
    sums = np.add.reduceat(changes(recorded), recorded.offsets[:-1])
    assert (sums == -recorded.fee.astype(np.int64)).all()


def test_a_failed_transaction_changes_its_payer_alone(recorded: RecordedBlock) -> None:
    changed = changes(recorded)
    for position, span in enumerate(spans(recorded)):
        if recorded.failed[position]:
            inside = changed[span].tolist()
            assert inside == [-int(recorded.fee[position]), *[0] * (len(inside) - 1)]


def test_a_balance_is_what_the_last_transaction_left(recorded: RecordedBlock) -> None:
    left: dict[int, int] = {}
    columns = (recorded.accounts.tolist(), recorded.pre.tolist(), recorded.post.tolist())
    for account, pre, post in zip(*columns, strict=True):
        assert left.get(account, pre) == pre
        left[account] = post


def test_the_payer_signs_and_is_locked_for_writing(recorded: RecordedBlock) -> None:
    payers = recorded.offsets[:-1]
    assert recorded.signer[payers].all()
    assert recorded.writable[payers].all()


def test_the_mainnet_block_has_the_counts_that_are_known_of_it() -> None:
    recorded = load(MAINNET)
    assert len(recorded.ids) == len(set(recorded.ids)) == 602
    assert recorded.is_vote.sum() == 158
    assert recorded.failed.sum() == 305
    assert len(recorded.keys) == len(set(recorded.keys)) == 3334
    assert recorded.units_missing == 0
    assert recorded.header.parent_slot == 254170886


@pytest.mark.parametrize(
    ("path", "count"), [(DEEP_CHAINS, 57), (INDEPENDENT, 18), (ENCODINGS[0], 25)]
)
def test_the_other_blocks_have_their_counts(path: Path, count: int) -> None:
    assert len(load(path).ids) == count


@pytest.mark.parametrize("path", ENCODINGS[1:], ids=block_name)
def test_three_encodings_of_one_block_give_the_same_columns(path: Path) -> None:
    plain, other = load(ENCODINGS[0]), load(path)
    # Kept as spelled, and read when asked: tests of what they say compare the encodings.
    for field in set(RecordedBlock.__slots__) - {"calls", "evidence"}:
        np.testing.assert_equal(getattr(other, field), getattr(plain, field), err_msg=field)


def test_votes_lock_two_accounts_for_writing() -> None:
    recorded = load(MAINNET)
    for position, span in enumerate(spans(recorded)):
        if recorded.is_vote[position]:
            assert recorded.writable[span].sum() == 2
            assert len(recorded.accounts[span]) == 3


def test_votes_can_be_left_out() -> None:
    whole, rest = load(MAINNET), load(MAINNET, votes=False)
    assert len(rest.ids) == 602 - 158
    kept = [id_ for id_, is_vote in zip(whole.ids, whole.is_vote, strict=True) if not is_vote]
    assert rest.ids == kept
    assert not rest.is_vote.any()
