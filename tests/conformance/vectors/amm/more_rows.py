"""Further cases of the references' test files, in the form of rows.

Sources as in pair_rows.py and curve_rows.py. Amounts of 18 decimals are written as `18 * n` by E18.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from ..rows import Row

E18: Final = 10**18
U64_MAX: Final = (1 << 64) - 1
U128_MAX: Final = (1 << 128) - 1
_PRICE_MAX: Final = ((1 << 256) - 1) // 1_000
_RESERVES: Final = {"reserve_a": 10 * E18, "reserve_b": 1_000 * E18}
_STARTED: Final = {
    "reserve0": 10 * E18,
    "reserve1": 1_000 * E18,
    "total_supply": 100 * E18,
    "fee_to": False,
}
_FEE_ON: Final = {
    "fee_to": True,
    "total_supply": 200 * E18,
    "steps_before": [
        {"mint": [10 * E18, 1_000 * E18]},
        {"set_fee_to": 1},
        {"mint": [10 * E18, 1_000 * E18]},
    ],
}

Case = tuple[str, dict[str, Any], dict[str, Any]]


def rows() -> Iterator[Row]:
    """All of them."""
    for cases in (_swaps, _optimistic, _sequences, _router, _values, _arbitrage, _curves, _singles):
        for name, inputs, expect in cases():
            yield Row("amm", name, "", inputs, expect)


def _swaps() -> Iterator[Case]:
    for paid, reserve0, reserve1, out in (
        (1, 5, 10, 1662497915624478906),
        (2, 10, 5, 831248957812239453),
        (1, 1_000, 1_000, 996006981039903216),
    ):
        inputs = {
            "op": "swap",
            "amount0_in": paid * E18,
            "reserve0": reserve0 * E18,
            "reserve1": reserve1 * E18,
        }
        expect = {
            "ok": True,
            "max_out": out,
            "reserve0": (reserve0 + paid) * E18,
            "reserve1": reserve1 * E18 - out,
        }
        yield f"swap {paid} {reserve0}", inputs | {"amount1_out": out}, expect
        more = {"amount1_out": out + 1}
        yield f"swap {paid} {reserve0} + 1", inputs | more, {"error": "UniswapV2: K"}
    backwards = {"op": "swap", "reserve0": 5 * E18, "reserve1": 10 * E18, "amount1_in": E18}
    out = 453305446940074565
    after = {"reserve0": 5 * E18 - out, "reserve1": 11 * E18}
    yield "swap:token1", backwards | {"amount0_out": out}, after
    all_of_it = backwards | {"amount0_out": 5 * E18}
    yield "swap all", all_of_it, {"error": "UniswapV2: INSUFFICIENT_LIQUIDITY"}
    nothing = {"error": "UniswapV2: INSUFFICIENT_OUTPUT_AMOUNT"}
    yield "swap nothing", backwards | {"amount0_out": 0}, nothing
    unpaid = backwards | {"amount1_in": 0, "amount0_out": 1}
    yield "swap for nothing", unpaid, {"error": "UniswapV2: INSUFFICIENT_INPUT_AMOUNT"}


def _optimistic() -> Iterator[Case]:
    for out, reserve0, reserve1, paid in (
        (997 * 10**15, 10, 5, E18),
        (E18, 5, 5, 1003009027081243732),
    ):
        inputs = {
            "op": "swap",
            "amount0_in": paid,
            "reserve0": reserve0 * E18,
            "reserve1": reserve1 * E18,
        }
        yield f"optimistic {paid}", inputs | {"amount0_out": out}, {"ok": True}
        more = {"amount0_out": out + 1}
        yield f"optimistic {paid} + 1", inputs | more, {"error": "UniswapV2: K"}


def _sequences() -> Iterator[Case]:
    steps = [
        {"mint": [1_000 * E18, 1_000 * E18]},
        {"swap": {"amount1_in": E18, "amount0_out": 996006981039903216}},
        {"burn": 1_000 * E18 - 1_000},
    ]
    expect = {
        "total_supply": 1_000 + 249750499251388,
        "fee_to_balance": 249750499251388,
        "reserve0": 1_000 + 249501683697445,
        "reserve1": 1_000 + 250000187312969,
    }
    yield "feeTo:on", {"op": "sequence", "fee_to": True, "steps": steps}, expect
    small = [
        {"mint": [E18, E18]},
        {"swap": {"amount1_in": 10**15, "amount0_out": 996006981039903}},
        {"burn": E18 - 1_000},
    ]
    # 1/6 of the growth: no case of the reference, but of its formula, and in 64 bits.
    yield (
        "feeTo:on, small",
        {"op": "sequence", "fee_to": True, "steps": small},
        {"total_supply": 1_000 + 249750499251},
    )
    kept = 3 * E18 - 1_000
    burned = {"op": "burn", "reserve0": 3 * E18, "reserve1": 3 * E18, "total_supply": 3 * E18}
    yield (
        "burn",
        burned | {"liquidity": kept},
        {
            "amount0": kept,
            "amount1": kept,
            "total_supply": 1_000,
            "reserve0": 1_000,
            "reserve1": 1_000,
        },
    )
    removed = burned | {"reserve0": E18, "reserve1": 4 * E18, "total_supply": 2 * E18}
    yield (
        "removeLiquidity",
        removed | {"liquidity": 2 * E18 - 1_000},
        {
            "amount0": E18 - 500,
            "amount1": 4 * E18 - 2_000,
            "reserve0": 500,
            "reserve1": 2_000,
        },
    )


def _router() -> Iterator[Case]:
    library = "UniswapV2Library: "
    quotes = [(2, 200, 100, 1), (0, 100, 200, "INSUFFICIENT_AMOUNT")]
    quotes += [(1, 0, 200, "INSUFFICIENT_LIQUIDITY"), (1, 100, 0, "INSUFFICIENT_LIQUIDITY")]
    for amount, a, b, found in quotes:
        expect = {"error": library + found} if isinstance(found, str) else {"amount_b": found}
        inputs = {"op": "quote", "amount_a": amount, "reserve_a": a, "reserve_b": b}
        yield f"quote {amount} {a} {b}", inputs, expect
    outs = [(2, 100, 100, 1), (0, 100, 100, "INSUFFICIENT_INPUT_AMOUNT")]
    outs += [(2, 100, 0, "INSUFFICIENT_LIQUIDITY")]
    for amount, a, b, found in outs:
        expect = {"error": library + found} if isinstance(found, str) else {"amount_out": found}
        inputs = {"op": "get_amount_out", "amount_in": amount, "reserve_in": a, "reserve_out": b}
        yield f"getAmountOut {amount} {a} {b}", inputs, expect
    yield (
        "getAmountIn",
        {"op": "get_amount_in", "amount_out": 1, "reserve_in": 100, "reserve_out": 100},
        {"amount_in": 2},
    )
    path = {"reserves": [10_000, 10_000]}
    yield "getAmountsOut", {"op": "get_amounts_out", "amount_in": 2, **path}, {"amounts": [2, 1]}
    invalid = {"error": library + "INVALID_PATH"}
    yield "getAmountsOut:path", {"op": "get_amounts_out", "amount_in": 2, "reserves": []}, invalid
    yield "getAmountsIn:path", {"op": "get_amounts_in", "amount_out": 1, "reserves": []}, invalid
    long = {"op": "get_amounts_in", "amount_out": 1, "reserves": [[10_000, 10_000]] * 2}
    yield "getAmountsIn:3", long, {"amounts": [3, 2, 1]}
    reserves = {"reserve_in": 5 * E18, "reserve_out": 10 * E18}
    yield (
        "swapTokensForExactTokens",
        {"op": "swap_exact_out", "amount_out": E18, **reserves},
        {"amounts": [557227237267357629, E18], "reserve_out": 9 * E18},
    )


def _values() -> Iterator[Case]:
    def value(shares: int, **more: Any) -> dict[str, Any]:
        return {"op": "liquidity_value", "shares": shares * E18, **more}

    def found(a: int, b: int) -> dict[str, Any]:
        return {"token0": a, "token1": b}

    price = {"true_price_a": 1, "true_price_b": 105}
    yield "5 shares", value(5, **_STARTED), found(E18 // 2, 50 * E18)
    yield "7 shares", value(7, **_STARTED), found(7 * E18 // 10, 70 * E18)
    off = found(488683612488266114, 51161327957205755422)
    yield "105, fee off", value(5, **_STARTED, **price), off
    price["true_price_b"] = 95
    off = found(512255881944227034, 48807237571060645526)
    yield "95, fee off", value(5, **_STARTED, **price), off
    price["true_price_b"] = 100
    yield "100, fee off", value(5, **_STARTED, **price), found(E18 // 2, 50 * E18)
    yield "100, fee on", value(5, **_FEE_ON, **price), found(E18 // 2, 50 * E18)
    swapped = {"swap0_in_first": 10 * E18}
    back = found(501127678536722155, 50037429168613534246)
    yield "back to 100", value(5, **_STARTED, **swapped, **price), back
    swapped = {"swap0_in_first": 20 * E18}
    after = found(1399824934325735058, 35048195651620807684)
    yield "after a swap, fee on", value(7, **_FEE_ON, **swapped), after
    back = found(501002443792372662, 50024924521757597314)
    yield "back to 100, fee on", value(5, **_FEE_ON, **swapped, **price), back
    price["true_price_b"] = 25
    after = found(999874953089810756, 25034425465443434060)
    yield "25, fee on", value(5, **_FEE_ON, **swapped, **price), after
    none = {"error": "ComputeLiquidityValue: LIQUIDITY_AMOUNT"}
    yield "no shares", value(0, **_STARTED, **price), none
    yield "too many shares", value(101, **_STARTED, **price), none


def _arbitrage() -> Iterator[Case]:
    for price, a, b in (
        ((1, 400), 5007516917298542016, 1999997739838173075192),
        ((1, 200), 7081698338256310291, 1413330640570018326894),
        ((1, 50), 14133306405700183269, 708169833825631029041),
        ((25, 1), 500721601459041764285, 20030067669194168064),
        ((_PRICE_MAX, _PRICE_MAX), 100120248075158403008, 100150338345970840319),
    ):
        inputs = {"op": "reserves_after_arbitrage", **_RESERVES}
        inputs |= {"true_price_a": price[0], "true_price_b": price[1]}
        yield f"to {price[0]}/{price[1]}", inputs, {"reserve_a": a, "reserve_b": b}
    for price, most, expect in (
        ((1, 90), U128_MAX, {"amount_in": 526682316179835569, "amount_out": 49890467170695440744}),
        ((1, 110), U128_MAX, {"amount_in": 47376582963642643588, "amount_out": 451039908682851138}),
        ((0, 0), U128_MAX, {"error": "ExampleSwapToPrice: ZERO_PRICE"}),
        ((10, 0), U128_MAX, {"error": "ExampleSwapToPrice: ZERO_PRICE"}),
        ((1, 90), 0, {"error": "ExampleSwapToPrice: ZERO_SPEND"}),
    ):
        for reserves in (_RESERVES, {"reserve_a": 10**7, "reserve_b": 10**9}):
            if reserves is _RESERVES or "error" in expect:
                inputs = {"op": "swap_to_price", **reserves, "max_spend_a": min(most, U64_MAX)}
                inputs |= {"true_price_a": price[0], "true_price_b": price[1]}
                inputs["max_spend_b"] = most if reserves is _RESERVES else inputs["max_spend_a"]
                yield f"swap to {price[0]}/{price[1]}", inputs, expect


def _curves() -> Iterator[Case]:
    product = {"curve": "constant_product", "op": "swap_without_fees"}
    for given, source, destination, paid, out in (
        (20, 29_980, 10_000, 18, 6),
        (18, 29_980, 10_000, 18, 6),
        (10, 20_000, 30_000, 10, 14),
        (10, 19_991, 30_000, 10, 14),
        (100, 60_000, 30_000, 99, 49),
        (99, 60_000, 30_000, 99, 49),
    ):
        amounts = {"source_amount": given, "swap_source": source, "swap_destination": destination}
        expect = {"source_swapped": paid, "destination_swapped": out}
        yield f"product {given} {source}", product | amounts, expect
    offset = {"curve": "offset", "op": "swap_without_fees"}
    for name, by, way, amounts, expect in (
        ("none", 0, "AtoB", (100, 1_000, 50_000), (100, 4_545)),
        ("a million", 10**6, "AtoB", (100, 10**6, 0), (100, 99)),
        ("most", U64_MAX, "AtoB", (1_000, 10**7, 1_000), (1_000, 1_844_489_958_375_117)),
        ("most", U64_MAX, "BtoA", (U64_MAX, 10**7, 1_000), (18_373_104_376_818_475_561, 499)),
    ):
        inputs = offset | {"token_b_offset": by, "direction": way} | _amounts(amounts)
        yield f"offset {name} {way}", inputs, _swapped(expect)
    price = {"curve": "constant_price", "op": "swap_without_fees", "direction": "AtoB"}
    none = {"error": "ZeroTradingTokens"}
    dear, dearest = 1_123_513, U64_MAX
    for at, amounts, expect in (
        (1, (100, 0, 0), _swapped((100, 100))),
        (dear, (1, dear * 500, 500), none),
        (dear, (dear, dear * 500, 500), _swapped((dear, 1))),
        (dearest, (0, dearest, 1), none),
        (dearest, (1, dearest, 1), none),
        (dearest, (dearest, dearest, 1), _swapped((dearest, 1))),
    ):
        yield f"price {at}", price | {"token_b_price": at} | _amounts(amounts), expect
    parts = {"curve": "constant_product", "op": "pool_tokens_to_trading_tokens"}
    inputs = {"token_a": 100, "token_b": 202, "pool_tokens": 5, "supply": 101, "round": "ceiling"}
    yield "tokens 5/101", parts | inputs, {"token_a": 5, "token_b": 10}
    wide = {"token_a": U128_MAX, "token_b": 0, "pool_tokens": 5, "supply": 10, "round": "floor"}
    yield "tokens overflow", parts | wide, {"error": "CalculationFailure"}


def _singles() -> Iterator[Case]:
    for fees, paid_fees, out in (
        ({"trade_fee": "1/100"}, (1, 0), 4_504),
        ({"owner_trade_fee": "1/100"}, (0, 1), 4_504),
        ({}, (0, 0), 4_545),
    ):
        yield (
            f"fees {fees}",
            {"curve": "constant_product", "op": "swap", "fees": fees}
            | _amounts((100, 1_000, 50_000)),
            {
                "new_swap_source_amount": 1_100,
                "destination_amount_swapped": out,
                "new_swap_destination_amount": 50_000 - out,
                "trade_fee": paid_fees[0],
                "owner_fee": paid_fees[1],
            },
        )
    both = {
        "curve": "constant_product",
        "fees": {"trade_fee": "25/1000", "owner_trade_fee": "5/1000"},
        "token_b": 50_000_000,
    }
    deposit = {"op": "deposit_single_token_type", "direction": "AtoB", "source_amount": 10_000}
    deposit |= {"token_a": 1_000_000, "supply": 1_000_000}
    yield "deposit of one", both | deposit, {"pool_tokens": 4_912}
    against = {"op": "one_sided_deposit_vs_swap", "source_amount": 10_000}
    against |= {"swap_source": 1_000_000, "swap_destination": 50_000_000, "pool_supply": 1_000_000}
    expect = {"deposit_pool_tokens": 4_912, "withdraw_pool_tokens": 4_914}
    yield "one-sided against a swap", both | against, expect
    # What swapping those 10,000 of a buys, withdrawn after they were deposited.
    out = 480_340
    withdrawal = {"op": "withdraw_single_token_type_exact_out", "direction": "BtoA"}
    withdrawal |= {"token_a": 1_010_000, "supply": 1_004_912, "source_amount": out}
    yield "withdrawal of one", both | withdrawal, {"pool_tokens": 4_914}


def _amounts(amounts: tuple[int, int, int]) -> dict[str, int]:
    return dict(zip(("source_amount", "swap_source", "swap_destination"), amounts, strict=True))


def _swapped(amounts: tuple[int, int]) -> dict[str, int]:
    return {"source_swapped": amounts[0], "destination_swapped": amounts[1]}
