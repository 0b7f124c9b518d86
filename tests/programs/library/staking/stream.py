"""A pool that a stream pays rewards to, and three people with 1,000,000 stake tokens each.

Of a person `u`: stake tokens `u_lp`, reward tokens `u_reward`, and `u_position`. There are two
vaults of stakes, `stakes0` and `stakes1`, and two of rewards.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from sealane import Instruction, Pubkey
from sealane.programs.library.staking import Flow, Pool, Position, staking
from sealane.programs.library.token import AccountState, Mint, TokenAccount
from sealane.testing import Vm

STAKES: Final = Pubkey.find_program_address([b"stakes", Pubkey.of("pool")], staking.id)[0]
REWARDS: Final = Pubkey.find_program_address([b"rewards", Pubkey.of("pool")], staking.id)[0]
PEOPLE: Final = ("ann", "ben", "cat")
STARTING: Final = 1_000_000
FUNDED: Final = 500_000
DURATION_S: Final = 1_000


class Stream:
    """Sends what people do with the pool."""

    def __init__(self, vm: Vm) -> None:
        self.vm = vm
        for mint in ("lp", "reward", "other"):
            vm.set_account(mint, owner="token", data=Mint(is_initialized=True))
        for k in range(2):
            self.put_tokens(f"stakes{k}", "lp", STAKES, 0)
            self.put_tokens(f"rewards{k}", "reward", REWARDS, FUNDED)
        for name in PEOPLE:
            vm.airdrop(name, 1)
            self.put_tokens(f"{name}_lp", "lp", name, STARTING)
            self.put_tokens(f"{name}_reward", "reward", name, 0)
            self.allot(f"{name}_position", Position.layout_size)
        self.allot("pool", Pool.layout_size)
        self.allot("flow", Flow.layout_size)
        vm.send(
            staking.initialize_stream(
                pool="pool",
                flow="flow",
                stake_mint="lp",
                reward_mint="reward",
                admin="admin",
                distributor=Pubkey.of("giver"),
                duration=DURATION_S,
            )
        )
        for name in PEOPLE:
            call = staking.open_position(position=f"{name}_position", pool="pool", holder=name)
            vm.send(call)

    def wait(self, seconds: int) -> None:
        """A later slot."""
        clock = self.vm.clock
        self.vm.clock = replace(
            clock, slot=clock.slot + 1, unix_timestamp=clock.unix_timestamp + seconds
        )

    # Calls

    def refresh(self) -> Instruction:
        return staking.refresh_stream(pool="pool", flow="flow")

    def stake(self, who: str, amount: int, vault: int = 0, **other: str) -> Instruction:
        accounts = self._of(who) | {"source": f"{who}_lp", "vault": f"stakes{vault}"} | other
        return staking.stake(**accounts, amount=amount)

    def withdraw(self, who: str, amount: int, vault: int = 0, **other: str) -> Instruction:
        return staking.withdraw(**self._leaving(who, vault) | other, amount=amount)

    def leave(self, who: str, vault: int = 0) -> Instruction:
        return staking.withdraw_in_emergency(**self._leaving(who, vault))

    def claim(self, who: str, vault: int = 0, **other: str) -> Instruction:
        accounts = self._of(who) | {
            "authority": REWARDS,
            "vault": f"rewards{vault}",
            "destination": f"{who}_reward",
        }
        return staking.claim(**accounts | other)

    def notify(
        self, reward: int, by: str = "giver", vaults: tuple[str, ...] = ("rewards0", "rewards1")
    ) -> Instruction:
        return staking.notify_reward(
            pool="pool", flow="flow", distributor=by, reward=reward, vaults=list(vaults)
        )

    def move_stakes(self, amount: int) -> Instruction:
        return staking.move_stakes(
            pool="pool", authority=STAKES, source="stakes0", destination="stakes1", amount=amount
        )

    def move_rewards(self, amount: int) -> Instruction:
        return staking.move_rewards(
            pool="pool",
            authority=REWARDS,
            source="rewards1",
            destination="rewards0",
            amount=amount,
        )

    # What is there

    def tokens(self, name: str) -> int:
        return self.vm.read(name, TokenAccount).amount

    def rewards_paid(self) -> int:
        return sum(self.tokens(f"{name}_reward") for name in PEOPLE)

    def pool(self) -> Pool:
        return self.vm.read("pool", Pool)

    def flow(self) -> Flow:
        return self.vm.read("flow", Flow)

    def position(self, who: str) -> Position:
        return self.vm.read(f"{who}_position", Position)

    def put_tokens(self, name: str, mint: str, owner: str | Pubkey, amount: int) -> None:
        data = TokenAccount(mint=mint, owner=owner, amount=amount, state=AccountState.Initialized)
        self.vm.set_account(name, owner="token", data=data)

    def allot(self, name: str, size: int) -> None:
        self.vm.set_account(name, owner=staking, data=bytes(size), lamports=10**7)

    def _of(self, who: str) -> dict[str, str | Pubkey]:
        return {"pool": "pool", "flow": "flow", "position": f"{who}_position", "holder": who}

    def _leaving(self, who: str, vault: int) -> dict[str, str | Pubkey]:
        more = {"authority": STAKES, "vault": f"stakes{vault}", "destination": f"{who}_lp"}
        return self._of(who) | more
