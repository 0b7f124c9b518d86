"""Tokens, users and pools in a chain of one process.

Pools and shares are made by instructions; tokens are put straight into place.
"""

from __future__ import annotations

from base64 import b64decode
from typing import Any, TypeVar

from sealane import Instruction, Pubkey, Receipt
from sealane.programs import Layout
from sealane.programs.library.amm import (
    CurveKind,
    CurvePool,
    Exchange,
    FeeTable,
    FeeTier,
    Pool,
    amm,
    authority_of,
)
from sealane.programs.library.token import AccountState, Mint, TokenAccount
from sealane.testing import Vm

RICH = 10**18
E = TypeVar("E", bound=Layout)


def put(vm: Vm, name: str, size: int) -> None:
    """An empty account of the amm."""
    vm.set_account(name, owner=amm, data=bytes(size))


def put_mint(vm: Vm, name: str, authority: str | Pubkey = "issuer", supply: int = 0) -> None:
    data = Mint(is_initialized=True, decimals=6, mint_authority=Pubkey.of(authority), supply=supply)
    vm.set_account(name, owner="token", data=data)


def put_tokens(vm: Vm, name: str, mint: str, owner: str | Pubkey, amount: int = 0) -> None:
    data = TokenAccount(mint=mint, token_owner=owner, amount=amount, state=AccountState.Initialized)
    vm.set_account(name, owner="token", data=data)


def held(vm: Vm, name: str) -> int:
    """The tokens in an account."""
    return vm.read(name, TokenAccount).amount


def supply(vm: Vm, mint: str) -> int:
    """The tokens of a mint, in all."""
    return vm.read(mint, Mint).supply


class Market:
    """An exchange of the authority `boss`, with a tier of 3/1000. Users hold a, b, c."""

    def __init__(self, vm: Vm, users: tuple[str, ...] = ("ann",), funds: int = RICH) -> None:
        self.vm = vm
        for name in ("a", "b", "c"):
            put_mint(vm, name)
        for user in users:
            self.join(user, funds)
        put(vm, "exchange", Exchange.layout_size)
        vm.send(amm.initialize_exchange(exchange="exchange", authority="boss"))
        self.open_tier("tier", 3, 1_000)

    def join(self, user: str, funds: int) -> None:
        """Give a user an account with this much of each token."""
        for name in ("a", "b", "c"):
            put_tokens(self.vm, f"{user}_{name}", name, user, funds)

    def open_tier(self, name: str, numerator: int, denominator: int) -> None:
        put(self.vm, name, FeeTier.layout_size)
        self.vm.send(
            amm.open_fee_tier(
                exchange="exchange",
                tier=name,
                authority="boss",
                fee_numerator=numerator,
                fee_denominator=denominator,
            )
        )

    def prepare(self, name: str, a: str = "a", b: str = "b", size: int = Pool.layout_size) -> None:
        """An empty account for a pool, its vaults NAME_A and NAME_B, its mint NAME_shares."""
        put(self.vm, name, size)
        authority = authority_of(name)
        put_mint(self.vm, f"{name}_shares", authority)
        for token in (a, b):
            put_tokens(self.vm, f"{name}_{token}", token, authority)

    def open(self, name: str = "pool", a: str = "a", b: str = "b", tier: str = "tier") -> None:
        """A pool of a and b, and accounts of its shares for all users."""
        self.prepare(name, a, b)
        self.vm.send(
            amm.initialize_pool(
                pool=name,
                tier=tier,
                vault_a=f"{name}_{a}",
                vault_b=f"{name}_{b}",
                share_mint=f"{name}_shares",
            )
        )

    def own_shares(self, user: str, pool: str = "pool") -> None:
        put_tokens(self.vm, f"{user}_{pool}", f"{pool}_shares", user)

    def pool(self, name: str = "pool") -> Pool:
        return self.vm.read(name, Pool)

    def curve_pool(self, name: str = "pool") -> CurvePool:
        return self.vm.read(name, CurvePool)

    def mint(
        self, amounts: tuple[int, int], user: str = "ann", pool: str = "pool", **changes: Any
    ) -> Receipt:
        return self.vm.send(self.minting(amounts, user, pool, **changes))

    def minting(
        self, amounts: tuple[int, int], user: str = "ann", pool: str = "pool", **changes: Any
    ) -> Instruction:
        values = self.liquidity(user, pool) | {
            "source_a": f"{user}_a",
            "source_b": f"{user}_b",
            "destination": f"{user}_{pool}",
            "amount_a": amounts[0],
            "amount_b": amounts[1],
            "shares_min": 0,
        }
        return amm.mint(**values | changes)

    def burning(
        self, shares: int, user: str = "ann", pool: str = "pool", **changes: Any
    ) -> Instruction:
        values = self.liquidity(user, pool) | {
            "source": f"{user}_{pool}",
            "destination_a": f"{user}_a",
            "destination_b": f"{user}_b",
            "shares": shares,
            "amount_a_min": 0,
            "amount_b_min": 0,
        }
        return amm.burn(**values | changes)

    def swapping(
        self, amount: int, way: str = "ab", user: str = "ann", pool: str = "pool", **changes: Any
    ) -> Instruction:
        values = self.trading(way, user, pool) | {"amount_in": amount, "amount_out_min": 0}
        return amm.swap_exact_in(**values | changes)

    def trading(self, way: str, user: str, pool: str) -> dict[str, Any]:
        """The accounts of a swap: `ab` pays a for b."""
        return {
            "pool": pool,
            "authority": authority_of(pool),
            "vault_in": f"{pool}_{way[0]}",
            "vault_out": f"{pool}_{way[1]}",
            "source": f"{user}_{way[0]}",
            "destination": f"{user}_{way[1]}",
            "owner": user,
        }

    def open_curve(
        self,
        kind: CurveKind,
        holdings: tuple[int, int],
        parameter: int = 0,
        fees: FeeTable | None = None,
        name: str = "pool",
    ) -> None:
        """A pool on a curve, owned by `boss`, who has the first shares."""
        self.prepare(name, size=CurvePool.layout_size)
        for token, amount in zip("ab", holdings, strict=True):
            put_tokens(self.vm, f"{name}_{token}", token, authority_of(name), amount)
        self.own_shares("boss", name)
        self.vm.send(self.initialization(kind, parameter, fees or no_fees(), name))

    def initialization(
        self, kind: CurveKind, parameter: int, fees: FeeTable, name: str, **changes: Any
    ) -> Instruction:
        values: dict[str, Any] = {
            "pool": name,
            "authority": authority_of(name),
            "vault_a": f"{name}_a",
            "vault_b": f"{name}_b",
            "share_mint": f"{name}_shares",
            "destination": f"boss_{name}",
            "owner": "boss",
            "kind": kind,
            "parameter": parameter,
            "fees": fees,
        }
        return amm.initialize_curve_pool(**values | changes)

    def liquidity(self, user: str, pool: str) -> dict[str, Any]:
        return {
            "pool": pool,
            "exchange": "exchange",
            "vault_a": f"{pool}_a",
            "vault_b": f"{pool}_b",
            "share_mint": f"{pool}_shares",
            "owner": user,
        }


def no_fees() -> FeeTable:
    return FeeTable(**dict.fromkeys(FeeTable.layout_fields, 0))


def events(receipt: Receipt, layout: type[E]) -> list[E]:
    """The events of one kind in a receipt."""
    raw = [b64decode(line.split()[-1]) for line in receipt.logs if line.startswith("Program data")]
    return [layout.decode(each) for each in raw if each.startswith(layout.discriminator)]
