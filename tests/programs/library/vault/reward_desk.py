"""Rewards in `gems` for shares of a vault, pool `perks`; everybody has a lock, `NAME_lock`."""

from __future__ import annotations

from typing import Final

from sealane import Instruction
from sealane.programs.library.vault import Lock, LockedSums, RewardPool, authority_of, vault

from .desk import STARTING, Desk

HOLDERS: Final = ("ann", "ben", "cat")
TIME_MIN_S: Final = 100
TIME_MAX_S: Final = 1_000
BOOST_BPS: Final = 30_000


class RewardDesk:
    """Sends what people do with the pool. Everybody begins with 10,000 shares."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.vm = desk, desk.vm
        authority = authority_of("perks")
        self.vm.label(authority, "perks_authority")
        desk.put_mint("gems", "bank")
        for name, mint in (("locked0", "shares"), ("locked1", "shares"), ("gems0", "gems")):
            desk.put_tokens(name, mint, authority)
        desk.put_tokens("gems1", "gems", authority)
        desk.put_tokens("boss_gems", "gems", "boss", STARTING)
        desk.allot("perks", RewardPool.layout_size)
        desk.allot("sums", LockedSums.layout_size)
        self.vm.send(self.open())
        for name in HOLDERS:
            desk.put_tokens(f"{name}_gems", "gems", name)
            desk.allot(f"{name}_lock", Lock.layout_size)
            self.vm.send(vault.open_lock(pool="perks", lock=f"{name}_lock", owner=name))
            self.vm.send(desk.deposit(name, 10_000))

    def open(self, time_max_s: int = TIME_MAX_S, **names: str) -> Instruction:
        accounts = {"vault": "savings", "pool": "perks", "sums": "sums", "reward_mint": "gems"}
        return vault.open_rewards(
            **accounts | names,
            time_min_s=TIME_MIN_S,
            time_max_s=time_max_s,
            boost_bps=BOOST_BPS,
        )

    def lock(self, who: str, shares: int, time_s: int, vault_: str = "locked0") -> Instruction:
        return vault.lock_shares(
            pool="perks",
            sums="sums",
            lock=f"{who}_lock",
            source=f"{who}_shares",
            share_vault=vault_,
            owner=who,
            shares=shares,
            time_s=time_s,
        )

    def unlock(self, who: str, vault_: str = "locked0", to: str | None = None) -> Instruction:
        return vault.unlock_shares(
            pool="perks",
            sums="sums",
            lock=f"{who}_lock",
            share_vault=vault_,
            destination=to or f"{who}_shares",
        )

    def airdrop(self, amount: int, reward_vault: str = "gems0", sums: str = "sums") -> Instruction:
        return vault.airdrop(
            pool="perks",
            sums=sums,
            source="boss_gems",
            reward_vault=reward_vault,
            donor="boss",
            amount=amount,
        )

    def claim(self, who: str, reward_vault: str = "gems0", owner: str | None = None) -> Instruction:
        return vault.claim_rewards(
            pool="perks",
            lock=f"{who}_lock",
            reward_vault=reward_vault,
            destination=f"{who}_gems",
            owner=owner or who,
        )

    def move(self, source: str, destination: str, amount: int) -> Instruction:
        return vault.move_tokens(
            pool="perks", source=source, destination=destination, amount=amount
        )

    def lock_of(self, who: str) -> Lock:
        return self.vm.read(f"{who}_lock", Lock)

    def pool(self) -> RewardPool:
        return self.vm.read("perks", RewardPool)

    def weight(self) -> int:
        sums = self.vm.read("sums", LockedSums)
        return sums.weight_in - sums.weight_out
