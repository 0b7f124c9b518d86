"""Each part of a cost, at and past each step."""

from __future__ import annotations

import pytest

from sealane.primitives import Pubkey
from sealane.scheduler.packing import CostRules, Demand, TransactionCost, cost_of, priority_of
from sealane.scheduler.packing.cost_model import BUILTIN_PROGRAMS

NOTHING = Demand(signatures=0, write_locks=0, unit_limit=0, loaded_len=0)


@pytest.mark.parametrize(
    ("demand", "cost"),
    [
        (NOTHING, 0),
        (NOTHING._replace(signatures=1), 720),
        (NOTHING._replace(signatures=12), 12 * 720),
        (NOTHING._replace(secp256k1_signatures=1), 6_690),
        (NOTHING._replace(ed25519_signatures=1), 2_400),
        (NOTHING._replace(secp256r1_signatures=1), 4_800),
        (NOTHING._replace(write_locks=1), 300),
        (NOTHING._replace(demoted_locks=1), 300),
        (NOTHING._replace(data_len=3), 0),
        (NOTHING._replace(data_len=4), 1),
        (NOTHING._replace(data_len=7), 1),
        (NOTHING._replace(data_len=8), 2),
        (NOTHING._replace(unit_limit=1), 1),
        (NOTHING._replace(unit_limit=1_400_000), 1_400_000),
        (NOTHING._replace(unit_limit=1_400_001), 1_400_000),
        (NOTHING._replace(unit_limit=7, builtin_calls=9, other_calls=9), 7),
        (NOTHING._replace(unit_limit=None), 0),
        (NOTHING._replace(unit_limit=None, builtin_calls=1), 3_000),
        (NOTHING._replace(unit_limit=None, other_calls=1), 200_000),
        (NOTHING._replace(unit_limit=None, builtin_calls=2, other_calls=3), 606_000),
        (NOTHING._replace(unit_limit=None, other_calls=7), 1_400_000),
        (NOTHING._replace(unit_limit=None, builtin_calls=1, other_calls=7), 1_400_000),
        (NOTHING._replace(loaded_len=1), 8),
        (NOTHING._replace(loaded_len=32_768), 8),
        (NOTHING._replace(loaded_len=32_769), 16),
        (NOTHING._replace(loaded_len=64 * 1024 * 1024), 16_384),
        (NOTHING._replace(loaded_len=None), 16_384),
        (NOTHING._replace(simple_vote=True), 3_428),
        (Demand(signatures=9, simple_vote=True, unit_limit=99), 3_428),
    ],
)
def test_each_part_counts(demand: Demand, cost: int) -> None:
    assert cost_of(demand).total == cost


def test_the_parts_are_kept_apart() -> None:
    demand = Demand(signatures=2, write_locks=3, data_len=40, builtin_calls=1, other_calls=1)
    assert cost_of(demand) == TransactionCost(1_440, 900, 10, 203_000, 16_384)


@pytest.mark.parametrize(
    ("rules", "demand", "cost"),
    [
        (CostRules(strict_ed25519=False), NOTHING._replace(ed25519_signatures=1), 2_280),
        (CostRules(demoted_locks=False), NOTHING._replace(demoted_locks=1), 0),
        (CostRules(fixed_votes=False), NOTHING._replace(simple_vote=True, signatures=1), 720),
    ],
)
def test_rules_have_changed(rules: CostRules, demand: Demand, cost: int) -> None:
    assert cost_of(demand, rules).total == cost
    assert cost_of(demand).total != cost


def test_what_a_transaction_used_replaces_what_it_asked_for() -> None:
    asked = cost_of(Demand(other_calls=1))
    assert asked.executed(150).total == asked.total - 200_000 + 150
    assert asked.executed(150, loaded_len=40_000).loaded_accounts == 16


def test_the_fixed_cost_of_a_vote_is_the_sum_of_its_parts() -> None:
    assert cost_of(NOTHING._replace(simple_vote=True)) == (720, 600, 0, 2_100, 8)


@pytest.mark.parametrize(
    ("program", "is_builtin"),
    [
        ("system", True),
        ("compute_budget", True),
        ("Vote111111111111111111111111111111111111111", True),
        ("Ed25519SigVerify111111111111111111111111111", True),
        ("KeccakSecp256k11111111111111111111111111111", True),
        ("token", False),
        ("Secp256r1SigVerify1111111111111111111111111", False),
        ("Stake11111111111111111111111111111111111111", False),
        ("Config1111111111111111111111111111111111111", False),
        ("AddressLookupTab1e1111111111111111111111111", False),
    ],
)
def test_builtins_are_known(program: str, is_builtin: bool) -> None:
    assert (Pubkey.of(program) in BUILTIN_PROGRAMS) == is_builtin


def test_a_priority_is_what_is_paid_for_a_million_units() -> None:
    assert priority_of(reward=5_000, cost=999_999) == 5_000
    assert priority_of(reward=1, cost=1_000_000) == 0
    assert priority_of(reward=1, cost=0) == 1_000_000
