"""Rows of StakingRewards' suite. Its amounts have 18 decimals and exceed u64.

What fits goes through the program; the rest is played by the functions that it calls.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from sealane.programs import ProgramFailure
from sealane.programs.library.staking.figures.rewards import (
    STREAM_PRECISION,
    earned,
    index_rise,
    new_rate,
    require_covered,
    require_period_over,
    require_stake,
    require_withdrawal,
    streamed,
)

from ..rows import CannotPlay, Played, Row, Way
from . import stream_stage

_WEEK_S: Final = 604_800
_DAY_S: Final = 86_400
_NAMES: Final = {
    "ZeroStake": "Cannot stake 0",
    "ZeroWithdrawal": "Cannot withdraw 0",
    "InsufficientStake": "SafeMath: subtraction overflow",
    "RewardTooHigh": "Provided reward too high",
    "Paused": "This action cannot be performed while the contract is paused",
    "StakedToken": "Cannot withdraw the staking token",
    "PeriodNotOver": "Previous rewards period must be complete before changing the duration for "
    "the new period",
    "NotAdmin": "Only the contract owner may perform this action",
    "NotDistributor": "Caller is not RewardsDistribution contract",
}


class _Stream:
    """A stream of any size, by the functions of the program."""

    def __init__(self, inputs: Mapping[str, Any]) -> None:
        self.now = int(inputs.get("now", 1_600_000_000))
        self.duration = int(inputs.get("duration", inputs.get("rewards_duration", _WEEK_S)))
        self.balance = int(inputs.get("balance", inputs.get("reward_balance", 0)))
        self.rate = int(inputs.get("reward_rate", 0))
        self.finish = int(inputs.get("period_finish", 0))
        self.index = self.until = 0
        self.stakes: dict[str, int] = {}
        self.paid_index: dict[str, int] = {}
        self.owed: dict[str, int] = {}
        self.paid: dict[str, int] = {}
        self.given = 0

    def fold(self) -> None:
        until = min(self.now, self.finish)
        reward, total = streamed(self.until, until, self.finish, self.rate), self.total
        if total:
            self.index += index_rise(reward, total, STREAM_PRECISION)
            self.given += reward
        self.until = max(self.until, until)

    @property
    def total(self) -> int:
        return sum(self.stakes.values())

    def settle(self, who: str) -> None:
        self.fold()
        self.owed[who] = self.earned(who)
        self.paid_index[who] = self.index

    def earned(self, who: str) -> int:
        self.fold()
        amount, paid = self.stakes.get(who, 0), self.paid_index.get(who, 0)
        got = earned(amount, self.index, paid, STREAM_PRECISION, farm=False)
        return self.owed.get(who, 0) + got

    def stake(self, amount: int, who: str) -> None:
        require_stake(amount)
        self.settle(who)
        self.stakes[who] = self.stakes.get(who, 0) + amount

    def withdraw(self, amount: int, who: str) -> None:
        require_withdrawal(amount, self.stakes.get(who, 0))
        self.settle(who)
        self.stakes[who] -= amount

    def claim(self, who: str) -> None:
        self.settle(who)
        paid = min(self.owed[who], self.balance)
        self.owed[who] -= paid
        self.balance -= paid
        self.paid[who] = self.paid.get(who, 0) + paid

    def exit(self, who: str) -> None:
        self.withdraw(self.stakes.get(who, 0), who)
        self.claim(who)

    def notify(self, reward: int) -> None:
        self.fold()
        rate = new_rate(reward, max(0, self.finish - self.now), self.rate, self.duration)
        owed = self.given - sum(self.paid.values())
        require_covered(rate, self.duration, max(0, self.balance - owed))
        self.rate, self.until = rate, self.now
        self.finish = self.now + self.duration

    def set_duration(self, duration: int) -> None:
        require_period_over(self.now, self.finish)
        self.duration = duration

    def figure(self, name: str, who: str) -> int:
        self.fold()
        figures: dict[str, Callable[[], int]] = {
            "earned": lambda: self.earned(who),
            "reward_per_token": lambda: self.index,
            "reward_rate": lambda: self.rate,
            "rewards_duration": lambda: self.duration,
            "duration": lambda: self.duration,
            "period_finish": lambda: self.finish,
            "last_time_reward_applicable": lambda: min(self.now, self.finish),
            "reward_for_duration": lambda: self.rate * self.duration,
            "total_supply": lambda: self.total,
            "total_staked": lambda: self.total,
            "staked": lambda: self.stakes.get(who, 0),
            "reward_balance": lambda: self.paid.get(who, 0),
            "rewards": lambda: self.paid.get(who, 0),
        }
        if name not in figures:
            raise CannotPlay(f"unknown figure: {name!r}")
        return figures[name]()


def play(row: Row) -> Played:
    """Play its one op, or its steps in order."""
    inputs = row.inputs
    if inputs.get("op") in ("stake", "withdraw") and int(inputs.get("amount", 0)) < 2**64:
        error = stream_stage.move(str(inputs["op"]), int(inputs.get("amount", 0)))
        return Played({"error": _NAMES[error]} if error else {"ok": True})
    stream = _Stream(inputs)
    steps = inputs.get("steps", [inputs])
    who = "alice"
    try:
        for step in steps:
            who = str(step.get("who", who))
            _take(stream, step, who)
    except ProgramFailure as failure:
        return Played({"error": _NAMES[_name_of(failure)]}, Way.FUNCTIONS)
    figures = {key: stream.figure(key, who) for key in row.expect if key != "error"}
    return Played(figures, Way.FUNCTIONS)


def _take(stream: _Stream, step: Mapping[str, Any], who: str) -> None:
    name, value = _named(step)
    days = _DAY_S if name.endswith("days") else 1
    match name.removesuffix("_days").removesuffix("_s"):
        case "stake":
            stream.stake(value, who)
        case "withdraw":
            stream.withdraw(value, who)
        case "transfer" | "fund":
            stream.balance += value
        case "notify" | "notify_reward" | "notify_reward_amount":
            stream.notify(value)
        case "set_duration" | "set_rewards_duration":
            stream.set_duration(value)
        case "get_reward" | "claim":
            stream.claim(who)
        case "exit":
            stream.exit(who)
        case "advance" | "fast_forward" | "wait":
            stream.now += value * days
        case other:
            raise CannotPlay(f"unknown step: {other!r}")


def _named(step: Mapping[str, Any]) -> tuple[str, int]:
    """What a step does, and how much: `{op, amount}`, or the op itself as the key."""
    if "op" in step:
        amounts = ("amount", "reward", "duration", "seconds", "value")
        given = next((step[key] for key in amounts if key in step), 0)
        return str(step["op"]), int(given)
    name = next(key for key in step if key != "who")
    return name, int(step[name])


def _name_of(failure: ProgramFailure) -> str:
    return str(getattr(failure.error, "name", failure.error))
