"""Vaults of `getExcessCollateral`: what could be taken out of them, or is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sealane import Pubkey
from sealane.programs.library.options import (
    Expiry,
    Product,
    Series,
    VaultPlan,
    VaultQuote,
    options,
)
from sealane.programs.library.options.rules.combination import (
    Combination,
    position_of,
    require_valid,
)
from sealane.programs.library.options.rules.fixed_point import scale_of
from sealane.programs.library.options.rules.payoff import Prices
from sealane.programs.library.options.rules.valuation import expired_balance, live_balance
from sealane.programs.library.oracle import Feed, FeedStatus
from sealane.testing import Vm

from ..rows import Played, Row, Way
from .margins import terms_of
from .references import DECIMALS, error_of, price_in

_U64_MAX: Final = 2**64 - 1
_NOW_S: Final = 1_000_000
_MONTH_S: Final = 30 * 86_400
_WEEK_S: Final = 7 * 60 * 24  # as the reference's suite counts

Inputs = Mapping[str, Any]


def quoted(vm: Vm, row: Row) -> Played:
    """Ask the program."""
    inputs = row.inputs
    vm.advance(seconds=_NOW_S)
    names = [*_series_of(inputs, "short"), *_series_of(inputs, "long")]
    held = [(f"series {k}", option) for k, option in enumerate(names)]
    for name, option in held:
        vm.set_account(name, owner=options, data=_series(inputs, option))
    terms = names[0] if names else None
    _put_product(vm, inputs, terms)
    related = [name for name, _ in held] + _listed(inputs["collateral_asset"])
    receipt = vm.try_send(
        options.quote_vault(
            product="product",
            expiry="expiry",
            related=[*related, *_put_feeds(vm, inputs, terms)],
            plan=_plan(inputs),
        )
    )
    error = error_of(receipt)
    if error is not None:
        return Played({"error": error})
    quote = VaultQuote.decode(receipt.return_data or b"")
    return Played({"is_excess": quote.is_excess, "net_value": quote.amount})


def computed(row: Row) -> Played:
    """Call the functions that the quote calls."""
    inputs = row.inputs
    held = Combination(
        bool(inputs["vault_type"]),
        [_series(inputs, option) for option in _series_of(inputs, "short")],
        [_series(inputs, option) for option in _series_of(inputs, "long")],
        [Pubkey.of(asset) for asset in _listed(inputs["collateral_asset"])],
        *_amounts(inputs),
    )
    require_valid(held)
    position = position_of(held)
    terms = [*_series_of(inputs, "short"), *_series_of(inputs, "long")]
    if not terms:
        amount, is_excess = position.collateral, True
    elif inputs["expired"]:
        amount, is_excess = expired_balance(position, _prices(inputs, terms[0]))
    else:
        amount, is_excess = live_balance(position, *_conversion(inputs, terms[0]))
    return Played({"is_excess": is_excess, "net_value": amount}, Way.FUNCTIONS)


def is_wide(row: Row) -> bool:
    """Whether a vault's amounts do not fit an account of tokens."""
    return any(amount > _U64_MAX for amounts in _amounts(row.inputs) for amount in amounts)


def _plan(inputs: Inputs) -> VaultPlan:
    amounts = _amounts(inputs)
    held = (
        _series_of(inputs, "short"),
        _series_of(inputs, "long"),
        _listed(inputs["collateral_asset"]),
    )
    return VaultPlan(
        margined=bool(inputs["vault_type"]),
        counts=[*map(len, held), *map(len, amounts)],
        amounts=[amount for each in amounts for amount in each],
    )


def _amounts(inputs: Inputs) -> tuple[list[int], list[int], list[int]]:
    keys = "short_amount_1e8", "long_amount_1e8", "collateral_amount"
    short, long, collateral = ([int(amount) for amount in _listed(inputs[key])] for key in keys)
    return short, long, collateral


def _series_of(inputs: Inputs, side: str) -> list[Any]:
    return _listed(inputs[side])


def _series(inputs: Inputs, option: Inputs) -> Series:
    first = [*_series_of(inputs, "short"), option][0]
    later_s = int(_expiry_in(option) != _expiry_in(first))
    expires_at = _expires_at(inputs) + later_s
    scale = scale_of(_decimals(inputs, option["collateral"]))
    return Series(
        product="product",
        expiry="expiry",
        mint=f"option {sorted(option.items())}",
        underlying=option["underlying"],
        strike_asset=option["strike_asset"],
        collateral=option["collateral"],
        is_put=option["put"],
        strike=int(option["strike_1e8"]),
        expires_at=expires_at,
        unit=scale.unit,
        shrink=scale.shrink,
    )


def _expiry_in(option: Inputs) -> Any:
    """What a case says of an option's expiry: all that counts is whether two have the same."""
    return next((value for key, value in option.items() if "expir" in key), None)


def _put_product(vm: Vm, inputs: Inputs, terms: Inputs | None) -> None:
    fields: dict[str, Any] = {}
    prices = Prices(0, 0, 0)
    if terms is not None:
        scale = scale_of(_decimals(inputs, terms["collateral"]))
        margin = terms_of(inputs, terms["collateral"], _WEEK_S)
        fields |= margin.values() | {
            "is_put": terms["put"],
            "margined": True,
            "converts": terms["collateral"] != _own_asset(terms),
            "unit": scale.unit,
            "shrink": scale.shrink,
            "price_age_max_s": 60,
        }
        for kind in ("underlying", "strike_asset", "collateral"):
            fields[f"{kind.removesuffix('_asset')}_feed"] = f"{terms[kind]} feed"
        prices = _prices(inputs, terms)
    vm.set_account("product", owner=options, data=Product(**fields))
    figures = {f"{key}_price": value for key, value in prices._asdict().items()}
    final = bool(inputs["expired"]) and bool(inputs.get("final", True))
    vm.set_account("expiry", owner=options, data=Expiry(product="product", final=final, **figures))


def _put_feeds(vm: Vm, inputs: Inputs, terms: Inputs | None) -> list[str]:
    if terms is None or inputs["expired"]:
        return []
    for asset in {terms["underlying"], terms["strike_asset"], terms["collateral"]}:
        feed = Feed(
            price=price_in(inputs, asset),
            exponent=-8,
            published_at=vm.clock.unix_timestamp,
            status=FeedStatus.Trading,
        )
        vm.set_account(f"{asset} feed", data=feed)
    if inputs["vault_type"]:
        return [f"{terms['underlying']} feed"]
    own = _own_asset(terms)
    if own == terms["collateral"]:
        return []
    return [f"{own} feed", f"{terms['collateral']} feed"]


def _prices(inputs: Inputs, terms: Inputs) -> Prices:
    kinds = ("underlying", "strike_asset", "collateral")
    return Prices(*(price_in(inputs, terms[kind]) for kind in kinds))


def _conversion(inputs: Inputs, terms: Inputs) -> tuple[int, int]:
    own = _own_asset(terms)
    if own == terms["collateral"]:
        return 1, 1
    return price_in(inputs, own), price_in(inputs, terms["collateral"])


def _own_asset(terms: Inputs) -> str:
    return terms["strike_asset"] if terms["put"] else terms["underlying"]


def _expires_at(inputs: Inputs) -> int:
    if inputs["expired"]:
        return _NOW_S - 1
    # Margined vaults of the suite have a week left, unless a case says otherwise.
    days = inputs.get("days_to_expiry")
    left_s = _MONTH_S if not inputs["vault_type"] else int(days or 7) * 60 * 24
    return _NOW_S + left_s


def _decimals(inputs: Inputs, asset: str) -> int:
    given: dict[str, Any] = inputs.get("decimals") or {}
    return int(given.get(asset, DECIMALS[asset]))


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return [*value] if isinstance(value, list) else [value]
