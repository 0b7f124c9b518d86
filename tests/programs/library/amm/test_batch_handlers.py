"""Calls of a whole wave at once end as one by one, also those that fail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import strategies as st

from sealane.programs.kit.program.instruction import InstructionSpec
from sealane.programs.library.amm import amm
from sealane.testing import BatchRow, assert_batch_matches_scalar

from .batch_accounts import Desk

Rows = Callable[[int], st.SearchStrategy[BatchRow]]
U64_MAX = 2**64 - 1
EXAMPLES = 20
amounts = st.sampled_from([0, 1, 1_000, 10**6, 10**6, 10**9 - 1, 10**9, 10**15, U64_MAX])
reserves = st.sampled_from([0, 1, 10**9, 10**9, 7 * 10**12, 2**63])
sums = st.sampled_from([0, 0, 2**200, 2**256 - 1])
limits = st.sampled_from([0, 1, 10**8, U64_MAX])
funds = st.sampled_from([10**15, 10**9, 0])
states = st.fixed_dictionaries(
    {"reserve_a": reserves, "reserve_b": reserves, "price_a_sum": sums, "price_b_sum": sums}
)
liquid = st.fixed_dictionaries(
    {
        "reserve_a": st.sampled_from([10**9, 10**9, 7 * 10**12, 0]),
        "reserve_b": st.sampled_from([10**9, 2 * 10**9, 2**63, 0]),
        "supply": st.sampled_from([10**9, 10**9, 3 * 10**12, 0]),
        "last_product": st.sampled_from([0, 10**18, 10**18 - 10**15, 2**120]),
        "protocol_shares": st.sampled_from([0, 500]),
    }
)


def swaps(names: tuple[str, str]) -> Rows:
    """Rows of swaps; `names` of the two amounts."""

    def rows(number: int) -> st.SearchStrategy[BatchRow]:
        desk = Desk(number)

        def call(
            state: dict[str, Any], way: str, mine: int, given: int, limit: int, wrong: str | None
        ) -> BatchRow:
            held = {"a": state["reserve_a"], "b": state["reserve_b"]}
            paid, out = way
            accounts = desk.basics(desk.state(**state)) | {
                "vault_in": desk.vault(paid, held[paid]),
                "vault_out": desk.vault(out, held[out]),
                "source": desk.mine(paid, mine),
                "destination": desk.mine(out, 0),
            }
            if wrong is not None:
                accounts[wrong] = (f"wrong {number}", accounts[wrong][1])
            return BatchRow(accounts, dict(zip(names, (given, limit), strict=True)))

        wrong = st.sampled_from([None] * 9 + ["vault_in", "vault_out", "owner", "authority"])
        ways = st.sampled_from(["ab", "ba"])
        return st.builds(call, states, ways, funds, amounts, limits, wrong)

    return rows


def deposits(number: int) -> st.SearchStrategy[BatchRow]:
    desk = Desk(number)

    def call(
        state: dict[str, Any], fee_on: bool, given: tuple[int, int], limit: int, mine: int
    ) -> BatchRow:
        accounts = desk.liquidity(desk.state(**state), fee_on) | {
            "source_a": desk.mine("a", mine),
            "source_b": desk.mine("b", mine),
            "destination": desk.mine(desk.shares, 0),
        }
        limits = {"amount_a": given[0], "amount_b": given[1], "shares_min": limit}
        return BatchRow(accounts, limits)

    return st.builds(call, liquid, st.booleans(), st.tuples(amounts, amounts), limits, funds)


def withdrawals(number: int) -> st.SearchStrategy[BatchRow]:
    desk = Desk(number)

    def call(state: dict[str, Any], fee_on: bool, shares: int, limit: int, mine: int) -> BatchRow:
        accounts = desk.liquidity(desk.state(**state), fee_on) | {
            "source": desk.mine(desk.shares, mine),
            "destination_a": desk.mine("a", 0),
            "destination_b": desk.mine("b", 0),
        }
        limits = {"shares": shares, "amount_a_min": limit, "amount_b_min": 0}
        return BatchRow(accounts, limits)

    return st.builds(call, liquid, st.booleans(), amounts, limits, funds)


@pytest.mark.parametrize(
    ("instruction", "names"),
    [
        (amm.swap_exact_in, ("amount_in", "amount_out_min")),
        (amm.swap_exact_out, ("amount_out", "amount_in_max")),
    ],
)
def test_swaps(instruction: InstructionSpec, names: tuple[str, str]) -> None:
    seen = assert_batch_matches_scalar(instruction, rows=swaps(names), examples=EXAMPLES)
    # Fewer, where a price sum wraps.
    assert seen.succeeded >= seen.vectorized > 0
    assert "ExceededSlippage" in seen.failures


@pytest.mark.parametrize(("instruction", "rows"), [(amm.mint, deposits), (amm.burn, withdrawals)])
def test_liquidity(instruction: InstructionSpec, rows: Rows) -> None:
    seen = assert_batch_matches_scalar(instruction, rows=rows, examples=EXAMPLES)
    # Fewer, where the pool is empty.
    assert seen.succeeded >= seen.vectorized > 0
    assert "ExceededSlippage" in seen.failures
