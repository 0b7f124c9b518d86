"""A farm in a runtime, played block by block: blocks are slots.

Of a person `u`: reward tokens `u_reward`; in pool `k`: stake tokens `u_lpk`, and `u_positionk`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from sealane import Instruction, Pubkey
from sealane.programs.library.staking import Farm, Flow, Pool, Position, staking
from sealane.programs.library.token import AccountState, Mint, TokenAccount
from sealane.testing import Vm

FARM_AUTHORITY: Final = Pubkey.find_program_address([b"rewards", Pubkey.of("farm")], staking.id)[0]
_RENT: Final = 10**7


class FarmStage:
    """Sends what people do, each as one transaction at a slot."""

    def __init__(self, *, base_divisor: int, stakes: int, **terms: int) -> None:
        self.vm = Vm()
        self.pools = 0
        self._mints: list[str] = []
        self._stakes = stakes
        self.developer = "dev"
        self.at(1)
        mint = Mint(is_initialized=True, decimals=0, mint_authority=FARM_AUTHORITY)
        self.vm.set_account("reward", owner="token", data=mint)
        self._put_tokens("vault", "reward", FARM_AUTHORITY, 0)
        self._allot("farm", Farm.layout_size)
        self.done(
            staking.initialize_farm(
                farm="farm",
                reward_mint="reward",
                admin="admin",
                developer="dev",
                base_divisor=base_divisor,
                **terms,
            )
        )

    def at(self, slot: int) -> None:
        self.vm.clock = replace(self.vm.clock, slot=slot)

    @property
    def slot(self) -> int:
        return self.vm.clock.slot

    def send(self, *calls: Instruction) -> str | None:
        """Send a transaction; the name of the program's error, if it fails."""
        receipt = self.vm.try_send(*calls, payer="payer")
        if receipt.error is None:
            return None
        assert receipt.error.program == "staking", receipt.report()
        return receipt.error.name

    def done(self, *calls: Instruction) -> None:
        error = self.send(*calls)
        assert error is None, error

    def refresh(self, pool: int) -> Instruction:
        return staking.refresh_farm_pool(
            farm="farm",
            pool=f"pool{pool}",
            flow=f"flow{pool}",
            authority=FARM_AUTHORITY,
            reward_mint="reward",
            vault="vault",
            developer_tokens=self._reward_tokens(self.developer),
        )

    def add_pool(self, points: int, *, of_rewards: bool = False) -> str | None:
        number = self.pools
        name, flow = f"pool{number}", f"flow{number}"
        self._mints.append("reward" if of_rewards else f"lp{number}")
        if not of_rewards:
            self.vm.set_account(f"lp{number}", owner="token", data=Mint(is_initialized=True))
        self._put_tokens(f"stakes{number}", self._mints[number], self._stakes_of(number), 0)
        self._allot(name, Pool.layout_size)
        self._allot(flow, Flow.layout_size)
        call = staking.add_pool(
            farm="farm",
            pool=name,
            flow=flow,
            stake_mint=self._mints[number],
            admin="admin",
            points=points,
            pools=[f"pool{k}" for k in range(number)],
        )
        error = self.send(*map(self.refresh, range(number)), call)
        self.pools += error is None
        return error

    def set_points(self, number: int, points: int) -> str | None:
        others = [f"pool{k}" for k in range(self.pools) if k != number]
        call = staking.set_points(
            farm="farm", pool=f"pool{number}", admin="admin", points=points, pools=others
        )
        return self.send(*map(self.refresh, range(self.pools)), call)

    def deposit(self, who: str, pool: int, amount: int) -> str | None:
        self._join(who, pool)
        call = staking.stake(
            pool=f"pool{pool}",
            flow=f"flow{pool}",
            position=f"{who}_position{pool}",
            source=self.stake_tokens(who, pool),
            vault=f"stakes{pool}",
            holder=who,
            amount=amount,
        )
        # The reference pays rewards with each deposit; one of 0 only claims.
        claim = self._claim(who, pool)
        return self.send(self.refresh(pool), claim, *([call] if amount else []))

    def withdraw(self, who: str, pool: int, amount: int) -> str | None:
        self._join(who, pool)
        call = staking.withdraw(**self._leaving(who, pool), amount=amount)
        claim = self._claim(who, pool)
        return self.send(self.refresh(pool), claim, *([call] if amount else []))

    def withdraw_in_emergency(self, who: str, pool: int) -> str | None:
        self._join(who, pool)
        return self.send(staking.withdraw_in_emergency(**self._leaving(who, pool)))

    def set_multiplier(self, multiplier: int) -> str | None:
        return self.send(
            staking.set_multiplier(farm="farm", admin="admin", bonus_multiplier=multiplier)
        )

    def set_developer(self, caller: str, successor: str) -> str | None:
        error = self.send(
            staking.set_developer(farm="farm", developer=caller, successor=Pubkey.of(successor))
        )
        self.developer = self.developer if error else successor
        return error

    # What is there

    def tokens(self, name: str) -> int:
        return self.vm.read(name, TokenAccount).amount

    def rewards(self, who: str) -> int:
        return self.tokens(self._reward_tokens(who))

    def supply(self) -> int:
        return self.vm.read("reward", Mint).supply

    def staked(self, who: str, pool: int) -> int:
        self._join(who, pool)
        return self.vm.read(f"{who}_position{pool}", Position).amount

    def pending(self, who: str, pool: int) -> int:
        """What a position would be paid in this slot."""
        self._join(who, pool)
        with self.vm.snapshot():
            call = staking.earned_so_far(pool=f"pool{pool}", position=f"{who}_position{pool}")
            receipt = self.vm.send(self.refresh(pool), call, payer="payer")
        assert receipt.return_data is not None
        return int.from_bytes(receipt.return_data, "little")

    def stake_tokens(self, who: str, pool: int) -> str:
        if self._mints[pool] == "reward":
            return self._reward_tokens(who)
        name = f"{who}_lp{pool}"
        if not self.vm.account(name).data:
            self._put_tokens(name, f"lp{pool}", who, self._stakes)
        return name

    def _reward_tokens(self, who: str) -> str:
        name = f"{who}_reward"
        if not self.vm.account(name).data:
            self._put_tokens(name, "reward", who, 0)
        return name

    def _join(self, who: str, pool: int) -> None:
        """Open a position, if there is none yet."""
        name = f"{who}_position{pool}"
        if not self.vm.account(name).data:
            self._allot(name, Position.layout_size)
            self.done(staking.open_position(position=name, pool=f"pool{pool}", holder=who))

    def _leaving(self, who: str, pool: int) -> dict[str, str | Pubkey]:
        return {
            "pool": f"pool{pool}",
            "flow": f"flow{pool}",
            "position": f"{who}_position{pool}",
            "authority": self._stakes_of(pool),
            "vault": f"stakes{pool}",
            "destination": self.stake_tokens(who, pool),
            "holder": who,
        }

    def _claim(self, who: str, pool: int) -> Instruction:
        accounts = self._leaving(who, pool) | {
            "authority": FARM_AUTHORITY,
            "vault": "vault",
            "destination": self._reward_tokens(who),
        }
        return staking.claim(**accounts)

    def _stakes_of(self, pool: int) -> Pubkey:
        seeds = [b"stakes", Pubkey.of(f"pool{pool}")]
        return Pubkey.find_program_address(seeds, staking.id)[0]

    def _put_tokens(self, name: str, mint: str, owner: str | Pubkey, amount: int) -> None:
        data = TokenAccount(mint=mint, owner=owner, amount=amount, state=AccountState.Initialized)
        self.vm.set_account(name, owner="token", data=data)

    def _allot(self, name: str, size: int) -> None:
        self.vm.set_account(name, owner=staking, data=bytes(size), lamports=_RENT)
