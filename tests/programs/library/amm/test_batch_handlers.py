"""Swaps of a whole wave at once end as one by one, also those that fail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import strategies as st

from sealane import Account, Pubkey
from sealane.programs.kit.program.instruction import InstructionSpec
from sealane.programs.library.amm import AMM_ID, Pool, amm, pool_authority
from sealane.programs.library.amm.authority import found_authority
from sealane.programs.library.token import TOKEN_ID, AccountState, TokenAccount
from sealane.testing import BatchRow, assert_batch_matches_scalar

U64_MAX = 2**64 - 1
amounts = st.sampled_from([0, 1, 1_000, 10**6, 10**6, 10**9 - 1, 10**9, 10**15, U64_MAX])
reserves = st.sampled_from([0, 1, 10**9, 10**9, 7 * 10**12, 2**63])
sums = st.sampled_from([0, 0, 2**200, 2**256 - 1])


def tokens(mint: str, owner: str | Pubkey, amount: int) -> Account:
    held = TokenAccount(mint=mint, token_owner=owner, amount=amount, state=AccountState.Initialized)
    return Account(2_039_280, TOKEN_ID, held.encode())


def swaps(names: tuple[str, str]) -> Callable[[int], st.SearchStrategy[BatchRow]]:
    """Rows of swaps, each with a pool and a user of its own; `names` of the two amounts."""

    def rows(number: int) -> st.SearchStrategy[BatchRow]:
        pool, user = f"pool {number}", f"user {number}"
        authority = pool_authority(pool)
        fixed = {"mint_a": "a", "mint_b": "b", "vault_a": f"{pool} a", "vault_b": f"{pool} b"}
        # A hundred seconds ago, across the wrap of 32 bits.
        fixed |= {"bump": found_authority(Pubkey.of(pool))[1], "updated_at": 2**32 - 100}

        def call(
            state: dict[str, Any], way: str, funds: int, given: int, limit: int, wrong: str | None
        ) -> BatchRow:
            kept = Pool(**fixed, **state, fee_numerator=3, fee_denominator=1_000)
            held = {"a": state["reserve_a"], "b": state["reserve_b"]}
            paid, out = way
            accounts: dict[str, tuple[str, Account]] = {
                "pool": (pool, Account(1, AMM_ID, kept.encode())),
                "authority": (str(authority), Account()),
                "vault_in": (f"{pool} {paid}", tokens(paid, authority, held[paid])),
                "vault_out": (f"{pool} {out}", tokens(out, authority, held[out])),
                "source": (f"{user} {paid}", tokens(paid, user, funds)),
                "destination": (f"{user} {out}", tokens(out, user, 0)),
                "owner": (user, Account(1)),
            }
            if wrong is not None:
                accounts[wrong] = (f"wrong {number}", accounts[wrong][1])
            return BatchRow(accounts, dict(zip(names, (given, limit), strict=True)))

        state = st.fixed_dictionaries(
            {"reserve_a": reserves, "reserve_b": reserves, "price_a_sum": sums, "price_b_sum": sums}
        )
        wrong = st.sampled_from([None] * 9 + ["vault_in", "vault_out", "owner", "authority"])
        limit = st.sampled_from([0, 1, 10**8, U64_MAX])
        ways = st.sampled_from(["ab", "ba"])
        return st.builds(
            call, state, ways, st.sampled_from([10**15, 10**9, 0]), amounts, limit, wrong
        )

    return rows


@pytest.mark.parametrize(
    ("instruction", "names"),
    [
        (amm.swap_exact_in, ("amount_in", "amount_out_min")),
        (amm.swap_exact_out, ("amount_out", "amount_in_max")),
    ],
)
def test_swaps(instruction: InstructionSpec, names: tuple[str, str]) -> None:
    seen = assert_batch_matches_scalar(instruction, rows=swaps(names), examples=20)
    # Fewer, where a price sum wraps.
    assert seen.succeeded >= seen.vectorized > 0
    assert "ExceededSlippage" in seen.failures
