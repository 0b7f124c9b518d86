"""Markets of perpetual futures: accounts that trade with each other, and pay margin in.

Few markets with many users each, as exchanges of futures have. Markets are picked by zipf, users
evenly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ...primitives import Pubkey
from .documents import USER, bump_of, calling, derived, held_by, mint, tokens
from .draws import Draws
from .market import AccountDocument, Market, TransactionDocument

_PROGRAM: Final = "perpetuals"
_USERS_A_MARKET: Final = 100
_VAULTS: Final = 32  # of each market: depositors spread over them
_ONE: Final = 10**18
_PRICE: Final = 100
_MARGIN: Final = 1_000_000_000
_SIZE_MAX: Final = 1_000
_DEPOSIT_MAX: Final = 1_000
_AGE_MAX_S: Final = 2**32 - 1
_TERMS: Final[Mapping[str, Any]] = {
    "funding_provider": "perpetuals_keeper",
    "min_collateral": _ONE * 11 // 10,
    "taker_fee_bps": 5,
    "price_age_max_s": _AGE_MAX_S,
    "price_exponent": -6,
    "price_unit": 10**12,
    "funding_rate": 1_000,
    "funding_price": _PRICE * _ONE,
}


def trades(draws: Draws) -> Market:
    """Users buy from, or sell to, others of their market."""
    return Market(_accounts(draws), _trades(draws), _naive)


def deposits(draws: Draws) -> Market:
    """Users pay margin into their accounts."""
    return Market(_accounts(draws), _deposits(draws), _naive)


def _accounts(draws: Draws) -> dict[str, AccountDocument]:
    accounts: dict[str, AccountDocument] = {"perpetuals_usd": mint(2 * draws.users * _MARGIN)}
    markets = _markets(draws)
    for market in range(markets):
        accounts |= _market(f"perpetuals_market{market}", _members(draws, market))
    for user in range(draws.users):
        accounts |= _user(f"perpetuals_user{user}", f"perpetuals_market{user % markets}")
    return accounts


def _market(market: str, members: int) -> dict[str, AccountDocument]:
    authority = f"{market}_authority"
    owned = {"totals": f"{market}_totals", "insurance": f"{market}_insurance"}
    accounts = {
        authority: derived(_PROGRAM, "authority", {"key": market}),
        f"{market}_feed": held_by(
            "oracle", "Feed", price=_PRICE * 10**6, exponent=-6, status="trading"
        ),
        market: held_by(
            _PROGRAM,
            "Market",
            mint="perpetuals_usd",
            feed=f"{market}_feed",
            authority=authority,
            bump=bump_of(_PROGRAM, b"authority", Pubkey.of(market)),
            **owned,
            **_TERMS,
        ),
        owned["totals"]: held_by(_PROGRAM, "Totals", market=market),
        owned["insurance"]: held_by(_PROGRAM, "Trader", market=market, user=authority),
    }
    for vault in range(_VAULTS):
        amount = members * _MARGIN if vault == 0 else 0
        accounts[f"{market}_vault{vault}"] = tokens("perpetuals_usd", authority, amount)
    return accounts


def _user(user: str, market: str) -> dict[str, AccountDocument]:
    return {
        user: USER,
        f"{user}_usd": tokens("perpetuals_usd", user, _MARGIN),
        f"{user}_trader": held_by(_PROGRAM, "Trader", market=market, user=user, margin=_MARGIN),
    }


def _trades(draws: Draws) -> Iterator[TransactionDocument]:
    markets = draws.pick(_markets(draws), stream=0)
    places = draws.below(draws.users, stream=1)
    steps = draws.below(draws.users, stream=2)
    sizes = draws.below(2 * _SIZE_MAX, stream=3)
    drawn = zip(markets, places, steps, sizes, strict=True)
    for position, (number, place, step, upward) in enumerate(drawn):
        members = _members(draws, number)
        market, size = f"perpetuals_market{number}", upward - _SIZE_MAX
        taker = _member(draws, number, place % members)
        maker = _member(draws, number, (place + 1 + step % max(members - 1, 1)) % members)
        call = {
            "market": market,
            "feed": f"{market}_feed",
            "totals": f"{market}_totals",
            "maker": f"{maker}_trader",
            "taker": f"{taker}_trader",
            "maker_authority": maker,
            "taker_authority": taker,
            "size": size,
            "cost": size * _PRICE,
        }
        yield calling(position, taker, "perpetuals.trade", call)


def _deposits(draws: Draws) -> Iterator[TransactionDocument]:
    markets = draws.pick(_markets(draws), stream=0)
    places = draws.below(draws.users, stream=1)
    amounts = draws.below(_DEPOSIT_MAX, stream=2)
    drawn = zip(markets, places, amounts, strict=True)
    for position, (number, place, amount) in enumerate(drawn):
        user = _member(draws, number, place % _members(draws, number))
        market = f"perpetuals_market{number}"
        call = {
            "market": market,
            "trader": f"{user}_trader",
            "source": f"{user}_usd",
            "vault": f"{market}_vault{place % _VAULTS}",
            "payer": user,
            "amount": amount + 1,
        }
        yield calling(position, user, "perpetuals.deposit", call)


def _markets(draws: Draws) -> int:
    return max(1, draws.users // _USERS_A_MARKET)


def _members(draws: Draws, market: int) -> int:
    return len(range(market, draws.users, _markets(draws)))


def _member(draws: Draws, market: int, place: int) -> str:
    """The user at a place among those of a market."""
    return f"perpetuals_user{market + place * _markets(draws)}"


def _naive(transaction: TransactionDocument) -> list[str]:
    """A market that updates its index with every call, as the reference does; a single vault."""
    ((called, arguments),) = transaction["instructions"][0].items()
    market = arguments["market"]
    return [market] if called == "perpetuals.trade" else [market, f"{market}_vault0"]
