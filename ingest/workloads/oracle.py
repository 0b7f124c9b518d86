"""Price feeds: publishers of prices, ten to a feed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from .documents import USER, held_by
from .draws import Draws
from .market import AccountDocument, Market, TransactionDocument

_PROGRAM: Final = "oracle"
_PUBLISHERS_MAX: Final = 32
_PRICE: Final = 1_000_000
_SPREAD: Final = 1_000
_AGGREGATES_EVERY: Final = 20  # prices
_CONFIG: Final = {"publishers_min": 1, "age_max_s": 60, "half_life_s": 3_600}


def prices(draws: Draws) -> Market:
    """Publishers picked by zipf publish; every twentieth time, a feed is aggregated."""
    return Market(_accounts(draws), _prices(draws), partial(_naive, _feeds(draws)))


def _feeds(draws: Draws) -> int:
    """Enough that no feed has more publishers than it may."""
    return max(draws.markets, -(-draws.users // _PUBLISHERS_MAX))


def _accounts(draws: Draws) -> dict[str, AccountDocument]:
    accounts: dict[str, AccountDocument] = {}
    for feed in range(_feeds(draws)):
        members = len(range(feed, draws.users, _feeds(draws)))
        fields: dict[str, Any] = {"exponent": -4, "publishers": members, "config": _CONFIG}
        accounts[f"oracle_feed{feed}"] = held_by(
            _PROGRAM, "Feed", authority="oracle_admin", **fields
        )
    for user in range(draws.users):
        name = f"oracle_user{user}"
        accounts[name] = USER
        accounts[f"{name}_prices"] = held_by(
            _PROGRAM,
            "Publisher",
            feed=f"oracle_feed{user % _feeds(draws)}",
            publisher=name,
            price=_PRICE,
            confidence=_SPREAD,
            status="trading",
        )
    return accounts


def _prices(draws: Draws) -> Iterator[TransactionDocument]:
    users = draws.pick(draws.users, stream=0)
    moves = draws.below(_SPREAD, stream=1)
    for position, (user, move) in enumerate(zip(users, moves, strict=True)):
        call = _publish(user, _PRICE + move)
        if position % _AGGREGATES_EVERY == _AGGREGATES_EVERY - 1:
            call = _aggregate(draws, user % _feeds(draws))
        yield {"id": f"t{position}", "payer": f"oracle_user{user}", "instructions": [call]}


def _publish(user: int, price: int) -> dict[str, Any]:
    name = f"oracle_user{user}"
    quote = {"price": price, "confidence": _SPREAD, "published_at": 0, "status": "trading"}
    return {"oracle.publish": {"publisher": f"{name}_prices", "authority": name, **quote}}


def _aggregate(draws: Draws, feed: int) -> dict[str, Any]:
    members = range(feed, draws.users, _feeds(draws))
    publishers = [f"oracle_user{user}_prices" for user in members]
    return {"oracle.aggregate": {"feed": f"oracle_feed{feed}", "publishers": publishers}}


def _naive(feeds: int, transaction: TransactionDocument) -> list[str]:
    """A feed that holds the prices of its publishers, as Pyth's price accounts do."""
    user = int(transaction["payer"].removeprefix("oracle_user"))
    return [f"oracle_feed{user % feeds}"]
