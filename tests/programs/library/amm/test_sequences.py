"""Random sequences by several users: tokens are conserved, vaults cover reserves, shares add up.

Not checked here: that no operation lowers the value of shares; test_invariants.py does.
"""

from __future__ import annotations

from itertools import product

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sealane import Instruction, Transaction
from sealane.programs.library.amm import CurveKind, amm, hop
from sealane.programs.library.amm.pairs.constant_product import MINIMUM_LIQUIDITY
from sealane.programs.library.token import token
from sealane.testing import Vm

from .market import RICH, Market, held, put_tokens, supply
from .test_curve_fees import FEES

USERS = ("ann", "ben", "cat")
SHARES = [f"{user}_{pool}" for user, pool in product((*USERS, "boss"), ("pool", "far", "curve"))]
TOKENS = [f"{owner}_{name}" for owner, name in product(USERS, "abc")]
VAULTS = ["pool_a", "pool_b", "far_a", "far_b", "curve_a", "curve_b"]

WHATS = ["mint", "burn", "ab", "ba", "send", "skim", "fee", "collect", "hops", "curve", "in", "out"]
Step = tuple[str, str, int, int]
steps = st.tuples(
    st.sampled_from(
        ["mint", "burn", "ab", "ba", "send", "skim", "fee", "collect", "hops", "curve", "in", "out"]
    ),
    st.sampled_from(USERS),
    st.integers(1, 10**6),
    st.integers(1, 10**6),
)


def opened(workers: int) -> Market:
    """Two pools of a and b, and one on a curve."""
    market = Market(Vm(workers=workers), USERS)
    for pool in ("pool", "far"):
        market.open(pool)
    market.open_curve(CurveKind.ConstantProduct, (10**6, 10**6), fees=FEES, name="curve")
    for name in SHARES:
        user, pool = name.split("_")
        if name != "boss_curve":
            put_tokens(market.vm, name, f"{pool}_shares", user)
    market.vm.send(market.minting((10**6, 10**6)), market.minting((10**6, 3 * 10**6), pool="far"))
    return market


def call(market: Market, step: Step) -> Instruction:
    what, user, x, y = step
    pool = "pool" if y % 2 else "far"
    pair = {"pool": pool, "vault_a": f"{pool}_a", "vault_b": f"{pool}_b"}
    if what == "mint":
        return market.minting((x, y), user, pool)
    if what == "burn":
        return market.burning(x, user, pool)
    if what in ("ab", "ba"):
        return market.swapping(x, what, user, pool)
    if what == "send":
        return token.transfer(source=f"{user}_a", destination=f"{pool}_a", authority=user, amount=x)
    if what == "skim":
        return amm.skim(**pair, destination_a=f"{user}_a", destination_b=f"{user}_b")
    if what == "fee":
        fee_to = "boss" if x % 3 else None
        return amm.set_fee_to(exchange="exchange", authority="boss", fee_to=fee_to)
    if what == "collect":
        return amm.collect_protocol_fee(
            pool=pool,
            exchange="exchange",
            share_mint=f"{pool}_shares",
            destination=f"boss_{pool}",
        )
    if what == "hops":
        path = [*hop("pool", "pool_a", "pool_b"), *hop("far", "far_b", "far_a")]
        return amm.swap_hops_exact_in(
            source=f"{user}_a",
            destination=f"{user}_a",
            owner=user,
            path=path,
            amount_in=x,
            amount_out_min=0,
        )
    if what in ("in", "out"):
        return curve_liquidity(market, user, 100 * x, what == "in")
    accounts = market.trading("ab" if y % 2 else "ba", user, "curve")
    return amm.swap_on_curve(**accounts, amount_in=x, amount_out_min=0)


def curve_liquidity(market: Market, user: str, shares: int, deposits: bool) -> Instruction:
    accounts = market.liquidity(user, "curve")
    del accounts["exchange"]
    if deposits:
        return amm.deposit_both(
            **accounts,
            source_a=f"{user}_a",
            source_b=f"{user}_b",
            destination=f"{user}_curve",
            shares=shares,
            amount_a_max=RICH,
            amount_b_max=RICH,
        )
    return amm.withdraw_both(
        **accounts,
        source=f"{user}_curve",
        destination_a=f"{user}_a",
        destination_b=f"{user}_b",
        shares=shares,
        amount_a_min=0,
        amount_b_min=0,
    )


def require_sound(market: Market) -> None:
    """Tokens are where they were or in vaults, and shares are backed and counted."""
    vm = market.vm
    for name in "abc":
        places = [each for each in (*TOKENS, *VAULTS) if each.endswith(f"_{name}")]
        begun = 10**6 if name in "ab" else 0
        assert sum(held(vm, each) for each in places) == len(USERS) * RICH + begun
    for pool in ("pool", "far"):
        books = market.pool(pool)
        assert held(vm, f"{pool}_a") >= books.reserve_a
        assert held(vm, f"{pool}_b") >= books.reserve_b
        owed = MINIMUM_LIQUIDITY + books.protocol_shares
        assert supply(vm, f"{pool}_shares") == books.supply - owed
    curve = market.curve_pool("curve")
    assert (held(vm, "curve_a"), held(vm, "curve_b")) == (curve.reserve_a, curve.reserve_b)
    assert supply(vm, "curve_shares") == curve.supply - curve.owner_shares
    for pool in ("pool", "far", "curve"):
        owned = sum(held(vm, each) for each in SHARES if each.endswith(f"_{pool}"))
        assert owned == supply(vm, f"{pool}_shares")


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.data_too_large])
@given(st.lists(steps, min_size=20, max_size=40))
def test_nothing_is_made_or_lost(done: list[Step]) -> None:
    market = opened(workers=0)
    for step in done:
        market.vm.try_send(call(market, step))
        require_sound(market)


def test_a_block_on_workers_ends_as_a_serial_one() -> None:
    whats = [
        "ab",
        "in",
        "mint",
        "ba",
        "hops",
        "burn",
        "curve",
        "out",
        "ab",
        "send",
        "collect",
        "fee",
    ]
    done = [
        (what, USERS[place % 3], 1_000 + 37 * place, 900 + 61 * place)
        for place, what in enumerate(whats * 4)
    ]
    roots: list[str] = []
    for workers in (0, 2):
        market = opened(workers)
        block = [Transaction([call(market, step)], payer=step[1]) for step in done]
        result = market.vm.execute(block)
        assert sum(receipt.ok for receipt in result.transactions) > len(done) // 2
        require_sound(market)
        roots.append(result.state_root)
        market.vm.close()
    assert roots[0] == roots[1]
