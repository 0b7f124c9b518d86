"""An engine with one collateral type, `gold`, whose accounts are put in place as a row says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from sealane import Instruction, Pubkey
from sealane.programs.library.oracle import Feed, FeedStatus
from sealane.programs.library.stablecoin import (
    RAD,
    RAY,
    CoinBalance,
    CollateralBalance,
    CollateralType,
    DebtShard,
    Engine,
    Position,
    stablecoin,
)
from sealane.programs.library.token import Mint
from sealane.testing import Vm

ENOUGH: Final = 20 * RAD
START_S: Final = 604_411_200  # when the references' suites begin


def integer(value: object) -> int:
    """An integer of a row, which may be a string of digits."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError(f"{value!r} is no integer")
    return int(value)


def given(inputs: Mapping[str, Any], key: str, otherwise: int) -> int:
    """An integer input, or what the suite sets up where the row does not say."""
    return integer(inputs.get(key, otherwise))


class Bank:
    """A Vm whose accounts are `engine`, `gold`, `shard`, `vow` and, by user, positions and coins.

    Of a user `u`: the position `u_urn`, the collateral balance `u_gem`, the coin balance `u_dai`.
    """

    def __init__(self, inputs: Mapping[str, Any]) -> None:
        self.vm = Vm()
        self.set_time(START_S)
        line = given(inputs, "line", 1_000 * RAD)
        total = given(inputs, "Line", line)
        rate = given(inputs, "rate", RAY)
        engine = Engine(
            admin="admin",
            treasury="vow",
            coin_mint="dai",
            coin_scale=1,
            live=bool(inputs.get("live", True)),
            ceiling=total,
            allotted=min(line, total),
            base_fee=given(inputs, "base", 0),
        )
        gold = CollateralType(
            engine="engine",
            collateral_mint="gold_mint",
            feed="feed",
            feed_age_max_s=60,
            scale=1,
            rate=rate,
            fee=given(inputs, "duty", RAY),
            updated_at=START_S,
            safe_price=given(inputs, "spot", RAY),
            ratio=RAY,
            floor=given(inputs, "dust", 0),
        )
        shard = DebtShard(collateral_type="gold", rate=rate, ceiling=min(line, total))
        self.put("gold_mint", Mint(decimals=18, is_initialized=True))
        self.put("engine", engine)
        self.put("gold", gold)
        self.put("shard", shard)
        self.put("vow", CoinBalance(engine="engine", holder="admin"))

    def put(self, name: str, data: Any) -> None:
        """Put an account in place."""
        self.vm.set_account(name, data=data)

    def user(
        self, name: str, *, collateral: int = 0, debt: int = 0, gems: int = 0, coins: int = 0
    ) -> None:
        """Give a user a position, whose debt the shard has, and balances."""
        owned = {"collateral_type": "gold", "holder": name}
        urn = Position(shard="shard", collateral=collateral, normalized_debt=debt, **owned)
        self.put(f"{name}_urn", urn)
        self.put(f"{name}_gem", CollateralBalance(amount=gems, **owned))
        self.put(f"{name}_dai", CoinBalance(engine="engine", holder=name, coins=coins))
        shard = self.shard
        shard.normalized_debt += debt
        self.put("shard", shard)

    @property
    def shard(self) -> DebtShard:
        return self.vm.read("shard", DebtShard)

    @property
    def gold(self) -> CollateralType:
        return self.vm.read("gold", CollateralType)

    @property
    def treasury(self) -> CoinBalance:
        return self.vm.read("vow", CoinBalance)

    def urn(self, name: str) -> Position:
        return self.vm.read(f"{name}_urn", Position)

    def gems(self, name: str) -> int:
        return self.vm.read(f"{name}_gem", CollateralBalance).amount

    def coins(self, name: str) -> int:
        return self.vm.read(f"{name}_dai", CoinBalance).coins

    def set_time(self, now: int) -> None:
        self.vm.clock = replace(self.vm.clock, unix_timestamp=now)

    def pass_time(self, seconds: int) -> None:
        self.set_time(self.vm.clock.unix_timestamp + seconds)

    def send(self, *calls: Instruction) -> str | None:
        """Send a transaction; the name of the program's error, if it fails."""
        receipt = self.vm.try_send(*calls, payer="payer")
        if receipt.error is None:
            return None
        program = receipt.error.program
        known = program == "stablecoin" or receipt.error.name == "ArithmeticOverflow"
        assert known, receipt.report()
        return receipt.error.name

    def done(self, *calls: Instruction) -> None:
        """Send a transaction that must succeed."""
        error = self.send(*calls)
        assert error is None, error

    def frob(
        self,
        caller: str,
        owner: str,
        payer: str,
        receiver: str,
        change: tuple[int, int],
        *also: str,
    ) -> str | None:
        """Adjust a position by collateral and debt, as `caller`; `also`: permissions."""
        call = stablecoin.adjust(
            engine="engine",
            collateral_type="gold",
            shard="shard",
            position=f"{owner}_urn",
            collateral_balance=f"{payer}_gem",
            coin_balance=f"{receiver}_dai",
            caller=caller,
            permissions=list(also),
            collateral=change[0],
            debt=change[1],
        )
        return self.send(call)

    def set_spot(self, spot: int) -> None:
        """Bring the safe price to this ray, by the feed if it can tell it."""
        exponent = -27
        while spot and spot % 10 == 0:
            spot, exponent = spot // 10, exponent + 1
        feed = Feed(price=spot, exponent=exponent, status=FeedStatus.Trading)
        feed.published_at = self.vm.clock.unix_timestamp
        if spot == 0:
            gold = self.gold
            gold.safe_price = gold.price = 0
            self.put("gold", gold)
            return
        self.put("feed", feed)
        self.done(stablecoin.update_price(collateral_type="gold", feed="feed"))

    def set_line(self, line: int) -> None:
        """Set the debt ceiling of the shard."""
        call = stablecoin.set_ceiling(
            engine="engine", collateral_type="gold", shard="shard", admin="admin", ceiling=line
        )
        self.done(call)

    def set_dust(self, dust: int) -> None:
        """Set the debt floor."""
        gold = self.gold
        call = stablecoin.set_risk(
            engine="engine",
            collateral_type="gold",
            feed="feed",
            admin="admin",
            ratio=gold.ratio,
            floor=dust,
            feed_age_max_s=60,
        )
        self.done(call)

    def key(self, name: str) -> Pubkey:
        return self.vm.key(name)
