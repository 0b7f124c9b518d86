"""Borrowers of a stablecoin, who change and repay what they owe."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .documents import USER, calling, held_by
from .draws import Draws
from .market import AccountDocument, Market, TransactionDocument

_SHARDS: Final = 8  # of each collateral type: positions spread over them
_WAD: Final = 10**18
_RAY: Final = 10**27
_ENGINE: Final = "stablecoin_engine"
# So much that no sequence of changes uses it up.
_LOCKED: Final = 10**12 * _WAD
_OWED: Final = 10**10 * _WAD
_CHANGED_MAX: Final = 1_000
_FEE: Final = _RAY + 3 * 10**18  # about 10% a year


def adjustments(draws: Draws) -> Market:
    """Borrowers draw and repay, lock and free, of collateral types picked by zipf."""
    return Market(_accounts(draws), _adjustments(draws), _naive)


def repayments(draws: Draws) -> Market:
    """Borrowers repay."""
    return Market(_accounts(draws), _repayments(draws), _naive)


def _accounts(draws: Draws) -> dict[str, AccountDocument]:
    accounts = {
        _ENGINE: _held("Engine", admin="stablecoin_admin", coin_scale=1, live=True),
    }
    for kind in range(draws.markets):
        accounts |= _kind(kind, -(-draws.users // draws.markets))
    for user in range(draws.users):
        accounts |= _user(user, *_place(draws, user))
    return accounts


def _kind(number: int, members: int) -> dict[str, AccountDocument]:
    """A collateral type and its shards, which owe as if each had as many members."""
    kind = f"stablecoin_kind{number}"
    fields = {"engine": _ENGINE, "scale": 1, "rate": _RAY, "fee": _FEE, "safe_price": _RAY}
    accounts = {kind: _held("CollateralType", **fields)}
    for shard in range(_SHARDS):
        owed = -(-members // _SHARDS) * _OWED
        accounts[f"{kind}_shard{shard}"] = _held(
            "DebtShard",
            collateral_type=kind,
            normalized_debt=owed,
            rate=_RAY,
            ceiling=2 * owed * _RAY,
        )
    return accounts


def _user(number: int, kind: str, shard: str) -> dict[str, AccountDocument]:
    user = f"stablecoin_user{number}"
    owned = {"collateral_type": kind, "holder": user}
    return {
        user: USER,
        f"{user}_position": _held(
            "Position", **owned, shard=shard, collateral=_LOCKED, normalized_debt=_OWED
        ),
        f"{user}_collateral": _held("CollateralBalance", **owned, amount=_LOCKED),
        f"{user}_coins": _held("CoinBalance", engine=_ENGINE, holder=user, coins=_OWED * _RAY),
    }


def _place(draws: Draws, user: int) -> tuple[str, str]:
    """A user's collateral type and shard."""
    kind = f"stablecoin_kind{user % draws.markets}"
    return kind, f"{kind}_shard{user // draws.markets % _SHARDS}"


def _adjustments(draws: Draws) -> Iterator[TransactionDocument]:
    users = draws.pick(draws.users, stream=0)
    locked = draws.below(2 * _CHANGED_MAX, stream=1)
    drawn = draws.below(2 * _CHANGED_MAX, stream=2)
    for position, number in enumerate(users):
        user = f"stablecoin_user{number}"
        change: dict[str, object] = {
            "collateral_balance": f"{user}_collateral",
            "caller": user,
            "permissions": list[str](),
            "collateral": (locked[position] - _CHANGED_MAX) * _WAD,
            "debt": (drawn[position] - _CHANGED_MAX) * _WAD,
        }
        yield calling(position, user, "stablecoin.adjust", _places(draws, number) | change)


def _repayments(draws: Draws) -> Iterator[TransactionDocument]:
    users = draws.pick(draws.users, stream=0)
    paid = draws.below(_CHANGED_MAX, stream=1)
    for position, (number, amount) in enumerate(zip(users, paid, strict=True)):
        user = f"stablecoin_user{number}"
        call = _places(draws, number) | {"payer": user, "debt": (amount + 1) * _WAD}
        yield calling(position, user, "stablecoin.repay", call)


def _places(draws: Draws, number: int) -> dict[str, object]:
    user = f"stablecoin_user{number}"
    kind, shard = _place(draws, number)
    return {
        "engine": _ENGINE,
        "collateral_type": kind,
        "shard": shard,
        "position": f"{user}_position",
        "coin_balance": f"{user}_coins",
    }


def _held(layout: str, **fields: object) -> AccountDocument:
    return held_by("stablecoin", layout, **fields)


def _naive(transaction: TransactionDocument) -> list[str]:
    """An engine that adds up all debt, and a collateral type that adds up its own."""
    ((_, arguments),) = transaction["instructions"][0].items()
    return [arguments["engine"], arguments["collateral_type"]]
