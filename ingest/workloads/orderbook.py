"""Order books: limit orders around a price, with the events they leave, and makers who requote."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping
from struct import pack
from typing import Any, Final

from ...primitives import Pubkey
from .documents import USER, bump_of, derived, held_by, mint, tokens
from .draws import Draws
from .market import AccountDocument, Market, TransactionDocument

_PROGRAM: Final = "orderbook"
_LAMPORTS: Final = 1_000_000_000
_CAPACITY: Final = 128  # orders a side
_ORDER_LEN: Final = 96
_EVENTS: Final = 256
_EVENT_LEN: Final = 72
_CONSUMED_AFTER: Final = 8  # orders of a market, of at most two matches each
_CONSUMED_TWICE: Final = 2  # eight events by each call
_PRICE: Final = 1_000
_SPREAD: Final = 20
_LOTS_MAX: Final = 10
_HELD: Final = 10**12
_DECIMALS: Final = 6
_TERMS: Final[Mapping[str, Any]] = {
    "base_lot": 100,
    "quote_lot": 10,
    "tick": 1,
    "maker_fee": -100,
    "taker_fee": 400,
    "fee_unit": 1,
    "base_decimals": _DECIMALS,
    "quote_decimals": _DECIMALS,
}


def orders(draws: Draws) -> Market:
    """Users picked by zipf place limit orders, which often cross; a crank credits their makers."""
    return Market(_accounts(draws), _orders(draws), _naive)


def quotes(draws: Draws) -> Market:
    """Users picked by zipf replace all their orders by a new bid and a new ask."""
    return Market(_accounts(draws), _quotes(draws), _naive)


def _accounts(draws: Draws) -> dict[str, AccountDocument]:
    supply = draws.users * 2 * _HELD
    accounts = {f"orderbook_{kind}": mint(supply) for kind in ("base", "quote")}
    for market in range(draws.markets):
        members = len(range(market, draws.users, draws.markets))
        accounts |= _market(f"orderbook_market{market}", members)
    for user in range(draws.users):
        market = f"orderbook_market{user % draws.markets}"
        accounts |= _user(f"orderbook_user{user}", market)
    return accounts


def _market(market: str, members: int) -> dict[str, AccountDocument]:
    authority = f"{market}_authority"
    vaults = {f"{kind}_vault": f"{market}_{kind}_vault" for kind in ("base", "quote")}
    parts = {part: f"{market}_{part}" for part in ("book", "events", "fees")}
    mints = {"base_mint": "orderbook_base", "quote_mint": "orderbook_quote"}
    bump = bump_of(_PROGRAM, b"authority", Pubkey.of(market))
    named = {"authority": authority, "bump": bump}
    return {
        authority: derived(_PROGRAM, "authority", {"key": market}),
        market: held_by(_PROGRAM, "Market", **named, **parts, **vaults, **mints, **_TERMS),
        parts["fees"]: held_by(_PROGRAM, "MarketFees", market=market),
        parts["book"]: _raw(_book(market)),
        parts["events"]: _raw(_events(market)),
        vaults["base_vault"]: tokens("orderbook_base", authority, members * _HELD),
        vaults["quote_vault"]: tokens("orderbook_quote", authority, members * _HELD),
    }


def _book(market: str) -> bytes:
    """An empty book: its header, then a count and room for orders, four times."""
    header = b"OBOOK\0\0\0" + Pubkey.of(market) + pack("<IIQ", _CAPACITY, 0, 0)
    return header + bytes(4 * 8 + 2 * _CAPACITY * _ORDER_LEN)


def _events(market: str) -> bytes:
    """An empty event queue: its header, and room for events."""
    header = b"OBEVENTS" + Pubkey.of(market) + pack("<H", _EVENTS)
    return header + pack("<HHHH", 0, 0xFFFF, 0xFFFF, 0) + bytes(_EVENTS * _EVENT_LEN)


def _raw(data: bytes) -> AccountDocument:
    encoded = "base64:" + b64encode(data).decode()
    return {"lamports": _LAMPORTS, "owner": _PROGRAM, "data": encoded}


def _user(user: str, market: str) -> dict[str, AccountDocument]:
    funds = {"base_free": _HELD, "quote_free": _HELD}
    return {
        user: USER,
        f"{user}_base": tokens("orderbook_base", user, _HELD),
        f"{user}_quote": tokens("orderbook_quote", user, _HELD),
        f"{user}_orders": held_by(_PROGRAM, "OpenOrders", market=market, trader=user, **funds),
    }


def _orders(draws: Draws) -> Iterator[TransactionDocument]:
    placed = [0] * draws.markets
    drawn = zip(
        draws.pick(draws.users, stream=0),
        draws.below(2, stream=1),
        draws.below(2 * _SPREAD, stream=2),
        draws.below(_LOTS_MAX, stream=3),
        strict=True,
    )
    for position, (number, side, offset, lots) in enumerate(drawn):
        market = number % draws.markets
        placed[market] += 1
        if placed[market] % _CONSUMED_AFTER == 0:
            yield _consume(draws, position, market)
            continue
        # Bids are mostly below the price and asks above, with a third of either across it.
        away = offset - 2 * _SPREAD // 3
        order = {
            "side": "Ask" if side else "Bid",
            "price": _PRICE + away if side else _PRICE - away,
            "base_lots": lots + 1,
            "client_id": position,
            "matches_max": 2,
        }
        user = f"orderbook_user{number}"
        token = "base" if side else "quote"
        call = _call(user, market) | {
            "wallet": f"{user}_{token}",
            "vault": f"orderbook_market{market}_{token}_vault",
            "order": order,
        }
        yield _calling(position, user, [{"orderbook.place_order": call}])


def _consume(draws: Draws, position: int, market: int) -> TransactionDocument:
    """The market's oldest events, with the accounts of all who trade there."""
    members = range(market, draws.users, draws.markets)
    call = {
        "market": f"orderbook_market{market}",
        "events": f"orderbook_market{market}_events",
        "fees": f"orderbook_market{market}_fees",
        "makers": [f"orderbook_user{number}_orders" for number in members],
        "events_max": 8,
    }
    calls: list[dict[str, Any]] = [{"orderbook.consume_events": call}] * _CONSUMED_TWICE
    return _calling(position, f"orderbook_user{members[0]}", calls)


def _quotes(draws: Draws) -> Iterator[TransactionDocument]:
    drawn = zip(
        draws.pick(draws.users, stream=0),
        draws.below(_SPREAD, stream=1),
        draws.below(_LOTS_MAX, stream=2),
        strict=True,
    )
    for position, (number, away, lots) in enumerate(drawn):
        user, market = f"orderbook_user{number}", number % draws.markets
        sides = (("Bid", _PRICE - away - 1), ("Ask", _PRICE + away + 1))
        quoted = [
            {"side": side, "order_type": "PostOnly", "price": price, "base_lots": lots + 1}
            for side, price in sides
        ]
        call = _call(user, market) | {
            "base_wallet": f"{user}_base",
            "quote_wallet": f"{user}_quote",
            "base_vault": f"orderbook_market{market}_base_vault",
            "quote_vault": f"orderbook_market{market}_quote_vault",
            "cancel": True,
            "orders": quoted,
        }
        yield _calling(position, user, [{"orderbook.place_orders": call}])


def _call(user: str, market: int) -> dict[str, Any]:
    name = f"orderbook_market{market}"
    parts = {part: f"{name}_{part}" for part in ("book", "events", "fees")}
    return {"market": name, "open_orders": f"{user}_orders", "owner": user, **parts}


def _calling(position: int, payer: str, calls: list[dict[str, Any]]) -> TransactionDocument:
    return {"id": f"t{position}", "payer": payer, "instructions": calls}


def _naive(transaction: TransactionDocument) -> list[str]:
    """One vault a mint for all markets, and their fees counted in one account."""
    del transaction
    return ["orderbook_market0_quote_vault", "orderbook_market0_fees"]
