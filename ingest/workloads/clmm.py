"""Pools with concentrated liquidity: swaps near the price, and makers who add to their ranges.

Each user trades in one pool. All pools have liquidity over all prices; the first ones, which zipf
prefers, have a narrow range as well, out of which swaps move the price now and then. Of makers,
zipf prefers the pool.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any, Final

from ...primitives import Pubkey
from ...primitives.integers import U64_MAX
from .documents import USER, bump_of, calling, derived, held_by, mint, tokens
from .draws import Draws
from .market import AccountDocument, Market, TransactionDocument

_SPACING: Final = 60
_ARRAY: Final = 64 * _SPACING
_ARRAYS: Final = 464  # that a pool of this spacing can have; the 232nd begins at 0
_TICK_LEN: Final = 140
_NARROW_POOLS: Final = 8
_LIQUIDITY: Final = 10**9
_HELD: Final = 10**12
_RESERVE: Final = 10**15
_SWAPPED_MAX: Final = 1_000_000
_PRICE: Final = 1 << 96
# Square roots of prices: between two ticks, at both, and at the edge of their word of 256 ticks.
_MIDDLE: Final = 115277016769352568431393291780
_TICK_7500: Final = 115274134988020600192312019401
_TICK_7501: Final = 115279898550684536670474564159
_TICK_15300: Final = 170254363637599206452736906702

# Where the price of a pool is, and what the pool knows of it.
_AT_ONE: Final[dict[str, Any]] = {
    "sqrt_price": _PRICE,
    "liquidity": 1_000 * _LIQUIDITY,
    "floor_price": _PRICE,
    "ceiling_price": _TICK_15300,
}
_WIDE: Final[dict[str, Any]] = _AT_ONE | {
    "sqrt_price": _MIDDLE,
    "tick": 7_500,
    "tick_price": _TICK_7500,
    "tick_end_price": _TICK_7501,
}
_NARROW: Final[dict[str, Any]] = {"sqrt_price": _PRICE, "liquidity": 2 * _LIQUIDITY}


def swaps(draws: Draws) -> Market:
    """Swaps of exact inputs, both ways."""
    return Market(_accounts(draws, ranges=False), _swaps(draws), _naive)


def deposits(draws: Draws) -> Market:
    """Makers add liquidity: one in four at the price, the others to ranges of their own above."""
    return Market(_accounts(draws, ranges=True), _deposits(draws), _naive)


def _accounts(draws: Draws, *, ranges: bool) -> dict[str, AccountDocument]:
    accounts = {f"clmm_mint{side}": mint(10**18) for side in "01"}
    for number in range(draws.markets):
        pool, narrow = f"clmm_pool{number}", not ranges and number < _NARROW_POOLS
        state = _AT_ONE if ranges else _NARROW if narrow else _WIDE
        accounts |= _pool(pool, state, arrays=ranges or narrow)
        if ranges or narrow:
            accounts[f"{pool}_array-1"] = _array(pool, -1, 63 if narrow else None, _LIQUIDITY)
            accounts[f"{pool}_array0"] = _array(pool, 0, 1 if narrow else None, -_LIQUIDITY)
    for number in range(draws.users):
        accounts |= _user(number)
        if ranges:
            accounts |= _positions(number, draws.markets)
    return accounts


def _pool(pool: str, state: dict[str, Any], *, arrays: bool) -> dict[str, AccountDocument]:
    authority = f"{pool}_authority"
    accounts = {
        authority: derived("clmm", "authority", {"key": pool}),
        f"{pool}_map": held_by("clmm", "TickArrayMap", pool=pool, bits=_bits(arrays)),
        f"{pool}_past": held_by(
            "clmm", "Observations", pool=pool, cardinality=1, cardinality_next=1
        ),
        pool: held_by(
            "clmm",
            "Pool",
            admin="clmm_admin",
            **{f"mint{side}": f"clmm_mint{side}" for side in "01"},
            **{f"vault{side}": f"{pool}_vault{side}" for side in "01"},
            bump=bump_of("clmm", b"authority", Pubkey.of(pool)),
            tick_arrays=f"{pool}_map",
            observations=f"{pool}_past",
            fee_pips=3_000,
            tick_spacing=_SPACING,
            **state,
        ),
    }
    for side in "01":
        accounts[f"{pool}_vault{side}"] = tokens(f"clmm_mint{side}", authority, _RESERVE)
    return accounts


def _bits(arrays: bool) -> str:
    """A map of the outermost two arrays, and of two at a price of 1 if there are such.

    Those of makers are left out: no swap takes place.
    """
    present = 1 | 1 << _ARRAYS - 1 | (1 << 231 | 1 << 232 if arrays else 0)
    return "base64:" + base64.b64encode(present.to_bytes(_ARRAYS // 8, "little")).decode()


def _array(pool: str, number: int, slot: int | None = None, net: int = 0) -> AccountDocument:
    """A tick array; with a slot in use, where a narrow range begins or ends."""
    fields: dict[str, Any] = {"pool": pool, "start": number * _ARRAY}
    if slot is not None:
        tick = abs(net).to_bytes(16, "little") + net.to_bytes(16, "little", signed=True)
        slots = (bytes(slot * _TICK_LEN) + tick).ljust(64 * _TICK_LEN, b"\0")
        fields |= {"initialized": 1 << slot}
        fields |= {"slots": "base64:" + base64.b64encode(slots).decode()}
    return held_by("clmm", "TickArray", **fields) | {"lamports": 100_000_000}


def _user(number: int) -> dict[str, AccountDocument]:
    user = f"clmm_user{number}"
    accounts = {user: USER}
    for side in "01":
        accounts[f"{user}_token{side}"] = tokens(f"clmm_mint{side}", user, _HELD)
    return accounts


def _positions(number: int, markets: int) -> dict[str, AccountDocument]:
    """A range at the price, and one far above it, in an array that two users share."""
    user, pool = f"clmm_user{number}", f"clmm_pool{number % markets}"
    first, array = _far(number, markets)
    fields = {"pool": pool, "owner": user}
    return {
        f"{user}_near": held_by("clmm", "Position", **fields, lower=-600, upper=600),
        f"{user}_far": held_by(
            "clmm", "Position", **fields, lower=first, upper=first + 600, owed0=_HELD
        ),
        f"{pool}_array{array}": _array(pool, array),
    }


def _far(number: int, markets: int) -> tuple[int, int]:
    """The first tick of a user's far range, and the number of its array."""
    member = number // markets
    array = 4 + member // 2 % 200
    return array * _ARRAY + member % 2 * 1_200, array


def _swaps(draws: Draws) -> Iterator[TransactionDocument]:
    users = draws.pick(draws.users, stream=0)
    amounts = draws.below(_SWAPPED_MAX, stream=1)
    ways = draws.below(2, stream=2)
    for position, (number, amount, way) in enumerate(zip(users, amounts, ways, strict=True)):
        user, pool = f"clmm_user{number}", f"clmm_pool{number % draws.markets}"
        narrow = number % draws.markets < _NARROW_POOLS
        call = {
            "pool": pool,
            "observations": f"{pool}_past",
            "source": f"{user}_token{way}",
            "destination": f"{user}_token{1 - way}",
            "vault_in": f"{pool}_vault{way}",
            "vault_out": f"{pool}_vault{1 - way}",
            "authority": f"{pool}_authority",
            "owner": user,
            "tick_map": f"{pool}_map",
            "arrays": [f"{pool}_array-1", f"{pool}_array0"] if narrow else [],
            "zero_for_one": way == 0,
            "exact_in": True,
            "amount": amount + 1,
            "threshold": 0,
            "sqrt_price_limit": 0,
        }
        yield calling(position, user, "clmm.swap", call)


def _deposits(draws: Draws) -> Iterator[TransactionDocument]:
    markets = draws.pick(draws.markets, stream=0)
    amounts = draws.below(_SWAPPED_MAX, stream=1)
    kinds = draws.below(4, stream=2)
    members = draws.below(max(1, draws.users // draws.markets), stream=3)
    drawn = enumerate(zip(markets, amounts, kinds, members, strict=True))
    for position, (market, amount, kind, member) in drawn:
        number = market + member * draws.markets
        user, pool = f"clmm_user{number}", f"clmm_pool{market}"
        call: dict[str, Any] = {
            "pool": pool,
            "observations": f"{pool}_past",
            "owner": user,
            "liquidity": amount + 1,
        }
        if kind:
            array = f"{pool}_array{_far(number, draws.markets)[1]}"
            call |= {"position": f"{user}_far", "lower_array": array, "upper_array": array}
            yield calling(position, user, "clmm.increase_liquidity_beyond", call)
            continue
        call |= {"position": f"{user}_near", "amount0_max": U64_MAX, "amount1_max": U64_MAX}
        call |= {"lower_array": f"{pool}_array-1", "upper_array": f"{pool}_array0"}
        call |= {f"source{side}": f"{user}_token{side}" for side in "01"}
        call |= {f"vault{side}": f"{pool}_vault{side}" for side in "01"}
        yield calling(position, user, "clmm.increase_liquidity", call)


def _naive(transaction: TransactionDocument) -> list[str]:
    """All pools share a vault a token; and a pool holds all its ticks and positions."""
    ((called, arguments),) = transaction["instructions"][0].items()
    if called == "clmm.swap":
        return ["clmm_pool0_vault0", "clmm_pool0_vault1"]
    return [arguments["pool"]]
