"""The batch handlers do what the scalar ones do, and do it for most calls."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from sealane import Account, Pubkey
from sealane.programs import Layout
from sealane.programs.library.staking import Flow, Kind, Pool, Position, staking
from sealane.programs.library.token import AccountState, TokenAccount, token
from sealane.testing import BatchRow, assert_batch_matches_scalar

SLOT = 0
AMOUNTS = st.sampled_from([0, 1, 3, 9, 30])


def held(value: Layout) -> Account:
    return Account(10_000_000, staking.id, value.encode())


def tokens(mint: str, owner: str | Pubkey, amount: int) -> Account:
    state = TokenAccount(
        mint=mint, token_owner=owner, amount=amount, state=AccountState.Initialized
    )
    return Account(2_039_280, token.id, state.encode())


def shared(draw: st.DrawFn, number: int, purpose: bytes) -> tuple[dict[str, Any], Pubkey]:
    """Pool, sums, position and holder; and the authority of the vaults of this purpose."""
    pool, flow, ann = f"pool {number}", f"flow {number}", f"ann {number}"
    authority, bump = Pubkey.find_program_address([purpose, Pubkey.of(pool)], staking.id)
    kind = draw(st.sampled_from([Kind.Farm, Kind.Stream]))
    state = Pool(
        flow=draw(st.sampled_from([flow, flow, flow, flow, "another"])),
        treasury=pool,
        stake_mint="lp",
        reward_mint="reward",
        kind=kind,
        authority=authority,
        bump=bump,
        reward_authority=authority,
        reward_bump=bump,
        accepts_stakes=draw(st.sampled_from([True, True, True, False])),
        precision=10**12 if kind == Kind.Farm else 10**18,
        index=draw(st.sampled_from([0, 10**18 // 3, 10**19, 2**120])),
        refreshed_slot=draw(st.sampled_from([SLOT, SLOT, SLOT, SLOT + 1])),
    )
    holder = draw(st.sampled_from([ann, ann, ann, ann, "ben"]))
    amount = draw(st.sampled_from([0, 3, 20, 2**64 - 5]))
    position = Position(pool=pool, holder=holder, amount=amount, owed=2)
    accounts: dict[str, Any] = {
        "pool": (pool, held(state)),
        "flow": (flow, held(Flow(pool=pool, staked=2**40))),
        "position": (f"position {number}", held(position)),
        "holder": (ann, Account(1)),
    }
    return accounts, authority


@st.composite
def stakes(draw: st.DrawFn, number: int) -> BatchRow:
    accounts, authority = shared(draw, number, b"stakes")
    owner = draw(st.sampled_from([authority, authority, authority, "ben"]))
    accounts |= {
        "source": (f"source {number}", tokens("lp", f"ann {number}", 20)),
        "vault": (f"vault {number}", tokens("lp", owner, 5)),
    }
    return BatchRow(accounts, {"amount": draw(AMOUNTS)})


def leaving(draw: st.DrawFn, number: int, purpose: bytes, mint: str) -> dict[str, Any]:
    accounts, authority = shared(draw, number, purpose)
    owner = draw(st.sampled_from([authority, authority, authority, "ben"]))
    return accounts | {
        "authority": (authority, Account(0)),
        "vault": (f"vault {number}", tokens(mint, owner, 50)),
        "destination": (f"destination {number}", tokens(mint, f"ann {number}", 5)),
    }


@st.composite
def withdrawals(draw: st.DrawFn, number: int) -> BatchRow:
    return BatchRow(leaving(draw, number, b"stakes", "lp"), {"amount": draw(AMOUNTS)})


@st.composite
def claims(draw: st.DrawFn, number: int) -> BatchRow:
    return BatchRow(leaving(draw, number, b"rewards", "reward"), {})


def test_stakes() -> None:
    seen = assert_batch_matches_scalar(staking.stake, rows=stakes)
    assert seen.vectorized > seen.succeeded // 2 > 0
    assert {"StalePool", "ZeroStake", "Paused", "InvalidVault"} <= set(seen.failures)


def test_withdrawals() -> None:
    seen = assert_batch_matches_scalar(staking.withdraw, rows=withdrawals)
    assert seen.vectorized > seen.succeeded // 2 > 0
    assert {"ZeroWithdrawal", "InsufficientStake", "NotHolder"} <= set(seen.failures)


def test_claims() -> None:
    seen = assert_batch_matches_scalar(staking.claim, rows=claims)
    assert seen.vectorized > seen.succeeded // 2 > 0
    assert {"NotHolder", "WrongAccount"} <= set(seen.failures)
