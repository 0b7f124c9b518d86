"""Costs learned from blocks: from the same calls, from instructions, from all."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sealane
from sealane.analysis.learning import (
    Fit,
    LearnedCosts,
    Source,
    at_learned_costs,
    fit_of,
)
from sealane.analysis.learning.fit import Makespan
from sealane.scheduler import Schedule

from ...real_data import DEEP_CHAINS, MAINNET

PAY = {"system.transfer": {"source": "alice", "destination": "bob", "lamports": 1}}
NOTE = {"memo.add_memo": {"memo": "x"}}
LIMIT = {"compute_budget.set_compute_unit_limit": {"units": 1}}


def block(*transactions: tuple[list[object], int | None]) -> Schedule:
    """Transactions of these instructions, at these costs or none."""
    fixture = {
        "sealane": 1,
        "transactions": [
            {"payer": "alice", "instructions": calls} | ({} if cost is None else {"cost": cost})
            for calls, cost in transactions
        ],
    }
    return sealane.load(json.dumps(fixture).encode()).schedule()


def learned(*blocks: Schedule) -> LearnedCosts:
    costs = LearnedCosts()
    for each in blocks:
        costs.learn(each)
    return costs


def test_transactions_of_the_same_calls_cost_what_they_did() -> None:
    costs = learned(block(([PAY], 150), ([NOTE], 90), ([PAY, NOTE], 400)))
    found = costs.predict(block(([NOTE], None), ([PAY, NOTE], None), ([PAY], 7)))
    assert found.costs.tolist() == [90, 400, 150]
    assert found.sources == {Source.SAME_CALLS: 3, Source.INSTRUCTIONS: 0, Source.AVERAGE: 0}


def test_others_cost_the_sum_of_their_instructions() -> None:
    """Those that were not seen before share what the others leave: 250 - 150 for the note."""
    costs = learned(block(([PAY], 150), ([PAY, NOTE], 250)))
    found = costs.predict(block(([NOTE], None), ([NOTE, NOTE, PAY], None)))
    assert found.costs.tolist() == [100, 350]
    assert found.sources[Source.INSTRUCTIONS] == 2


def test_instructions_that_always_come_together_share_alike() -> None:
    costs = learned(*[block(([PAY, NOTE], 300))] * 3)
    assert costs.predict(block(([NOTE], None), ([PAY], None))).costs.tolist() == [150, 150]


def test_what_was_never_seen_costs_the_average() -> None:
    costs = learned(block(([PAY], 100), ([NOTE], 300)))
    found = costs.predict(block(([LIMIT], None), ([LIMIT, PAY], None), ([], None)))
    assert found.costs.tolist() == [200, 200, 200]
    assert found.sources[Source.AVERAGE] == 3


def test_what_says_no_cost_teaches_nothing() -> None:
    costs = learned(block(([PAY], 100), ([PAY], None), ([NOTE], None)))
    assert (costs.blocks, costs.transactions) == (1, 1)
    assert costs.predict(block(([NOTE], None))).sources[Source.AVERAGE] == 1
    assert learned().predict(block(([PAY], None))).costs.tolist() == [0]


def test_the_latest_blocks_count_most() -> None:
    costs = learned(*[block(([PAY], 100))] * 20, *[block(([PAY], 200))] * 30)
    assert 195 <= costs.predict(block(([PAY], None))).costs[0] <= 200


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 10**9)), max_size=12))
def test_predictions_are_whole_numbers_within_what_was_seen(seen: list[tuple[int, int]]) -> None:
    kinds: list[list[object]] = [[PAY], [NOTE], [PAY, NOTE]]
    costs = learned(block(*((kinds[kind], cost) for kind, cost in seen)))
    found = costs.predict(block(*((kind, None) for kind in kinds))).costs
    assert found.dtype == np.int64
    assert min(found) >= 0
    assert max(found) <= 2 * max((cost for _, cost in seen), default=0)


def test_a_fit_compares_with_the_blocks_own_costs() -> None:
    """Costs 10, 20, 40 on one account, guessed as 10, 30, 30: errors of 0, 1/2 and 1/4."""
    own = block(([PAY], 10), ([PAY], 20), ([PAY], 40))
    guessed = own.with_costs([10, 30, 30])
    assert fit_of(own, guessed, "lanes", [1, 2]) == Fit(
        transactions=3,
        median_error=0.25,
        rank_correlation=pytest.approx(0.866, abs=0.001),  # pyright: ignore[reportArgumentType]
        policy="lanes",
        makespans=(Makespan(1, 70, 70), Makespan(2, 70, 70)),
    )
    assert fit_of(own, own.with_costs([5, 5, 5]), "waves", [1]) == Fit(
        3, 0.75, 0.0, "waves", (Makespan(1, 15, 70),)
    )


def test_a_block_without_costs_has_no_fit_and_one_with_some_no_makespans() -> None:
    bare = block(([PAY], None), ([PAY], None))
    assert fit_of(bare, bare.with_costs([3, 4]), "lanes", [2]) is None
    some = block(([PAY], 6), ([PAY], None))
    found = fit_of(some, some.with_costs([3, 4]), "lanes", [2])
    assert found == Fit(1, 0.5, 0.0, "lanes", ())


def test_a_block_at_learned_costs_says_so_and_keeps_the_rest() -> None:
    costs = learned(block(([PAY], 150), ([NOTE], 90)))
    found = at_learned_costs(block(([PAY], None), ([NOTE], None)), costs, "lanes", [1])
    assert found.schedule.costs.tolist() == [150, 90]
    assert found.schedule.notes == ("costs are predicted from 2 transactions of 1 earlier block",)
    assert found.to_dict() == {
        "blocks": 1,
        "transactions": 2,
        "predicted_from": {"same_calls": 2, "instructions": 0, "average": 0},
        "fit": None,
    }


@pytest.mark.slow
def test_half_of_a_real_block_predicts_the_other_half() -> None:
    """Measured here: half of the transactions within 9 %, makespans within 4 %."""
    whole = sealane.load(MAINNET).schedule()
    first = np.arange(len(whole)) < len(whole) // 2
    found = at_learned_costs(whole.only(~first), learned(whole.only(first)), "lanes", [1, 4, 16])
    assert found.fit is not None
    assert found.fit.median_error < 0.15
    assert found.fit.rank_correlation > 0.85
    for each in found.fit.makespans:
        assert abs(each.predicted - each.actual) < 0.1 * each.actual
    assert sum(found.sources.values()) == len(whole) - len(whole) // 2


def test_a_recorded_block_without_units_is_told_from_one_with() -> None:
    schedule = sealane.load(DEEP_CHAINS).schedule()
    assert schedule.about.own_cost.all()
