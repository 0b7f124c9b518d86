"""Markets of loans: users that supply and borrow dollars, with gold as collateral."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ...primitives import Pubkey
from .documents import USER, bump_of, derived, held_by, mint, tokens
from .draws import Draws
from .market import AccountDocument, Market, TransactionDocument

_PROGRAM: Final = "lending"
_VAULTS: Final = 16  # of each reserve: users spread over them
_USERS_A_MARKET: Final = 250  # few reserves serve many
_WAD: Final = 10**18
_DEBT_UNIT: Final = 10**9  # debt shares of a token
_HELD: Final = 1_000_000_000  # tokens of each user, in the purse, supplied, and owed
_AMOUNT_MAX: Final = 10_000
_RESERVES: Final = {"usd": 1, "gold": 20}  # and the price of each
_KINDS: Final = 20  # of a mix: 7 in 20 supply, 7 repay, 3 borrow, 3 withdraw
_MARKET: Final[Mapping[str, Any]] = {
    "quote_decimals": 6,
    "rule": "bonus",
    "close_factor": _WAD // 5,
    "value_at_once_max": 500_000_000_000,
    "whole_below": 1_000_000,
}
_TERMS: Final[Mapping[str, Any]] = {
    "rates": {
        "kind": "jump",
        "base": _WAD // 50,
        "multiplier": _WAD // 10,
        "jump": _WAD * 2,
        "kink": _WAD * 4 // 5,
        "blocks_per_year": 63_072_000,
    },
    "reserve_factor": _WAD // 10,
    "loan_to_value": _WAD * 3 // 4,
    "liquidation_threshold": _WAD * 4 // 5,
    "max_liquidation_threshold": _WAD * 9 // 10,
    "liquidation_bonus": _WAD // 20,
    "max_liquidation_bonus": _WAD // 10,
    "borrow_limit": 2**64 - 1,
    "price_age_max_s": 2**32 - 1,
    "confidence_max_bps": 100,
}


def supplies(draws: Draws) -> Market:
    """Users picked by zipf supply dollars."""
    return Market(_accounts(draws), _calls(draws, _supply), _naive)


def repayments(draws: Draws) -> Market:
    """Users picked by zipf repay dollars."""
    return Market(_accounts(draws), _calls(draws, _repay), _naive)


def loans(draws: Draws) -> Market:
    """Users picked by zipf borrow dollars against their gold."""
    return Market(_accounts(draws), _calls(draws, _borrow), _naive)


def mix(draws: Draws) -> Market:
    """Of twenty users seven supply, seven repay, three borrow and three withdraw dollars."""
    return Market(_accounts(draws), _mixed(draws), _naive)


def _markets(draws: Draws) -> int:
    return max(1, draws.users // _USERS_A_MARKET)


def _accounts(draws: Draws) -> dict[str, AccountDocument]:
    accounts: dict[str, AccountDocument] = {
        f"lending_{name}": mint(3 * draws.users * _HELD) for name in _RESERVES
    }
    for market in range(_markets(draws)):
        name = f"lending_market{market}"
        accounts[name] = held_by(_PROGRAM, "Market", authority="lending_governor", config=_MARKET)
        members = len(range(market, draws.users, _markets(draws)))
        for reserve, price in _RESERVES.items():
            accounts |= _reserve(name, reserve, price, members * _HELD)
    for user in range(draws.users):
        accounts |= _user(f"lending_user{user}", f"lending_market{user % _markets(draws)}")
    return accounts


def _reserve(market: str, token: str, price: int, amount: int) -> dict[str, AccountDocument]:
    """A reserve with so much supplied; of dollars as much again, which is lent."""
    name, lent = f"{market}_{token}", amount if token == "usd" else 0
    authority = f"{name}_authority"
    fields = {"market": market, "mint": f"lending_{token}", "totals": f"{name}_totals"}
    accounts = {
        authority: derived(_PROGRAM, "authority", {"key": name}),
        f"{name}_feed": held_by("oracle", "Feed", price=price, exponent=0, status="trading"),
        name: held_by(
            _PROGRAM,
            "Reserve",
            feed=f"{name}_feed",
            authority=authority,
            bump=bump_of(_PROGRAM, b"authority", Pubkey.of(name)),
            mint_decimals=6,
            borrow_index=_WAD,
            supply_price=_WAD,
            config=_TERMS,
            **fields,
        ),
        f"{name}_totals": held_by(
            _PROGRAM,
            "Totals",
            reserve=name,
            cash=amount,
            supply_shares=amount + lent,
            debt_shares=lent * _DEBT_UNIT,
        ),
    }
    for vault in range(_VAULTS):
        held = amount // _VAULTS + (amount % _VAULTS if vault == 0 else 0)
        accounts[f"{name}_vault{vault}"] = tokens(f"lending_{token}", authority, held)
    return accounts


def _user(user: str, market: str) -> dict[str, AccountDocument]:
    accounts = {
        user: USER,
        f"{user}_loans": held_by(_PROGRAM, "Obligation", market=market, owner_key=user, entered=2),
    }
    for token in _RESERVES:
        accounts[f"{user}_{token}"] = held_by(
            _PROGRAM,
            "Position",
            obligation=f"{user}_loans",
            owner_key=user,
            reserve=f"{market}_{token}",
            entered=True,
            supply_shares=_HELD * (2 if token == "usd" else 1),
            debt_shares=_HELD * _DEBT_UNIT if token == "usd" else 0,
        )
        accounts[f"{user}_{token}_tokens"] = tokens(f"lending_{token}", user, _HELD)
    return accounts


def _calls(draws: Draws, call: Any) -> Iterator[TransactionDocument]:
    users = draws.pick(draws.users, stream=0)
    amounts = draws.below(_AMOUNT_MAX, stream=1)
    for position, (user, amount) in enumerate(zip(users, amounts, strict=True)):
        yield _calling(position, user, call(draws, user, amount + 1))


def _mixed(draws: Draws) -> Iterator[TransactionDocument]:
    kinds = [_supply] * 7 + [_repay] * 7 + [_borrow] * 3 + [_withdraw] * 3
    users = draws.pick(draws.users, stream=0)
    amounts = draws.below(_AMOUNT_MAX, stream=1)
    chosen = draws.below(_KINDS, stream=2)
    for position, (user, amount, kind) in enumerate(zip(users, amounts, chosen, strict=True)):
        yield _calling(position, user, kinds[kind](draws, user, amount + 1))


def _supply(draws: Draws, user: int, amount: int) -> dict[str, Any]:
    paid = _paid(draws, user, amount)
    return {"lending.supply": {**paid, "owner": f"lending_user{user}"}}


def _repay(draws: Draws, user: int, amount: int) -> dict[str, Any]:
    paid = _paid(draws, user, amount)
    return {"lending.repay": {**paid, "payer": f"lending_user{user}"}}


def _borrow(draws: Draws, user: int, amount: int) -> dict[str, Any]:
    return {"lending.borrow": {**_received(draws, user), "host": None, "amount": amount}}


def _withdraw(draws: Draws, user: int, amount: int) -> dict[str, Any]:
    return {"lending.withdraw_amount": {**_received(draws, user), "amount": amount}}


def _paid(draws: Draws, user: int, amount: int) -> dict[str, Any]:
    reserve, name = f"lending_market{user % _markets(draws)}_usd", f"lending_user{user}"
    return {
        "reserve": reserve,
        "totals": f"{reserve}_totals",
        "position": f"{name}_usd",
        "source": f"{name}_usd_tokens",
        "vault": _vault(draws, reserve, user),
        "amount": amount,
    }


def _received(draws: Draws, user: int) -> dict[str, Any]:
    market, name = f"lending_market{user % _markets(draws)}", f"lending_user{user}"
    reserve = f"{market}_usd"
    entered = [
        account
        for token in _RESERVES
        for account in (f"{name}_{token}", f"{market}_{token}", f"{market}_{token}_feed")
    ]
    return {
        "market": market,
        "reserve": reserve,
        "totals": f"{reserve}_totals",
        "obligation": f"{name}_loans",
        "position": f"{name}_usd",
        "vault": _vault(draws, reserve, user),
        "destination": f"{name}_usd_tokens",
        "vault_authority": f"{reserve}_authority",
        "owner": name,
        "entered": entered,
    }


def _vault(draws: Draws, reserve: str, user: int) -> str:
    return f"{reserve}_vault{user // _markets(draws) % _VAULTS}"


def _calling(position: int, user: int, call: dict[str, Any]) -> TransactionDocument:
    return {"id": f"t{position}", "payer": f"lending_user{user}", "instructions": [call]}


def _naive(transaction: TransactionDocument) -> list[str]:
    """A reserve that accrues interest with every call, as in the references; a single vault."""
    ((_, arguments),) = transaction["instructions"][0].items()
    reserve = arguments["reserve"]
    return [reserve, f"{reserve}_totals", f"{reserve}_vault0"]
