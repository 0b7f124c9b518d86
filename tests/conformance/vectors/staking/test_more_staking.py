"""Other cases of the references' suites that have the form of a row."""

from __future__ import annotations

from typing import Any, Final

import pytest

from ..adapters import staking
from ..compare import mismatches
from ..rows import Row

_SUSHI: Final = {
    "model": "masterchef",
    "reward_per_block": 100,
    "bonus_end_block": 1_000,
    "bonus_multiplier": 10,
    "dev_share": "1/10",
    "pools": [100],
}
_CAKE: Final = {
    "model": "masterchef_pancake",
    "reward_per_block": 1_000,
    "start_block": 100,
    "pools_alloc": [1_000, 1_000, 1_000],
}
_POOL: Final = {
    "model": "spl_stake_pool",
    "total_lamports": 1_100_000_000_000,
    "pool_token_supply": 1_000_000_000_000,
}
_UNIT: Final = 10**18
_U64: Final = 2**64 - 1


def _on(step: str, amount: int, who: str, block: int | None = None, pool: int = 0) -> Any:
    return {step: amount, "who": who, "pool": pool} | ({"block": block} if block else {})


_CASES: Final[dict[str, tuple[dict[str, Any], dict[str, Any]]]] = {
    "masterchef:emergency": (
        _SUSHI
        | {
            "start_block": 100,
            "steps": [_on("deposit", 100, "bob"), _on("emergency_withdraw", 0, "bob")],
        },
        {"after_step_0": {"bob_lp": 900}, "after_step_1": {"bob_lp": 1_000}},
    ),
    "masterchef:farming-time": (
        _SUSHI
        | {
            "start_block": 100,
            "steps": [
                _on("deposit", 100, "bob", 50),
                *(_on("deposit", 0, "bob", block) for block in (90, 95, 100, 101, 105)),
            ],
        },
        {
            "bob_at_90": 0,
            "bob_at_95": 0,
            "bob_at_100": 0,
            "bob_at_101": 1_000,
            "bob_at_105": 5_000,
            "dev_at_105": 500,
            "total_supply_at_105": 5_500,
        },
    ),
    "masterchef:each-staker": (
        _SUSHI
        | {
            "start_block": 300,
            "steps": [
                _on("deposit", 10, "alice", 310),
                _on("deposit", 20, "bob", 314),
                _on("deposit", 30, "carol", 318),
                _on("deposit", 10, "alice", 320),
                _on("withdraw", 5, "bob", 330),
                _on("withdraw", 20, "alice", 340),
                _on("withdraw", 15, "bob", 350),
                _on("withdraw", 30, "carol", 360),
            ],
        },
        {
            "total_supply_at_320": 11_000,
            "alice_at_320": 5_666,
            "bob_at_320": 0,
            "carol_at_320": 0,
            "chef_at_320": 4_334,
            "dev_at_320": 1_000,
            "total_supply_at_330": 22_000,
            "alice_at_330": 5_666,
            "bob_at_330": 6_190,
            "chef_at_330": 8_144,
            "dev_at_330": 2_000,
            "total_supply_at_360": 55_000,
            "dev_at_360": 5_000,
            "alice_at_360": 11_600,
            "bob_at_360": 11_831,
            "carol_at_360": 26_568,
            "alice_lp_at_360": 1_000,
            "bob_lp": 1_000,
            "carol_lp": 1_000,
        },
    ),
    "masterchef:too-much": (
        _SUSHI | {"steps": [_on("deposit", 10, "bob", 20), _on("withdraw", 11, "bob", 30)]},
        {"error": "withdraw: not good"},
    ),
    "masterchef:dev": ({"model": "masterchef", "op": "set_dev", "caller": "dev"}, {"dev": "bob"}),
    "masterchef:dev-passed-on-twice": (
        _SUSHI | {"steps": [{"set_dev": "bob", "who": "dev"}, {"set_dev": "alice", "who": "bob"}]},
        {"devaddr": "alice"},
    ),
    "pancake:real-case": (
        _CAKE
        | {
            "pools_alloc": [2_000, 1_000, 500, 500, 500, 500, 500, 100, 100],
            "steps": [
                {"advance_to": 170},
                {"approve": 1_000, "who": "alice"},
                _on("deposit", 20, "alice", pool=1),
                _on("withdraw", 20, "alice", pool=1),
                {"approve": 1_000, "who": "alice"},
                *({"enter_staking": amount, "who": "alice"} for amount in (20, 0, 0, 0)),
            ],
        },
        {"after_step_3": {"alice_cake": 263}, "alice_cake": 993, "pool_length": 10},
    ),
    "pancake:staking": (
        _CAKE
        | {
            "steps": [
                {"approve": 10, "who": "alice"},
                _on("deposit", 2, "alice", pool=1),
                _on("withdraw", 2, "alice", pool=1),
                {"approve": 250, "who": "alice"},
                {"enter_staking": 240, "who": "alice"},
                {"enter_staking": 10, "who": "alice"},
                {"leave_staking": 250, "who": "alice"},
            ],
        },
        {
            "after_step_4": {"alice_syrup": 240, "alice_cake": 10},
            "after_step_5": {"alice_syrup": 250, "alice_cake": 249},
            "after_step_6": {"alice_syrup": 0, "alice_cake": 749},
        },
    ),
    "pancake:multiplier": (
        _CAKE
        | {
            "steps": [
                *(
                    _on("deposit", amount, who, pool=1)
                    for amount in (100, 0)
                    for who in ("alice", "bob")
                ),
                {"approve": 100, "who": "alice"},
                {"approve": 100, "who": "bob"},
                {"enter_staking": 50, "who": "alice"},
                {"enter_staking": 100, "who": "bob"},
                {"update_multiplier": 0},
                {"enter_staking": 0, "who": "alice"},
                {"enter_staking": 0, "who": "bob"},
                _on("deposit", 0, "alice", pool=1),
                _on("deposit", 0, "bob", pool=1),
                {"advance_to": 265},
                {"enter_staking": 0, "who": "alice"},
                _on("deposit", 0, "bob", pool=1),
                {"leave_staking": 50, "who": "alice"},
                {"leave_staking": 100, "who": "bob"},
            ],
        },
        {
            "after_step_12": {"alice_cake": 700, "bob_cake": 150},
            "after_step_15": {"alice_cake": 700, "bob_cake": 150},
            "alice_cake": 750,
            "bob_cake": 250,
        },
    ),
    "synthetix:rolled-over": (
        {
            "model": "synthetix",
            "steps": [
                {"stake": str(100 * _UNIT), "who": "ann"},
                {"transfer": str(5_000 * _UNIT)},
                {"notify_reward": str(5_000 * _UNIT)},
                {"advance_days": 7},
                {"transfer": str(5_000 * _UNIT)},
                {"notify_reward": str(5_000 * _UNIT)},
                {"advance_days": 7},
            ],
        },
        {"earned": 2 * (5_000 * _UNIT // 604_800 * 604_800), "who": "ann"},
    ),
    "synthetix:too-high": (
        {
            "model": "synthetix",
            "op": "notify_reward",
            "balance": str(1_000 * _UNIT),
            "amount": str(1_000 * _UNIT + _UNIT // 10),
        },
        {"error": "Provided reward too high"},
    ),
    "synthetix:nothing-staked": (
        {"model": "synthetix", "op": "withdraw", "amount": str(100 * _UNIT)},
        {"error": "SafeMath: subtraction overflow"},
    ),
    "synthetix:period-not-over": (
        {
            "model": "synthetix",
            "steps": [
                {"transfer": str(5_000 * _UNIT)},
                {"notify_reward": str(5_000 * _UNIT)},
                {"advance_days": 1},
                {"set_duration": 70 * 86_400},
            ],
        },
        {
            "error": "Previous rewards period must be complete before changing the duration for "
            "the new period"
        },
    ),
    "stake-pool:withdraw-all": (
        _POOL | {"op": "withdraw", "pool_tokens": 10**12},
        {"lamports": 1_100_000_000_000, "left": 0},
    ),
    "stake-pool:1-then-the-rest": (
        _POOL | {"op": "withdraw_sequence", "pool_tokens": [1, 10**12 - 1]},
        {"left": 0},
    ),
    "stake-pool:split": (
        _POOL | {"op": "split_withdrawal", "deposit": 3, "withdraw_tokens": 1},
        {"pool_tokens": 2, "lamports": 1},
    ),
    "stake-pool:specific-fee": (
        {
            "model": "spl_stake_pool",
            "op": "epoch_fee",
            "total_lamports": 100 * 10**9,
            "pool_token_supply": 100 * 10**9,
            "epoch_fee": "1/10",
            "reward_lamports": 10 * 10**9,
        },
        {"fee_lamports": 10**9 - 1},
    ),
    "stake-pool:divide-by-zero": (
        {
            "model": "spl_stake_pool",
            "op": "epoch_fee",
            "total_lamports": 0,
            "epoch_fee": "1/10",
            "rewards": 10,
        },
        {"fee": 10},
    ),
    "stake-pool:zero-withdrawal": (
        {"model": "spl_stake_pool", "op": "withdraw", "pool_tokens": 0},
        {"lamports": 0},
    ),
    "stake-pool:fee-overflow": (
        {
            "model": "spl_stake_pool",
            "op": "check_withdrawal",
            "old_fee": f"1/{_U64}",
            "new_fee": f"{_U64}/{_U64}",
        },
        {"error": "CalculationFailure"},
    ),
    "stake-pool:fee-increase": (
        {
            "model": "spl_stake_pool",
            "op": "check_withdrawal",
            "old_fee": "10/200",
            "new_fee": "11000000000000001/200000000000000000",
        },
        {"error": "FeeIncreaseTooHigh"},
    ),
    "stake-pool:apr": (
        {
            "model": "spl_stake_pool",
            "op": "approximate_apr",
            "total_lamports": 100_044,
            "pool_token_supply": 100_000,
            "last_epoch_total_lamports": 100_000,
            "last_epoch_pool_token_supply": 100_000,
        },
        {"yearly_rate": 0.080355, "tolerance": 0.00001},
    ),
}


@pytest.mark.parametrize("case", _CASES)
def test_case(case: str) -> None:
    inputs, expect = _CASES[case]
    row = Row("staking", case, "", inputs, {k: v for k, v in expect.items() if k != "who"})
    assert not mismatches(row, staking.play(row))
