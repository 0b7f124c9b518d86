"""Calls of a whole wave at once end as one by one, also those that fail."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import strategies as st

from sealane import Account, Pubkey
from sealane.programs import InstructionSpec
from sealane.programs.library.authorities import found_authority
from sealane.programs.library.vault import NO_LIMIT, Vault, vault
from sealane.testing import BatchRow, assert_batch_matches_scalar

from .batch_accounts import held, minted, tokens

AMOUNTS = st.sampled_from([60, 70, 80, 900, 1_000, 0, 50_000, 2**62])
EXAMPLES = 20


states = st.fixed_dictionaries(
    {
        "idle": st.sampled_from([10**6, 10**6, 10**12, 0]),
        "debt": st.sampled_from([0, 5, 10**9]),
        "shares": st.sampled_from([10**6, 10**6, 1_000, 2**63]),
        "virtual_shares": st.sampled_from([0, 1, 1, 10**6]),
        "assets_max": st.sampled_from([NO_LIMIT, NO_LIMIT, 20_000]),
        "entry_fee_bps": st.sampled_from([0, 37]),
        "exit_fee_bps": st.sampled_from([0, 500]),
        "profit_locked": st.sampled_from([0, 0, 7]),
        "unlock_until": st.sampled_from([0, 2**40]),
    }
)
wrongs = st.sampled_from([None] * 7 + ["idle_vault", "owner", "share_mint"])


@st.composite
def moves(draw: st.DrawFn, number: int, names: tuple[str, str], entering: bool) -> BatchRow:
    name, ann = f"vault {number}", f"ann {number}"
    authority, bump = found_authority(Pubkey.of(name), vault.id)
    state = draw(states)
    books = Vault(
        asset_mint="usd",
        share_mint=f"shares {number}",
        idle_vault=f"idle {number}",
        bump=bump,
        virtual_assets=min(state["virtual_shares"], 1),
        **state,
    )
    mine = {
        "usd": (f"usd {number}", tokens("usd", ann, 60_000)),
        "shares": (f"mine {number}", tokens(f"shares {number}", ann, 1_000)),
    }
    accounts: dict[str, Any] = {
        "vault": (name, held(books)),
        "authority": (str(authority), Account()),
        "idle_vault": (f"idle {number}", tokens("usd", authority, state["idle"])),
        "share_mint": (f"shares {number}", minted(authority, state["shares"])),
        "source": mine["usd" if entering else "shares"],
        "destination": mine["shares" if entering else "usd"],
        "owner": (ann, Account(1)),
    }
    wrong = draw(wrongs)
    if wrong is not None:
        accounts[wrong] = (f"wrong {number}", accounts[wrong][1])
    limit = 0 if names[1].endswith("_min") else 2**64 - 1
    limits = st.sampled_from([limit, limit, limit, 50])
    return BatchRow(accounts, {names[0]: draw(AMOUNTS), names[1]: draw(limits)})


@pytest.mark.parametrize(
    ("instruction", "names", "entering"),
    [
        (vault.deposit, ("assets", "shares_min"), True),
        (vault.mint, ("shares", "assets_max"), True),
        (vault.withdraw, ("assets", "shares_max"), False),
        (vault.redeem, ("shares", "assets_min"), False),
    ],
)
def test_moves(instruction: InstructionSpec, names: tuple[str, str], entering: bool) -> None:
    seen = assert_batch_matches_scalar(
        instruction, rows=lambda number: moves(number, names, entering), examples=EXAMPLES
    )
    # Fewer than succeed, where nothing moves.
    assert seen.succeeded >= seen.vectorized > seen.succeeded // 3 > 0
    assert "WrongTokens" in seen.failures
