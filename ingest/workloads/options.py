"""Products of covered puts: options written by many writers, and redeemed by many holders.

Few products with many users each and some series, as exchanges of options have. Products are picked
by zipf, users evenly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from ...primitives import Pubkey
from .documents import USER, bump_of, derived, held_by, mint, tokens
from .draws import Draws
from .market import AccountDocument, Market, TransactionDocument

_PROGRAM: Final = "options"
_USERS_A_PRODUCT: Final = 100
_SERIES: Final = 4  # of each product
_POOLS: Final = 32  # of each product: users spread over them
_STOCKS: Final = 32  # of each series
_STRIKE: Final = 200 * 10**8
_PRICE: Final = 150 * 10**8
_DOLLAR: Final = 10**8
_EXPIRES_AT: Final = 2**40
_UNITS_AN_OPTION_UNIT: Final = 2  # of collateral, at this strike
_AMOUNT_MAX: Final = 1_000
_PLENTY: Final = 10**12

# The name of an instruction and its own arguments, by user, series and amount.
_Call: TypeAlias = Callable[[str, str, int], tuple[str, dict[str, Any]]]


def writings(draws: Draws) -> Market:
    """Users write options against collateral that they pay in."""
    return Market(_accounts(draws), _transactions(draws, _writing), _naive)


def redemptions(draws: Draws) -> Market:
    """Holders give expired options for what they pay."""
    return Market(_accounts(draws), _transactions(draws, _redemption), _naive)


def _accounts(draws: Draws) -> dict[str, AccountDocument]:
    accounts: dict[str, AccountDocument] = {"options_usd": mint(_PLENTY * draws.users)}
    for product in range(_products(draws)):
        accounts |= _product(f"options_product{product}")
    for user in range(draws.users):
        accounts |= _user(f"options_user{user}", *_series_of(draws, user))
    return accounts


def _product(product: str) -> dict[str, AccountDocument]:
    authority = f"{product}_authority"
    scale = {"unit": 10**21, "shrink": 1, "is_put": True, "collateral": "options_usd"}
    accounts = {
        authority: derived(_PROGRAM, "authority", {"key": product}),
        product: held_by(
            _PROGRAM,
            "Product",
            authority=authority,
            bump=bump_of(_PROGRAM, b"authority", Pubkey.of(product)),
            **scale,
        ),
        f"{product}_expiry": held_by(
            _PROGRAM,
            "Expiry",
            product=product,
            at=_EXPIRES_AT,
            final=True,
            underlying_price=_PRICE,
            strike_price=_DOLLAR,
            collateral_price=_DOLLAR,
        ),
    }
    for pool in range(_POOLS):
        accounts[f"{product}_pool{pool}"] = tokens("options_usd", authority, _PLENTY)
    for number in range(_SERIES):
        series = f"{product}_series{number}"
        fields = {"product": product, "expiry": f"{product}_expiry", "mint": f"{series}_mint"}
        accounts[f"{series}_mint"] = mint(_PLENTY * _STOCKS, decimals=8)
        accounts[series] = held_by(
            _PROGRAM, "Series", strike=_STRIKE, expires_at=_EXPIRES_AT, **fields, **scale
        )
        for stock in range(_STOCKS):
            accounts[f"{series}_stock{stock}"] = tokens(f"{series}_mint", authority, _PLENTY)
    return accounts


def _user(user: str, product: str, series: str) -> dict[str, AccountDocument]:
    vault = held_by(_PROGRAM, "Vault", product=product, writer=user, short=series)
    return {
        user: USER,
        f"{user}_usd": tokens("options_usd", user, _PLENTY),
        f"{user}_options": tokens(f"{series}_mint", user, _PLENTY),
        f"{user}_vault": vault,
    }


def _transactions(draws: Draws, call: _Call) -> Iterator[TransactionDocument]:
    products = _products(draws)
    picked = draws.pick(products, stream=0)
    places = draws.below(draws.users, stream=1)
    amounts = draws.below(_AMOUNT_MAX, stream=2)
    drawn = zip(picked, places, amounts, strict=True)
    for position, (number, place, amount) in enumerate(drawn):
        members = len(range(number, draws.users, products))
        user = number + place % members * products
        # Always the same for a user, who waits for herself anyway.
        shard = place % members % _POOLS
        product, series = _series_of(draws, user)
        name, arguments = call(f"options_user{user}", series, amount + 1)
        arguments |= {
            "product": product,
            "series": series,
            "pool": f"{product}_pool{shard}",
            "stock": f"{series}_stock{shard % _STOCKS}",
            "authority": f"{product}_authority",
        }
        yield {
            "id": f"t{position}",
            "payer": f"options_user{user}",
            "instructions": [{f"{_PROGRAM}.{name}": arguments}],
        }


def _writing(user: str, series: str, amount: int) -> tuple[str, dict[str, Any]]:
    del series
    return "write", {
        "vault": f"{user}_vault",
        "source": f"{user}_usd",
        "destination": f"{user}_options",
        "writer": user,
        "related": [],
        "collateral": amount * _UNITS_AN_OPTION_UNIT,
        "amount": amount,
    }


def _redemption(user: str, series: str, amount: int) -> tuple[str, dict[str, Any]]:
    return "redeem", {
        "expiry": f"{series.partition('_series')[0]}_expiry",
        "source": f"{user}_options",
        "destination": f"{user}_usd",
        "holder": user,
        "amount": amount,
    }


def _series_of(draws: Draws, user: int) -> tuple[str, str]:
    """The product and the series that a user deals in."""
    products = _products(draws)
    product = f"options_product{user % products}"
    return product, f"{product}_series{user // products % _SERIES}"


def _products(draws: Draws) -> int:
    return max(1, draws.users // _USERS_A_PRODUCT)


def _naive(transaction: TransactionDocument) -> list[str]:
    """A mint that each call mints or burns with, as in the reference; one pool for all."""
    ((_, arguments),) = transaction["instructions"][0].items()
    call: Mapping[str, str] = arguments
    return [f"{call['series']}_mint", f"{call['product']}_pool0"]
