"""The calls that users of a bank make, with its names for their accounts."""

from __future__ import annotations

from typing import Any, Final

from sealane import Instruction, Pubkey
from sealane.programs.library.stablecoin import (
    WAD,
    BidAuction,
    Position,
    PriceAuction,
    StabilityDeposit,
    StabilityGains,
    StabilityPool,
    stablecoin,
)
from sealane.testing import Vm

KIND: Final[dict[str, Any]] = {"engine": "engine", "collateral_type": "gold"}


class Calls:
    """The calls of a Vm's users; see Bank for the names."""

    vm: Vm
    authority: Pubkey
    shards: int

    def new(self, name: str, layout: type[Any]) -> str:
        """An account of the program that holds nothing yet."""
        self.vm.set_account(name, owner=stablecoin, data=bytes(layout.layout_size))
        return name

    def urn(self, user: str) -> Position:
        return self.vm.read(f"{user}_urn", Position)

    def shard_of(self, user: str) -> str:
        shard = self.urn(user).shard
        return next(f"shard_{k}" for k in range(self.shards) if self.vm.key(f"shard_{k}") == shard)

    def deposit(self, user: str, amount: int) -> Instruction:
        return stablecoin.deposit_collateral(
            **KIND,
            balance=f"{user}_gem",
            source=f"{user}_gold",
            vault="vault",
            owner=user,
            amount=amount,
        )

    def withdraw(self, user: str, amount: int, **changes: Any) -> Instruction:
        places: dict[str, Any] = {
            "balance": f"{user}_gem",
            "vault": "vault",
            "destination": f"{user}_gold",
            "authority": self.authority,
            "holder": user,
        }
        return stablecoin.withdraw_collateral(**KIND, **places | changes, amount=amount)

    def coins_out(self, user: str, amount: int) -> Instruction:
        return stablecoin.withdraw_coins(
            engine="engine",
            balance=f"{user}_dai",
            coin_mint="coin_mint",
            destination=f"{user}_coin",
            authority=self.authority,
            holder=user,
            amount=amount,
        )

    def coins_in(self, user: str, amount: int) -> Instruction:
        return stablecoin.deposit_coins(
            engine="engine",
            balance=f"{user}_dai",
            coin_mint="coin_mint",
            source=f"{user}_coin",
            owner=user,
            amount=amount,
        )

    def adjust(self, user: str, collateral: int, debt: int, **changes: Any) -> Instruction:
        """A change by a user of its own position, in wads, unless `changes` say otherwise."""
        places: dict[str, Any] = {
            "shard": self.shard_of(user),
            "position": f"{user}_urn",
            "collateral_balance": f"{user}_gem",
            "coin_balance": f"{user}_dai",
            "caller": user,
            "permissions": [],
        }
        return stablecoin.adjust(**KIND, **places | changes, collateral=collateral, debt=debt)

    def repay(self, user: str, debt: int, **changes: Any) -> Instruction:
        places: dict[str, Any] = {
            "shard": self.shard_of(user),
            "position": f"{user}_urn",
            "coin_balance": f"{user}_dai",
            "payer": user,
        }
        return stablecoin.repay(**KIND, **places | changes, debt=debt)

    def liquidate(self, user: str, auction: str = "sale", keeper: str | None = None) -> Instruction:
        self.new(auction, PriceAuction)
        return stablecoin.liquidate_at_falling_price(
            **KIND,
            shard=self.shard_of(user),
            position=f"{user}_urn",
            limits="limits",
            house="house",
            auction=auction,
            treasury="vow",
            keeper=f"{keeper or user}_dai",
            caller=keeper or user,
        )

    def liquidate_by_bids(self, user: str, auction: str = "bids") -> Instruction:
        self.new(auction, BidAuction)
        return stablecoin.liquidate_by_bids(
            **KIND,
            shard=self.shard_of(user),
            position=f"{user}_urn",
            limits="limits",
            house="bid_house",
            auction=auction,
            treasury="vow",
            caller=user,
        )

    def buy(
        self, buyer: str, owner: str, amount: int, price: int, sale: str = "sale"
    ) -> Instruction:
        return stablecoin.buy(
            **KIND,
            house="house",
            auction=sale,
            coin_balance=f"{buyer}_dai",
            collateral_balance=f"{buyer}_gem",
            leftover=f"{owner}_gem",
            buyer=buyer,
            amount=amount,
            price_max=price,
        )

    def redeem(self, user: str, owner: str, amount: int, rate_max: int = WAD) -> Instruction:
        return stablecoin.redeem(
            **KIND,
            feed="feed",
            redemptions="redemptions",
            shard=self.shard_of(owner),
            position=f"{owner}_urn",
            coin_mint="coin_mint",
            source=f"{user}_coin",
            collateral_balance=f"{user}_gem",
            fee_balance="admin_gem",
            redeemer=user,
            amount=amount,
            rate_max=rate_max,
        )

    def save(self, user: str, shares: int, out: bool = False) -> Instruction:
        call = stablecoin.exit_savings if out else stablecoin.join_savings
        return call(
            pot="pot",
            shard="savings_0",
            account=f"{user}_pie",
            coin_balance=f"{user}_dai",
            holder=user,
            shares=shares,
        )

    def pool_deposit(
        self, user: str, coins_in: int = 0, coins_out: int = 0, **changes: Any
    ) -> Instruction:
        """A change of a deposit in the pool `pool`, by rads."""
        places: dict[str, Any] = {
            "pool": "pool",
            "gains": "gains_0",
            "gains_then": "gains_0",
            "gains_after": None,
            "deposit": f"{user}_deposit",
            "coin_balance": f"{user}_dai",
            "collateral_balance": f"{user}_gem",
            "holder": user,
        }
        amounts = {"coins_in": coins_in, "coins_out": coins_out}
        return stablecoin.change_deposit(**KIND, **places | changes, **amounts)

    def liquidate_by_pool(self, user: str, gains: str = "gains_0") -> Instruction:
        return stablecoin.liquidate_by_pool(
            **KIND,
            shard=self.shard_of(user),
            position=f"{user}_urn",
            pool="pool",
            gains=gains,
            caller="anyone",
        )

    def new_pool(self, *depositors: str) -> list[Instruction]:
        """A pool with its first sum, and empty deposits."""
        self.new("pool", StabilityPool)
        self.new("gains_0", StabilityGains)
        calls = [
            stablecoin.initialize_stability_pool(collateral_type="gold", pool="pool"),
            stablecoin.open_gains(pool="pool", gains="gains_0"),
        ]
        for user in depositors:
            name = self.new(f"{user}_deposit", StabilityDeposit)
            calls.append(stablecoin.open_deposit(pool="pool", deposit=name, holder=user))
        return calls
