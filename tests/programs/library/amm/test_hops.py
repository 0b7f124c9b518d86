"""Swaps through several pools."""

from __future__ import annotations

from typing import Any

import pytest

from sealane import Instruction
from sealane.programs.library.amm import AmmError, amm, hop
from sealane.programs.library.amm.pairs.quotes import Amounts

from .market import Market, held

FIRST = ("pool", "pool_a", "pool_b")
SECOND = ("far", "far_b", "far_c")


@pytest.fixture
def pools(market: Market) -> Market:
    """Pools of a and b, and of b and c."""
    market.open("far", "b", "c")
    market.own_shares("ann", "far")
    market.mint((10**9, 2 * 10**9))
    market.mint(
        (10**9, 10**9),
        pool="far",
        source_a="ann_b",
        source_b="ann_c",
        vault_a="far_b",
        vault_b="far_c",
    )
    return market


def swap(*path: tuple[str, str, str], amount: int = 10**6, **changes: Any) -> Instruction:
    values: dict[str, Any] = {
        "source": "ben_a",
        "destination": "ben_c",
        "owner": "ben",
        "path": [key for each in path for key in hop(*each)],
        "amount_in": amount,
        "amount_out_min": 0,
    }
    return amm.swap_hops_exact_in(**values | changes)


def quoted(pools: Market, asked: Instruction) -> list[int]:
    return list(Amounts.decode(pools.vm.send(asked).return_data or b"").amounts)


def test_tokens_pass_from_vault_to_vault(pools: Market) -> None:
    names = {"pools": ["pool", "far"], "mint_in": "a"}
    amounts = quoted(pools, amm.quote_hops_exact_in(**names, amount_in=10**6))
    before = [held(pools.vm, f"ben_{name}") for name in "abc"]
    pools.vm.send(swap(FIRST, SECOND))
    after = [held(pools.vm, f"ben_{name}") for name in "abc"]
    assert after == [before[0] - 10**6, before[1], before[2] + amounts[-1]]
    far = pools.pool("far")
    assert (far.reserve_a, far.reserve_b) == (held(pools.vm, "far_b"), held(pools.vm, "far_c"))
    assert far.reserve_a == 10**9 + amounts[1]


def test_an_exact_amount_at_the_end(pools: Market) -> None:
    names = {"pools": ["pool", "far"], "mint_in": "a"}
    amounts = quoted(pools, amm.quote_hops_exact_out(**names, amount_out=10**6))
    path = [*hop(*FIRST), *hop(*SECOND)]
    before = held(pools.vm, "ben_a"), held(pools.vm, "ben_c")
    accounts: dict[str, Any] = {"source": "ben_a", "destination": "ben_c", "owner": "ben"}
    call = amm.swap_hops_exact_out(
        **accounts, path=path, amount_out=10**6, amount_in_max=amounts[0]
    )
    pools.vm.send(call)
    assert held(pools.vm, "ben_a") == before[0] - amounts[0]
    assert held(pools.vm, "ben_c") == before[1] + 10**6
    with pools.vm.fails(AmmError.ExceededSlippage):
        pools.vm.send(call)


def test_a_limit(pools: Market) -> None:
    with pools.vm.fails(AmmError.ExceededSlippage):
        pools.vm.send(swap(FIRST, SECOND, amount_out_min=2 * 10**6))


def test_paths_that_lead_nowhere(pools: Market) -> None:
    whole = [*hop(*FIRST), *hop(*SECOND)]
    for path in ([], whole[:-1], [*hop(*FIRST), *hop("far", "far_c", "far_b")]):
        with pools.vm.fails(AmmError.InvalidPath):
            pools.vm.send(swap(path=path))
    with pools.vm.fails(AmmError.InvalidPath):
        pools.vm.send(swap(FIRST, ("pool", "pool_b", "pool_a"), destination="ben_a"))
    with pools.vm.fails(AmmError.InvalidPath, account="ann_a"):
        pools.vm.send(swap(("ann_a", "pool_a", "pool_b")))
    with pools.vm.fails(AmmError.InvalidPath):
        pools.vm.send(amm.quote_hops_exact_in(pools=[], mint_in="a", amount_in=5))
    with pools.vm.fails(AmmError.InvalidPath, account="far"):
        pools.vm.send(amm.quote_hops_exact_in(pools=["far"], mint_in="a", amount_in=5))
