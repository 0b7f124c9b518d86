"""The cost model and the limits, held to every figure in the shared facts."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from sealane.scheduler.packing import (
    LIMITS_BY_SIMD,
    SIMD_0286,
    SIMD_0306,
    BlockLimits,
    CostRules,
    Demand,
    cost_of,
)
from sealane.scheduler.packing import cost_model as model
from sealane.scheduler.packing.block_limits import ALLOCATED_BYTES_MAX

from ...real_data import shared_files


@pytest.fixture(scope="module")
def facts() -> dict[str, Any]:
    (path,) = [path for path in shared_files("schedulers") if path.name == "facts.json"]
    return orjson.loads(path.read_bytes())


@pytest.mark.parametrize(
    ("name", "figure"),
    [
        ("signature", model.SIGNATURE_COST),
        ("secp256k1", model.SECP256K1_COST),
        ("ed25519_precompile", model.ED25519_COST),
        ("ed25519_precompile_strict", model.ED25519_STRICT_COST),
        ("secp256r1", model.SECP256R1_COST),
        ("write_lock", model.WRITE_LOCK_COST),
        ("simple_vote_fixed", cost_of(Demand(simple_vote=True)).total),
    ],
)
def test_each_cost_is_the_models(facts: dict[str, Any], name: str, figure: int) -> None:
    assert facts["cost_model"][name] == figure


def test_every_slot_has_firedancers_limits(facts: dict[str, Any]) -> None:
    cases = facts["block_limits"]["cost_tracker_init_vectors"]["cases"]
    for case in cases:
        limits = (SIMD_0286 if case["raise_to_100m"] else SIMD_0306).in_slots_of(case["slot_ms"])
        assert limits.cost_max == case["block"]
        assert limits.account_cost_max == case["account"]
        assert limits.allocated_bytes_max == case["data"]
        assert limits.vote_cost_max == case.get("vote", limits.vote_cost_max)
    assert len(cases) >= 5


def test_every_proposal_has_its_limits(facts: dict[str, Any]) -> None:
    named = {"(before)": "before-0207"}
    seen: list[str] = []
    for row in facts["block_limits"]["history"]:
        if "block" in row:
            simd: str = row["simd"]
            limits = LIMITS_BY_SIMD[named.get(simd, simd)]
            seen.append(simd)
            assert limits.cost_max == row["block"]
            assert limits.account_cost_max == row.get("account", limits.account_cost_max)
            assert limits.vote_cost_max == row.get("vote", limits.vote_cost_max)
            assert limits.allocated_bytes_max == row.get("alloc_bytes", ALLOCATED_BYTES_MAX)
        for block, account in row.get("values", {}).items():
            million = int(block.removesuffix("M")) * 1_000_000
            shared = BlockLimits(million, 0, None).with_account_share()
            assert shared.account_cost_max == account
    assert seen == ["(before)", "0207", "0256", "0286"]


def test_the_cheapest_transaction_costs_what_firedancer_says(facts: dict[str, Any]) -> None:
    cheapest = Demand(signatures=1, write_locks=1, unit_limit=0, loaded_len=0)
    assert cost_of(cheapest).total == facts["firedancer_pack"]["min_txn_cost"]
    assert cost_of(cheapest, CostRules(fixed_votes=False)).total == 1_020
