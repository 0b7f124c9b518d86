"""A market of two or more reserves in a chain of one process.

Market and reserves are made by instructions; what users have may be put straight into accounts.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from typing import Any, Final, TypeVar

from sealane import Instruction, Pubkey
from sealane.programs import Layout, Program
from sealane.programs.library.authorities import found_authority
from sealane.programs.library.lending import (
    Liquidated,
    LiquidationRule,
    Market,
    MarketConfig,
    Obligation,
    Position,
    RateKind,
    RateModel,
    Reserve,
    ReserveConfig,
    Standing,
    Totals,
    lending,
)
from sealane.programs.library.lending.figures.accrual import DEBT_UNIT
from sealane.programs.library.oracle import Feed, FeedStatus
from sealane.programs.library.token import AccountState, Mint, TokenAccount
from sealane.testing import Vm

L = TypeVar("L", bound=Layout)
WAD: Final = 10**18
ALL: Final = 2**64 - 1
PERCENT: Final = WAD // 100
PUBLISHED_S: Final = 1_000


def rates(**changes: Any) -> RateModel:
    """5% a year and 20% times utilization, from 80% on twice as steep."""
    values: dict[str, Any] = {
        "kind": RateKind.Jump,
        "base": 5 * PERCENT,
        "multiplier": 20 * PERCENT,
        "jump": 200 * PERCENT,
        "kink": 80 * PERCENT,
        "blocks_per_year": 1_000,
    }
    return RateModel(**values | changes)


def terms(**changes: Any) -> ReserveConfig:
    """A reserve at 75% loan to value, liquidated from 80% on."""
    values: dict[str, Any] = {
        "rates": rates(),
        "reserve_factor": 10 * PERCENT,
        "loan_to_value": 75 * PERCENT,
        "liquidation_threshold": 80 * PERCENT,
        "max_liquidation_threshold": 90 * PERCENT,
        "liquidation_bonus": 5 * PERCENT,
        "max_liquidation_bonus": 10 * PERCENT,
        "protocol_liquidation_fee": PERCENT,
        "protocol_seize_share": 28 * WAD // 1_000,
        "borrow_fee": 0,
        "flash_loan_fee": WAD // 1_000,
        "host_part": 20 * PERCENT,
        "borrow_limit": ALL,
        "price_age_max_s": 10**6,
        "confidence_max_bps": 1_000,
    }
    return ReserveConfig(**values | changes)


def market_terms(**changes: Any) -> MarketConfig:
    values: dict[str, Any] = {
        "quote_decimals": 18,
        "rule": LiquidationRule.Bonus,
        "close_factor": 20 * PERCENT,
        "value_at_once_max": 500_000 * WAD,
        "whole_below": WAD,
    }
    return MarketConfig(**values | changes)


class Bank:
    """The market `bank`. A reserve `usd` has `usd_totals`, `usd_mint`, `usd_feed`, `usd_vault`."""

    def __init__(self, vm: Vm, **changes: Any) -> None:
        self.vm = vm
        self.reserves: list[str] = []
        self.entered: dict[str, list[str]] = {}
        vm.advance(seconds=PUBLISHED_S)
        self.put("bank", Market.layout_size)
        vm.send(
            lending.initialize_market(
                market="bank", authority="governor", config=market_terms(**changes)
            )
        )

    def put(self, name: str | bytes, size: int, owner: Program | str = lending) -> None:
        self.vm.set_account(name, lamports=1, owner=owner, data=bytes(size))

    # Reserves

    def open_reserve(
        self, name: str, *, decimals: int = 0, price: int = 1, exponent: int = 0, **changes: Any
    ) -> None:
        """A reserve with a vault; one token is worth `price * 10**exponent`."""
        self.reserves.append(name)
        mint = Mint(is_initialized=True, decimals=decimals)
        self.vm.set_account(f"{name}_mint", owner="token", data=mint)
        self.set_price(name, price, exponent)
        self.put(name, Reserve.layout_size)
        self.put(f"{name}_totals", Totals.layout_size)
        self.vm.send(self.reserve_call(name, terms(**changes)))
        self.tokens(f"{name}_vault", name, owner=self.authority(name))

    def reserve_call(self, name: str, config: ReserveConfig) -> Instruction:
        return lending.initialize_reserve(
            market="bank",
            reserve=name,
            totals=f"{name}_totals",
            mint=f"{name}_mint",
            feed=f"{name}_feed",
            authority="governor",
            config=config,
        )

    def set_terms(self, name: str, **changes: Any) -> None:
        """Put terms into a reserve, unchecked."""
        reserve = self.reserve(name)
        reserve.config = terms(**changes)
        self.vm.set_account(name, lamports=1, owner=lending, data=reserve)

    def authority(self, name: str) -> Pubkey:
        return found_authority(name, lending.id)[0]

    def set_price(self, name: str, price: int, exponent: int = 0, **changes: Any) -> None:
        values: dict[str, Any] = {
            "price": price,
            "exponent": exponent,
            "published_at": self.vm.clock.unix_timestamp,
            "status": FeedStatus.Trading,
        }
        feed = Feed(**values | changes)
        self.vm.set_account(f"{name}_feed", lamports=1, owner="oracle", data=feed)

    def tokens(self, account: str, reserve: str, *, owner: str | bytes, amount: int = 0) -> None:
        data = TokenAccount(
            mint=f"{reserve}_mint", token_owner=owner, amount=amount, state=AccountState.Initialized
        )
        self.vm.set_account(account, lamports=1, owner="token", data=data)

    # Users

    def open_user(self, user: str, *reserves: str, amount: int = 0) -> None:
        """An obligation `ann_loans`; positions `ann_usd`, entered; tokens `ann_usd_tokens`."""
        self.put(f"{user}_loans", Obligation.layout_size)
        opened = lending.initialize_obligation(
            market="bank", obligation=f"{user}_loans", owner=user
        )
        self.vm.send(opened)
        self.entered[user] = []
        for reserve in reserves or self.reserves:
            self.tokens(f"{user}_{reserve}_tokens", reserve, owner=user, amount=amount)
            self.open_position(user, reserve)
            self.enter(user, reserve)

    def open_position(self, user: str, reserve: str) -> None:
        self.put(f"{user}_{reserve}", Position.layout_size)
        self.vm.send(
            lending.initialize_position(
                obligation=f"{user}_loans",
                reserve=reserve,
                position=f"{user}_{reserve}",
                owner=user,
            )
        )

    def enter(self, user: str, reserve: str) -> None:
        call = lending.enter(obligation=f"{user}_loans", position=f"{user}_{reserve}", owner=user)
        self.vm.send(call)
        self.entered[user].append(reserve)

    def entries(self, user: str) -> list[str]:
        """The accounts of all entered positions, as instructions take them."""
        return [
            account
            for reserve in self.entered[user]
            for account in (f"{user}_{reserve}", reserve, f"{reserve}_feed")
        ]

    # Calls

    def refresh(self, name: str) -> Instruction:
        return lending.refresh(reserve=name, totals=f"{name}_totals")

    def supply(self, user: str, name: str, amount: int, **changes: Any) -> Instruction:
        values: dict[str, Any] = {
            "reserve": name,
            "totals": f"{name}_totals",
            "position": f"{user}_{name}",
            "source": f"{user}_{name}_tokens",
            "vault": f"{name}_vault",
            "owner": user,
            "amount": amount,
        }
        return lending.supply(**values | changes)

    def withdraw(self, user: str, name: str, shares: int = ALL, **changes: Any) -> Instruction:
        return lending.withdraw(**self._out(user, name) | {"shares": shares} | changes)

    def withdraw_amount(self, user: str, name: str, amount: int, **changes: Any) -> Instruction:
        return lending.withdraw_amount(**self._out(user, name) | {"amount": amount} | changes)

    def borrow(self, user: str, name: str, amount: int, **changes: Any) -> Instruction:
        return lending.borrow(**self._out(user, name) | {"host": None, "amount": amount} | changes)

    def repay(self, user: str, name: str, amount: int = ALL, *, payer: str = "") -> Instruction:
        payer = payer or user
        return lending.repay(
            reserve=name,
            totals=f"{name}_totals",
            position=f"{user}_{name}",
            source=f"{payer}_{name}_tokens",
            vault=f"{name}_vault",
            payer=payer,
            amount=amount,
        )

    def liquidate(
        self, by: str, user: str, debt: str, collateral: str, amount: int = ALL, **changes: Any
    ) -> Instruction:
        values: dict[str, Any] = {
            "market": "bank",
            "obligation": f"{user}_loans",
            "debt_reserve": debt,
            "debt_totals": f"{debt}_totals",
            "debt_position": f"{user}_{debt}",
            "collateral_reserve": collateral,
            "collateral_totals": f"{collateral}_totals",
            "collateral_position": f"{user}_{collateral}",
            "liquidator_position": f"{by}_{collateral}",
            "source": f"{by}_{debt}_tokens",
            "vault": f"{debt}_vault",
            "liquidator": by,
            "entered": self.entries(user),
            "amount": amount,
        }
        return lending.liquidate(**values | changes)

    def liquidated(self, *call: Any, **changes: Any) -> Liquidated:
        """Refresh both reserves, liquidate, and read the event."""
        _, _, debt, collateral, *_ = call
        refreshed = (self.refresh(name) for name in dict.fromkeys((debt, collateral)))
        receipt = self.vm.send(*refreshed, self.liquidate(*call, **changes))
        return next(event_of(receipt.logs, Liquidated))

    def health(self, user: str, *, place: int = 0, redeem: int = 0, borrow: int = 0) -> Standing:
        receipt = self.vm.send(
            lending.health(
                market="bank",
                obligation=f"{user}_loans",
                entered=self.entries(user),
                place=place,
                redeem=redeem,
                borrow=borrow,
            )
        )
        return Standing.decode(receipt.return_data or b"")

    def _out(self, user: str, name: str) -> dict[str, Any]:
        return {
            "market": "bank",
            "reserve": name,
            "totals": f"{name}_totals",
            "obligation": f"{user}_loans",
            "position": f"{user}_{name}",
            "vault": f"{name}_vault",
            "destination": f"{user}_{name}_tokens",
            "vault_authority": self.authority(name),
            "owner": user,
            "entered": self.entries(user),
        }

    # What is there

    def reserve(self, name: str) -> Reserve:
        return self.vm.read(name, Reserve)

    def totals(self, name: str) -> Totals:
        return self.vm.read(f"{name}_totals", Totals)

    def position(self, user: str, name: str) -> Position:
        return self.vm.read(f"{user}_{name}", Position)

    def amount(self, account: str) -> int:
        return self.vm.read(account, TokenAccount).amount

    def have(self, user: str, name: str, *, supplied: int = 0, debt: int = 0) -> None:
        """Put shares and a debt into a position and into the sums, at indices of one.

        Others supplied what is owed.
        """
        position, totals = self.position(user, name), self.totals(name)
        position.supply_shares += supplied
        position.debt_shares += debt * DEBT_UNIT
        totals.supply_shares += supplied + debt
        totals.debt_shares += debt * DEBT_UNIT
        totals.cash += supplied
        self.vm.set_account(f"{user}_{name}", lamports=1, owner=lending, data=position)
        self.vm.set_account(f"{name}_totals", lamports=1, owner=lending, data=totals)
        vault = f"{name}_vault"
        self.tokens(vault, name, owner=self.authority(name), amount=self.amount(vault) + supplied)


def event_of(logs: Sequence[str], layout: type[L]) -> Iterator[L]:
    """The events of this layout among the logs."""
    for line in logs:
        if line.startswith("Program data: "):
            yield layout.decode(base64.b64decode(line.removeprefix("Program data: ")))


def figures(data: bytes | None) -> list[int]:
    """The integers that a quote returned."""
    raw = data or b""
    return [int.from_bytes(raw[at : at + 16], "little") for at in range(0, len(raw), 16)]
