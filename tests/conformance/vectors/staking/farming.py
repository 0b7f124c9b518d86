"""Rows of MasterChef's suites: steps at blocks, and what everybody has at some of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ..rows import CannotPlay, Played, Row
from .farm_stage import FarmStage

_ALWAYS: Final = 2**64 - 1
_SUITE_START: Final = {"masterchef": 10, "masterchef_pancake": 101}
_STAKES: Final = {"masterchef": 1_000, "masterchef_pancake": 2_000}
_NAMES: Final = {
    "NotDeveloper": "dev: wut?",
    "InsufficientStake": "withdraw: not good",
    "NotAdmin": "Ownable: caller is not the owner",
}
_AT_BLOCK: Final = re.compile(r"(.+)_at_(\d+)")
_AFTER_STEP: Final = re.compile(r"after_step_(\d+)")
_ADVANCE: Final = ("advance_to", "advance_block_to", "advance")
_ENTER: Final = ("enter_staking", "leave_staking")


def play(row: Row) -> Played:
    """Play its one op, or its steps in order."""
    inputs = row.inputs
    if "steps" not in inputs:
        return _single(row)
    return Played(_Play(row).figures())


def _single(row: Row) -> Played:
    if row.inputs.get("op") not in ("set_dev", "dev"):
        raise CannotPlay(f"neither steps nor a known op: {row.inputs.get('op')!r}")
    stage = _stage(row.inputs)
    caller = str(row.inputs.get("caller", "dev"))
    successor = str(row.inputs.get("new_dev", row.inputs.get("to", "bob")))
    error = stage.set_developer(caller, successor)
    if error:
        return Played({"error": _NAMES[error]})
    return Played(dict.fromkeys(("dev", "devaddr", "dev_address"), stage.developer))


def _stage(inputs: Mapping[str, Any]) -> FarmStage:
    model = inputs["model"]
    pancake = model == "masterchef_pancake"
    share = str(inputs.get("dev_share", "1/10")).partition("/")[2]
    stage = FarmStage(
        base_divisor=3 if pancake else 0,
        stakes=int(inputs.get("lp_balance", _STAKES[model])),
        reward_per_slot=int(inputs.get("reward_per_block", 100)),
        start_slot=int(inputs.get("start_block", 0)),
        bonus_end_slot=_ALWAYS if pancake else int(inputs.get("bonus_end_block", 1_000)),
        bonus_multiplier=int(inputs.get("bonus_multiplier", 1 if pancake else 10)),
        developer_divisor=int(share or 10),
    )
    if pancake:
        stage.add_pool(0, of_rewards=True)
    for points in _points(inputs):
        stage.add_pool(points)
    return stage


def _points(inputs: Mapping[str, Any]) -> list[int]:
    """Points of the pools that there are at first, given as a list or in words."""
    given = inputs.get("pools", inputs.get("pools_alloc", []))
    if isinstance(given, str):
        found = re.search(r"\d+(,\s*\d+)*", given)
        given = found.group().split(",") if found else []
    return [int(points) for points in given]


class _Play:
    """One row's steps, and what was seen in between."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.stage = _stage(row.inputs)
        self.pool_of: dict[str, int] = {}
        self.seen: dict[str, Any] = {}
        self.error: str | None = None
        self.stage.at(_SUITE_START[row.inputs["model"]])

    def figures(self) -> Mapping[str, Any]:
        for number, step in enumerate(self.row.inputs["steps"]):
            block = self._block_of(step)
            self._see_blocks(until=block)
            self.stage.at(block)
            self.error = self.error or self._take(step)
            self._see_step(number)
        self._see_blocks(until=None)
        for key in self.row.expect:
            if key not in self.seen and key != "error":
                named = isinstance(self.row.expect[key], str) and key.startswith("dev")
                self.seen[key] = self.stage.developer if named else self._figure(key)
        if self.error is not None:
            self.seen["error"] = _NAMES.get(self.error, self.error)
        return self.seen

    def _block_of(self, step: Mapping[str, Any]) -> int:
        for key in _ADVANCE:
            if key in step:
                return max(self.stage.slot, int(step[key]))
        block = step.get("block", self.stage.slot + 1)
        return int(block[1:]) - 1 if str(block).startswith("<") else int(block)

    def _see_blocks(self, until: int | None) -> None:
        """Figures at blocks that are over, in order."""
        for block, key, name in sorted(self._at_blocks()):
            if key not in self.seen and (until is None or block < until):
                self.stage.at(max(block, self.stage.slot))
                self.seen[key] = self._figure(name)

    def _at_blocks(self) -> Iterator[tuple[int, str, str]]:
        for key in self.row.expect:
            if found := _AT_BLOCK.fullmatch(key):
                yield int(found[2]), key, found[1]

    def _see_step(self, number: int) -> None:
        for key, expected in self.row.expect.items():
            found = _AFTER_STEP.fullmatch(key)
            if found and int(found[1]) == number:
                self.seen[key] = {name: self._figure(name) for name in expected}

    def _take(self, step: Mapping[str, Any]) -> str | None:
        stage = self.stage
        if "add_pool" in step or "add" in step:
            return stage.add_pool(int(step.get("add_pool", step.get("add"))))
        for key in ("update_multiplier", "set_multiplier"):
            if key in step:
                return stage.set_multiplier(int(step[key]))
        for key in ("set_pool", "set_points", "set"):
            if key in step:
                return stage.set_points(int(step["pool"]), int(step[key]))
        if "set_dev" in step or "dev" in step:
            caller = step.get("who", step.get("caller", "dev"))
            return stage.set_developer(caller, step.get("set_dev", step.get("dev")))
        return self._move(step)

    def _move(self, step: Mapping[str, Any]) -> str | None:
        """What somebody does with a stake; an approval or a wait only lets a block pass."""
        who, pool = str(step.get("who", "alice")), int(step.get("pool", 0))
        if any(key in step for key in ("deposit", "withdraw", "emergency_withdraw")):
            self.pool_of[who] = pool
        for key in ("deposit", "enter_staking"):
            if key in step:
                return self.stage.deposit(who, 0 if key in _ENTER else pool, int(step[key]))
        for key in ("withdraw", "leave_staking"):
            if key in step:
                return self.stage.withdraw(who, 0 if key in _ENTER else pool, int(step[key]))
        if "emergency_withdraw" in step:
            given = step["emergency_withdraw"]
            chosen = step.get("pool", 0 if isinstance(given, bool) else given)
            return self.stage.withdraw_in_emergency(who, int(chosen))
        if "approve" in step or any(key in step for key in _ADVANCE):
            return None
        raise CannotPlay(f"unknown step: {sorted(step)}")

    def _figure(self, name: str) -> int:
        """A figure by its name: `bob`, `bob_lp`, `alice_pending`, `total_supply`, …"""
        stage = self.stage
        if name in ("total_supply", "supply"):
            return stage.supply()
        if name in ("pool_length", "pools"):
            return stage.pools
        who, _, what = name.partition("_")
        if who == "pending":
            who, what = what or next(iter(self.pool_of)), "pending"
        if who == "chef":
            return stage.tokens("vault")
        pool = self.pool_of.get(who, 0)
        if what == "pending":
            return stage.pending(who, pool)
        if what.startswith("lp"):
            return stage.tokens(stage.stake_tokens(who, int(what[2:] or pool)))
        if what == "syrup":
            return stage.staked(who, 0)
        if what in ("staked", "amount"):
            return stage.staked(who, pool)
        if what in ("", "cake", "sushi", "reward", "rewards"):
            return stage.rewards(who)
        raise CannotPlay(f"unknown figure: {name!r}")
