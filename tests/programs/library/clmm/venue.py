"""A pool in a chain of one process, made by instructions, and calls to it with few words.

Users hold what is given to them of `token0` and `token1` in accounts named `ann 0` and `ann 1`.
"""

from __future__ import annotations

from typing import Any, Final

from sealane import Instruction, Pubkey
from sealane.primitives.integers import U64_MAX
from sealane.programs.library.authorities import found_authority
from sealane.programs.library.clmm import (
    Observation,
    Observations,
    Pool,
    Position,
    Tick,
    TickArray,
    TickArrayMap,
    clmm,
)
from sealane.programs.library.clmm.transitions.tick_arrays import (
    TickArrays,
    array_count,
    array_start,
)
from sealane.programs.library.token import AccountState, Mint, TokenAccount
from sealane.testing import Vm

Q96: Final = 1 << 96
PLENTY: Final = 10**18


class Venue:
    """A pool of token 0 and token 1 with a fee of 0.3%, at a price of 1 if not said otherwise."""

    def __init__(
        self,
        vm: Vm,
        *,
        fee_pips: int = 3_000,
        spacing: int = 60,
        sqrt_price: int = Q96,
        ring: int = 4,
    ) -> None:
        self.vm, self.spacing = vm, spacing
        self.arrays: list[int] = []
        self.authority = found_authority(vm.key("pool"), clmm.id)[0]
        for side in "01":
            vm.set_account(f"mint{side}", owner="token", data=Mint(is_initialized=True))
            self.hold(f"vault{side}", self.authority, side)
        self.zeroed("pool", Pool.layout_size)
        self.zeroed("map", TickArrayMap.layout_size + 4 + -(-array_count(spacing) // 8))
        self.zeroed("past", Observations.layout_size + ring * Observation.layout_size)
        vm.send(self.initialization(fee_pips, spacing, sqrt_price))

    def initialization(
        self, fee_pips: int = 3_000, spacing: int = 60, sqrt_price: int = Q96, **changes: Any
    ) -> Instruction:
        accounts: dict[str, Any] = {
            "pool": "pool",
            "tick_map": "map",
            "observations": "past",
            "vault0": "vault0",
            "vault1": "vault1",
            "admin": "admin",
        }
        return clmm.initialize_pool(
            **accounts | changes, fee_pips=fee_pips, tick_spacing=spacing, sqrt_price=sqrt_price
        )

    def zeroed(self, name: str, length: int) -> None:
        """An account of the program's, not initialized."""
        self.vm.set_account(name, owner=clmm, data=bytes(length))

    def hold(self, name: str, owner: str | Pubkey, side: str, amount: int = 0) -> None:
        """Put a token account in place."""
        data = TokenAccount(
            mint=f"mint{side}", owner=owner, amount=amount, state=AccountState.Initialized
        )
        self.vm.set_account(name, owner="token", data=data)

    def user(self, name: str, amount0: int = PLENTY, amount1: int = PLENTY) -> None:
        """Someone with these tokens."""
        self.hold(f"{name} 0", name, "0", amount0)
        self.hold(f"{name} 1", name, "1", amount1)

    def held(self, name: str) -> tuple[int, int]:
        """Tokens 0 and 1 in a user's accounts, or in the vaults."""
        names = ("vault0", "vault1") if name == "vault" else (f"{name} 0", f"{name} 1")
        amounts = [self.vm.read(each, TokenAccount).amount for each in names]
        return amounts[0], amounts[1]

    @property
    def pool(self) -> Pool:
        return self.vm.read("pool", Pool)

    def position(self, name: str) -> Position:
        return self.vm.read(name, Position)

    def tick(self, index: int) -> Tick:
        array = self.vm.read(self.array(index), TickArray)
        return TickArrays([array], self.spacing).tick(index)

    def array(self, tick: int) -> str:
        """The name of the tick array with this tick, which is made if there is none."""
        start = array_start(tick, self.spacing)
        if start not in self.arrays:
            self.zeroed(f"array {start}", TickArray.layout_size)
            self.vm.send(self.array_initialization(start))
            self.arrays.append(start)
        return f"array {start}"

    def array_initialization(self, start: int, **changes: Any) -> Instruction:
        accounts: dict[str, Any] = {
            "pool": "pool",
            "tick_map": "map",
            "tick_array": f"array {start}",
        }
        return clmm.initialize_tick_array(**accounts | changes, start=start)

    def all_arrays(self) -> list[str]:
        return [f"array {start}" for start in self.arrays]

    def open(self, name: str, lower: int, upper: int, owner: str = "ann") -> None:
        """Make a position."""
        self.zeroed(name, Position.layout_size)
        self.vm.send(self.opening(name, lower, upper, owner))

    def opening(self, name: str, lower: int, upper: int, owner: str = "ann") -> Instruction:
        return clmm.open_position(pool="pool", position=name, owner=owner, lower=lower, upper=upper)

    def add(self, name: str, liquidity: int, **changes: Any) -> Instruction:
        """Add liquidity to a position of its owner's, who pays from his accounts."""
        owner = self._owner(name)
        accounts: dict[str, Any] = {
            **self._range(name),
            "source0": f"{owner} 0",
            "source1": f"{owner} 1",
            "vault0": "vault0",
            "vault1": "vault1",
            "owner": owner,
            "amount0_max": U64_MAX,
            "amount1_max": U64_MAX,
        }
        return clmm.increase_liquidity(**accounts | changes, liquidity=liquidity)

    def remove(self, name: str, liquidity: int, **changes: Any) -> Instruction:
        accounts: dict[str, Any] = {
            **self._range(name),
            "owner": self._owner(name),
            "amount0_min": 0,
            "amount1_min": 0,
        }
        return clmm.decrease_liquidity(**accounts | changes, liquidity=liquidity)

    def add_beyond(self, name: str, liquidity: int, **changes: Any) -> Instruction:
        accounts = {**self._range(name), "owner": self._owner(name)}
        return clmm.increase_liquidity_beyond(**accounts | changes, liquidity=liquidity)

    def remove_beyond(self, name: str, liquidity: int, **changes: Any) -> Instruction:
        accounts = {**self._range(name), "owner": self._owner(name)}
        return clmm.decrease_liquidity_beyond(**accounts | changes, liquidity=liquidity)

    def fund(self, name: str, amount0: int, amount1: int) -> Instruction:
        owner = self._owner(name)
        return clmm.fund_position(
            pool="pool",
            position=name,
            source0=f"{owner} 0",
            source1=f"{owner} 1",
            vault0="vault0",
            vault1="vault1",
            owner=owner,
            amount0=amount0,
            amount1=amount1,
        )

    def collect(self, name: str, amount0: int = U64_MAX, amount1: int = U64_MAX) -> Instruction:
        owner = self._owner(name)
        return clmm.collect(
            pool="pool",
            position=name,
            vault0="vault0",
            vault1="vault1",
            destination0=f"{owner} 0",
            destination1=f"{owner} 1",
            owner=owner,
            amount0=amount0,
            amount1=amount1,
        )

    def closing(self, name: str) -> Instruction:
        return clmm.close_position(position=name, owner=self._owner(name))

    def swap(
        self, zero_for_one: bool, amount: int, *, owner: str = "bob", limit: int = 0, **changes: Any
    ) -> Instruction:
        """A swap with an exact input, or, for a negative amount, an exact output."""
        into, out = ("0", "1") if zero_for_one else ("1", "0")
        values: dict[str, Any] = {
            "pool": "pool",
            "observations": "past",
            "source": f"{owner} {into}",
            "destination": f"{owner} {out}",
            "vault_in": f"vault{into}",
            "vault_out": f"vault{out}",
            "authority": self.authority,
            "owner": owner,
            "tick_map": "map",
            "arrays": self.all_arrays(),
            "threshold": 0 if amount >= 0 else U64_MAX,
        }
        return clmm.swap(
            **values | changes,
            zero_for_one=zero_for_one,
            exact_in=amount >= 0,
            amount=abs(amount),
            sqrt_price_limit=limit,
        )

    def _owner(self, name: str) -> Pubkey | str:
        holder = self.position(name).holder
        known = [user for user in ("ann", "bob", "cat", "dan") if self.vm.key(user) == holder]
        return known[0] if known else holder

    def _range(self, name: str) -> dict[str, Any]:
        position = self.position(name)
        return {
            "pool": "pool",
            "position": name,
            "lower_array": self.array(position.lower),
            "upper_array": self.array(position.upper),
            "observations": "past",
        }
