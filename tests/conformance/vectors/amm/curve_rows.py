"""Operations of rows on SPL token-swap's curves.

Sources: {constant_product,constant_price,offset,calculator,base,fees}.rs in
token-swap/program/src/curve/. Each row is played on a pool in that state: the program is asked for
its quote, and the swap is made as well where the pool can pay it. Amounts past 64 bits go straight
to the functions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from sealane import Instruction
from sealane.primitives import ProgramFailure
from sealane.programs.library.amm import CurveKind, CurvePool, FeeTable, amm, authority_of
from sealane.programs.library.amm.curves.curve import Curve, Holdings, tokens_for_shares
from sealane.programs.library.amm.curves.fees import CurveSwap, swap_with_fees
from sealane.programs.library.amm.curves.pools import FIRST_SHARES
from sealane.programs.library.amm.curves.quotes import SharesQuote, SwapQuote, TokensQuote
from sealane.programs.library.amm.curves.single_sided import (
    shares_for_deposit,
    shares_for_withdrawal,
)
from sealane.programs.library.amm.direction import ordered
from sealane.testing import Vm

from ....programs.library.amm.market import Market, held, no_fees, put_tokens
from ..rows import CannotPlay, Played, Row, Way
from .errors import Refused, checked, refused
from .inputs import U64_MAX, integers_in, number

Inputs = Mapping[str, Any]
_KINDS: Final = {
    "constant_product": CurveKind.ConstantProduct,
    "constant_price": CurveKind.ConstantPrice,
    "offset": CurveKind.Offset,
}


def play(row: Row) -> Played:
    """Raises CannotPlay for an operation that is not known."""
    inputs = row.inputs
    operation = _OPERATIONS.get(str(inputs["op"]))
    if operation is None:
        raise CannotPlay(f"no operation {inputs['op']!r} on a curve")
    wide = max(integers_in(inputs), default=0) > U64_MAX
    for way in (Way.FUNCTIONS,) if wide else (Way.RUNTIME, Way.FUNCTIONS):
        try:
            return Played(operation(inputs, way), way)
        except ProgramFailure as failure:
            return Played({"error": refused(failure).name}, way)
        except Refused as refusal:
            if not refusal.too_wide:
                return Played({"error": refusal.name}, way)
    raise CannotPlay("an amount fits nowhere")


def _swap(inputs: Inputs, way: Way) -> dict[str, int]:
    a_to_b = inputs.get("direction", "AtoB") == "AtoB"
    reserves = number(inputs, "swap_source"), number(inputs, "swap_destination")
    source = number(inputs, "source_amount")
    if way is Way.FUNCTIONS:
        done = swap_with_fees(curve_of(inputs), source, reserves, a_to_b, fees_of(inputs).fees)
    else:
        done = _swap_in_runtime(inputs, ordered(a_to_b, *reserves), a_to_b, source)
    fees = done.trade_fee + done.owner_fee
    return {
        "source_swapped": done.paid_in if inputs["op"] == "swap" else done.paid_in - fees,
        "source_amount_swapped": done.paid_in,
        "destination_swapped": done.paid_out,
        "destination_amount_swapped": done.paid_out,
        "trade_fee": done.trade_fee,
        "owner_fee": done.owner_fee,
        "new_swap_source": reserves[0] + done.paid_in,
        "new_swap_source_amount": reserves[0] + done.paid_in,
        "new_swap_destination": reserves[1] - done.paid_out,
        "new_swap_destination_amount": reserves[1] - done.paid_out,
    }


def _swap_in_runtime(
    inputs: Inputs, reserves: tuple[int, int], a_to_b: bool, source: int
) -> CurveSwap:
    market = _market(inputs, reserves, FIRST_SHARES)
    call = amm.quote_swap_on_curve(pool="pool", a_to_b=a_to_b, amount_in=source)
    quote = SwapQuote.decode(_asked(market, call))
    way = "ab" if a_to_b else "ba"
    put_tokens(market.vm, f"ann_{way[0]}", way[0], "ann", source)
    swap = amm.swap_on_curve(
        **market.trading(way, "ann", "pool"), amount_in=source, amount_out_min=0
    )
    # A quote of a curve may exceed what the pool holds: the swap is made where it does not.
    if quote.paid_out <= (reserves[1] if a_to_b else reserves[0]):
        checked(market.vm.try_send(swap, payer="ann"))
        assert source - held(market.vm, f"ann_{way[0]}") == quote.paid_in
        assert held(market.vm, f"ann_{way[1]}") == quote.paid_out
    return CurveSwap(quote.paid_in, quote.paid_out, quote.trade_fee, quote.owner_fee)


def _tokens(inputs: Inputs, way: Way) -> dict[str, int]:
    shares = number(inputs, "pool_tokens", "deposit", "shares")
    up = str(inputs.get("round", "floor")).lower() == "ceiling"
    held_now = _holdings(inputs)
    if way is Way.FUNCTIONS:
        a, b = tokens_for_shares(curve_of(inputs), shares, held_now, up)
    else:
        market = _market(inputs, held_now[:2], held_now.supply)
        call = amm.quote_shares(pool="pool", shares=shares, round_up=up)
        quote = TokensQuote.decode(_asked(market, call))
        a, b = quote.a, quote.b
    return {"token_a": a, "token_b": b, "token_a_amount": a, "token_b_amount": b}


def _single(inputs: Inputs, way: Way) -> dict[str, int]:
    deposits = str(inputs["op"]).startswith("deposit")
    of_a = inputs.get("direction", "AtoB") == "AtoB"
    amount = number(inputs, "source_amount", "amount")
    held_now = _holdings(inputs)
    if way is Way.FUNCTIONS:
        function = shares_for_deposit if deposits else shares_for_withdrawal
        shares = function(curve_of(inputs), amount, held_now, of_a, fees_of(inputs).fees)
    else:
        market = _market(inputs, held_now[:2], held_now.supply)
        ask = amm.quote_deposit_one if deposits else amm.quote_withdraw_one
        call = ask(pool="pool", of_a=of_a, amount=amount)
        shares = SharesQuote.decode(_asked(market, call)).shares
    return dict.fromkeys(("pool_tokens", "pool_token_amount", "shares"), shares)


def _one_sided(inputs: Inputs, way: Way) -> dict[str, int]:
    """A swap against a deposit of what it takes and a withdrawal of what it pays."""
    source, destination, supply = (
        number(inputs, name) for name in ("swap_source", "swap_destination", "pool_supply")
    )
    done = _swap({**inputs, "op": "swap"}, way)
    paid, out = done["source_amount_swapped"], done["destination_amount_swapped"]
    pool = {"token_a": source, "token_b": destination, "supply": supply}
    deposit = {**inputs, **pool, "op": "deposit", "source_amount": paid, "direction": "AtoB"}
    deposited = _single(deposit, way)["pool_tokens"]
    pool |= {"token_a": source + paid, "supply": supply + deposited}
    withdrawal = {**inputs, **pool, "op": "withdraw", "source_amount": out, "direction": "BtoA"}
    withdrawn = _single(withdrawal, way)["pool_tokens"]
    return {"deposit_pool_tokens": deposited, "withdraw_pool_tokens": withdrawn}


_OPERATIONS: Final[Mapping[str, Callable[[Inputs, Way], dict[str, int]]]] = {
    "swap_without_fees": _swap,
    "swap": _swap,
    "pool_tokens_to_trading_tokens": _tokens,
    "deposit_single_token_type": _single,
    "withdraw_single_token_type_exact_out": _single,
    "one_sided_deposit_vs_swap": _one_sided,
}


def curve_of(inputs: Inputs) -> Curve:
    """The row's curve."""
    kind = _KINDS[inputs["curve"]]
    return Curve(kind, number(inputs, "token_b_price", "token_b_offset", default=0))


def fees_of(inputs: Inputs) -> FeeTable:
    """The row's fees, each as a fraction `n/d` or as two integers."""
    given = {**inputs, **inputs.get("fees", {})}
    fees = no_fees()
    for name in ("trade_fee", "owner_trade_fee", "owner_withdraw_fee", "host_fee"):
        short = name.removesuffix("_fee")
        parts = str(given.get(name, given.get(short, "0/0"))).split("/")
        numerator = number(given, f"{name}_numerator", default=int(parts[0]))
        denominator = number(given, f"{name}_denominator", default=int(parts[-1]))
        setattr(fees, f"{name}_numerator", numerator)
        setattr(fees, f"{name}_denominator", denominator)
    return fees


def _holdings(inputs: Inputs) -> Holdings:
    return Holdings(
        number(inputs, "token_a", "swap_token_a", "swap_token_a_amount"),
        number(inputs, "token_b", "swap_token_b", "swap_token_b_amount"),
        number(inputs, "supply", "pool_supply", "pool_token_supply"),
    )


def _market(inputs: Inputs, reserves: tuple[int, int], supply: int) -> Market:
    """A pool on the row's curve in a runtime, put straight into the row's state."""
    market = Market(Vm(workers=0), funds=0)
    market.open_curve(CurveKind.ConstantProduct, (1, 1), fees=fees_of(inputs))
    state = market.curve_pool()
    curve = curve_of(inputs)
    state.kind, state.parameter = curve.kind, curve.parameter
    state.reserve_a, state.reserve_b = reserves
    state.supply = supply
    market.vm.set_account("pool", owner=amm, data=CurvePool.decode(state.encode()))
    for name, amount in zip("ab", reserves, strict=True):
        put_tokens(market.vm, f"pool_{name}", name, authority_of("pool"), amount)
    return market


def _asked(market: Market, call: Instruction) -> bytes:
    returned = checked(market.vm.try_send(call, payer="ann")).return_data
    assert returned is not None
    return bytes(returned)
