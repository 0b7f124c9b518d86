"""Operations of rows on a Uniswap v2 pair.

Sources: UniswapV2Pair.spec.ts of v2-core; UniswapV2Router01.spec.ts, UniswapV2Router02.spec.ts,
ExampleComputeLiquidityValue.spec.ts and ExampleSwapToPrice.spec.ts of v2-periphery.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from sealane.programs.library.amm.pairs.price_sums import wrapped_time

from ..rows import Way
from .figures_pair import FiguresPair
from .inputs import U64_MAX, number, numbers
from .pair import Pair
from .runtime_pair import RuntimePair

Inputs = Mapping[str, Any]
# What rows may call the shares that the protocol got.
_FEE_NAMES: Final = (
    "fee_to_balance",
    "fee_to_liquidity",
    "fee_to_shares",
    "fee_liquidity",
    "fee_minted",
    "minted_to_fee_to",
)
Figures = dict[str, Any]
PAIRS: Final[Mapping[Way, Callable[[], Pair]]] = {
    Way.RUNTIME: RuntimePair,
    Way.FUNCTIONS: FiguresPair,
}


def state_of(pair: Pair) -> Figures:
    """The figures of a pair, under the names that rows have for them."""
    books = pair.books()
    fees = pair.fee_shares()
    named: Figures = {
        "total_supply": books.supply,
        "k_last": books.last_product,
        "block_timestamp_last": books.updated_at,
        "price0_cumulative": books.price_a_sum,
        "price1_cumulative": books.price_b_sum,
    }
    named |= dict.fromkeys(_FEE_NAMES, fees)
    for side, reserve in enumerate((books.reserve_a, books.reserve_b)):
        names = ("reserve{}", "balance{}", "pair_balance{}", "pair_token{}", "token{}_balance")
        named |= dict.fromkeys((name.format(side) for name in names), reserve)
    named["reserves"] = [books.reserve_a, books.reserve_b]
    return named


def mint(inputs: Inputs, pair: Pair) -> Figures:
    _begin(inputs, pair)
    supply = pair.books().supply
    shares = pair.mint((number(inputs, "amount0"), number(inputs, "amount1")))
    locked = pair.books().supply - supply - shares - pair.books().protocol_shares
    minted = dict.fromkeys(("minted_to_user", "liquidity", "shares", "minted"), shares)
    return {**state_of(pair), **minted, "locked": locked}


def burn(inputs: Inputs, pair: Pair) -> Figures:
    _begin(inputs, pair)
    a, b = pair.burn(_shares(inputs))
    return {**state_of(pair), **_amounts(a, b)}


def swap(inputs: Inputs, pair: Pair) -> Figures:
    _begin(inputs, pair)
    ins, outs = _swapped(inputs)
    figures: Figures = {"ok": True}
    if min(ins) == 0 and outs[ins[0] == 0] == 0:  # one token for the other
        figures["max_out"] = pair.amount_out(max(ins), ins[0] > 0)
    pair.swap(ins, outs)
    return state_of(pair) | figures


def sequence(inputs: Inputs, pair: Pair) -> Figures:
    """Steps one after the other; their own results under the names of what was done."""
    pair.set_fee_to(bool(inputs.get("fee_to", False)))
    results = _run(inputs["steps"], pair)
    return results | state_of(pair)


def oracle(inputs: Inputs, pair: Pair) -> Figures:
    """Steps at given times; the price sums after each."""
    figures: Figures = {}
    now = 0
    for step in inputs["steps"]:
        time = int(step.get("t", now))
        pair.wait(time - now)
        now = time
        _step(step, pair)
        books = pair.books()
        assert books.updated_at == wrapped_time(books.updated_at)
        figures |= {
            f"price0_at_t{time}": books.price_a_sum,
            f"price1_at_t{time}": books.price_b_sum,
        }
    return figures | state_of(pair)


def quote(inputs: Inputs, pair: Pair) -> Figures:
    pair.begin((number(inputs, "reserve_a"), number(inputs, "reserve_b")), 0)
    return {"amount_b": pair.quote(number(inputs, "amount_a"))}


def get_amount_out(inputs: Inputs, pair: Pair) -> Figures:
    pair.begin((number(inputs, "reserve_in"), number(inputs, "reserve_out")), 0)
    return {"amount_out": pair.amount_out(number(inputs, "amount_in"), from_0=True)}


def get_amount_in(inputs: Inputs, pair: Pair) -> Figures:
    pair.begin((number(inputs, "reserve_in"), number(inputs, "reserve_out")), 0)
    return {"amount_in": pair.amount_in(number(inputs, "amount_out"))}


def get_amounts_out(inputs: Inputs, pair: Pair) -> Figures:
    found = pair.amounts(number(inputs, "amount_in"), numbers(inputs.get("reserves", [])), True)
    return {"amounts": found, "amount_out": found[-1]}


def get_amounts_in(inputs: Inputs, pair: Pair) -> Figures:
    found = pair.amounts(number(inputs, "amount_out"), numbers(inputs.get("reserves", [])), False)
    return {"amounts": found, "amount_in": found[0]}


def swap_exact_in(inputs: Inputs, pair: Pair) -> Figures:
    return _routed(inputs, pair, exact_in=True)


def swap_exact_out(inputs: Inputs, pair: Pair) -> Figures:
    return _routed(inputs, pair, exact_in=False)


def liquidity_value(inputs: Inputs, pair: Pair) -> Figures:
    _prepare(inputs, pair)
    for side in (0, 1):
        first = number(inputs, f"swap{side}_in_first", default=0)
        if first:
            pair.buy(first, from_0=side == 0)
    a, b = pair.value(_shares(inputs), _price(inputs))
    return _amounts(a, b)


def reserves_after_arbitrage(inputs: Inputs, pair: Pair) -> Figures:
    pair.begin(_reserves(inputs), 0)
    price = _price(inputs)
    assert price is not None
    a, b = pair.arbitraged(price)
    return {"reserve_a": a, "reserve_b": b, "reserve0": a, "reserve1": b}


def swap_to_price(inputs: Inputs, pair: Pair) -> Figures:
    pair.begin(_reserves(inputs), 0)
    a_max, b_max = (number(inputs, f"max_spend_{side}", default=U64_MAX) for side in "ab")
    price = _price(inputs) or (0, 0)
    a_to_b, paid, out = pair.swap_to_price(price, (a_max, b_max))
    return {
        **state_of(pair),
        "a_to_b": a_to_b,
        "direction": "AtoB" if a_to_b else "BtoA",
        "amount_in": paid,
        "amount_out": out,
    }


OPERATIONS: Final[Mapping[str, Callable[[Inputs, Pair], Figures]]] = {
    function.__name__: function
    for function in (
        mint,
        burn,
        swap,
        sequence,
        oracle,
        quote,
        get_amount_out,
        get_amount_in,
        get_amounts_out,
        get_amounts_in,
        swap_exact_in,
        swap_exact_out,
        liquidity_value,
        reserves_after_arbitrage,
        swap_to_price,
    )
}


def _begin(inputs: Inputs, pair: Pair) -> None:
    """The state that a row starts from; where it names no supply, that of a first deposit."""
    if "steps_before" in inputs:
        _run(inputs["steps_before"], pair)
    elif "total_supply" in inputs or "reserve0" not in inputs:
        names = ("reserve0", "reserve1", "total_supply")
        a, b, supply = (number(inputs, name, default=0) for name in names)
        pair.begin((a, b), supply)
    else:
        pair.mint(_reserves(inputs))


def _prepare(inputs: Inputs, pair: Pair) -> None:
    """The state of a row that may have the protocol's fee on from the start."""
    if "steps_before" in inputs:
        _run(inputs["steps_before"], pair)
    else:
        pair.set_fee_to(bool(inputs.get("fee_to", False)))
        pair.mint(_reserves(inputs))
    if "total_supply" in inputs:
        assert pair.books().supply == number(inputs, "total_supply")


def _run(steps: list[Mapping[str, Any]], pair: Pair) -> Figures:
    results: Figures = {}
    for step in steps:
        results |= _step(step, pair)
    return results


def _step(step: Mapping[str, Any], pair: Pair) -> Figures:
    if "mint" in step:
        a, b = numbers(step["mint"])
        return {"minted_to_user": pair.mint((a, b))}
    if "burn" in step:
        return _amounts(*pair.burn(int(step["burn"])))
    if "swap" in step:
        pair.swap(*_swapped(step["swap"]))
    elif "set_fee_to" in step:
        pair.set_fee_to(bool(step["set_fee_to"]))
    elif "sync" in step:
        pair.sync()
    else:
        raise KeyError(f"no step {dict(step)}")
    return {}


def _swapped(inputs: Inputs) -> tuple[tuple[int, int], tuple[int, int]]:
    ins, outs = (
        (number(inputs, f"amount0_{way}", default=0), number(inputs, f"amount1_{way}", default=0))
        for way in ("in", "out")
    )
    return ins, outs


def _routed(inputs: Inputs, pair: Pair, exact_in: bool) -> Figures:
    pair.begin((number(inputs, "reserve_in"), number(inputs, "reserve_out")), 0)
    if exact_in:
        paid = number(inputs, "amount_in")
        out = pair.buy(paid, from_0=True)
    else:
        out = number(inputs, "amount_out")
        paid = pair.buy_exactly(out, from_0=True)
    books = pair.books()
    return {
        "amount_in": paid,
        "amount_out": out,
        "amounts": [paid, out],
        "reserve_in": books.reserve_a,
        "reserve_out": books.reserve_b,
    }


def _reserves(inputs: Inputs) -> tuple[int, int]:
    return number(inputs, "reserve_a", "reserve0"), number(inputs, "reserve_b", "reserve1")


def _price(inputs: Inputs) -> tuple[int, int] | None:
    if "true_price_a" not in inputs:
        return None
    return number(inputs, "true_price_a"), number(inputs, "true_price_b")


def _shares(inputs: Inputs) -> int:
    return number(inputs, "shares", "liquidity", "pool_tokens", "amount", "burn")


def _amounts(a: int, b: int) -> Figures:
    names = zip(("token{}", "amount{}", "amount{}_out"), strict=True)
    return {name.format(side): value for (name,) in names for side, value in enumerate((a, b))}
