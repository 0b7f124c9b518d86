"""Columns of calls end as the same calls one by one, whatever is wrong with some of them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import strategies as st

from sealane import Account, Pubkey
from sealane.programs import InstructionSpec, Layout
from sealane.programs.library.stablecoin import (
    RAD,
    RAY,
    WAD,
    CoinBalance,
    CollateralBalance,
    CollateralType,
    DebtShard,
    Engine,
    Permission,
    Position,
    SavingsAccount,
    SavingsPot,
    SavingsShard,
    stablecoin,
)
from sealane.programs.library.token import AccountState, TokenAccount
from sealane.testing import BatchRow, assert_batch_matches_scalar

BATCHED = [spec for spec in stablecoin.instructions.values() if spec.batch_handler is not None]
U64_MAX, U256_MAX = 2**64 - 1, 2**256 - 1
RATES = [RAY, RAY, RAY * 3 // 2, U256_MAX]
AMOUNTS = [0, 1, WAD, 7 * WAD, 10 * WAD, 99 * WAD, U256_MAX]


@st.composite
def calls(draw: st.DrawFn, spec: InstructionSpec, number: int) -> BatchRow:
    """A call whose accounts mostly fit together, each relation broken now and then."""

    def mostly(value: Any, *others: Any) -> Any:
        return value if draw(st.integers(0, 19)) else draw(st.sampled_from(others))

    def key(name: str) -> str:
        return f"{name} {number}"

    rate = draw(st.sampled_from(RATES))
    user, stranger = key("user"), key("stranger")
    kind = {"collateral_type": mostly(key("type"), stranger)}
    held = {"holder": mostly(user, stranger)}
    debt = mostly(20 * WAD, 0, WAD)
    seeds = [b"authority", Pubkey.of(key("engine"))]
    authority, bump = Pubkey.find_program_address(seeds, stablecoin.id)

    def tokens(owner: str | Pubkey, amount: int) -> TokenAccount:
        mint = mostly(key("mint"), stranger)
        state = AccountState.Initialized
        return TokenAccount(mint=mint, token_owner=owner, amount=amount, state=state)

    states: dict[str, Layout] = {
        "engine": Engine(
            live=mostly(True, False),
            base_fee=mostly(0, 1),
            authority=authority,
            bump=mostly(bump, bump ^ 1),
        ),
        "collateral_type": CollateralType(
            engine=mostly(key("engine"), stranger),
            collateral_mint=key("mint"),
            scale=mostly(1, 10**12),
            rate=rate,
            fee=mostly(RAY, RAY + 1),
            updated_at=mostly(0, 1, -5),
            safe_price=mostly(2 * RAY, 0, U256_MAX),
            floor=mostly(RAD, 0, 15 * RAD),
        ),
        "shard": DebtShard(
            **kind,
            normalized_debt=mostly(debt * 3, 0, debt, U256_MAX),
            rate=mostly(rate, RAY // 2),
            ceiling=mostly(1_000 * RAD, 0, 61 * RAD),
        ),
        "position": Position(
            **kind,
            **held,
            shard=mostly(key("shard"), stranger),
            collateral=mostly(100 * WAD, 0, 10 * WAD, U256_MAX),
            normalized_debt=debt,
        ),
        "collateral_balance": CollateralBalance(**kind, **held, amount=mostly(50 * WAD, 0, 1)),
        "coin_balance": CoinBalance(
            engine=mostly(key("engine"), stranger), **held, coins=mostly(500 * RAD, 0, RAD)
        ),
        "pot": SavingsPot(engine=key("engine"), index=rate, updated_at=mostly(0, 1)),
        "savings": SavingsShard(pot=mostly(key("pot"), stranger), shares=60 * WAD, index=rate),
        "account": SavingsAccount(shard=mostly(key("savings"), stranger), **held, shares=20 * WAD),
        "permission": Permission(
            engine=key("engine"), grantor=user, grantee=user, allowed=mostly(False, True)
        ),
    }
    for name, owner in (("source", user), ("destination", user), ("vault", authority)):
        states[name] = tokens(mostly(owner, stranger), mostly(100 * WAD % 2**64, 1))
    states["balance"] = states["collateral_balance"]
    saves = "savings" in spec.name
    accounts: dict[str, Any] = {}
    for parameter in spec.accounts:
        name = "savings" if saves and parameter.name == "shard" else parameter.name
        if parameter.variadic:
            continue
        if name in states:
            where = "type" if name == "collateral_type" else name
            program = "token" if isinstance(states[name], TokenAccount) else "stablecoin"
            data = Account(10**7, Pubkey.of(program), states[name].encode())
            accounts[parameter.name] = (key(where), data)
        elif name == "authority":
            accounts[name] = (str(authority), Account(0))
        else:
            accounts[parameter.name] = (user, Account(1))
    signs = [1, -1] if spec.name == "adjust" else [1]
    limits = {"adjust": 2**255 - 1, "deposit_collateral": U64_MAX, "withdraw_collateral": U64_MAX}
    most = limits.get(spec.name, U256_MAX)
    amounts = {
        name: min(draw(st.sampled_from(AMOUNTS)), most) * draw(st.sampled_from(signs))
        for name in spec.codecs
    }
    return BatchRow(accounts, amounts)


@pytest.mark.parametrize("spec", BATCHED, ids=lambda spec: spec.name)
def test_columns_end_as_the_calls_one_by_one(spec: InstructionSpec) -> None:
    seen = assert_batch_matches_scalar(
        spec, rows=lambda number: calls(spec, number), examples=25, programs=[stablecoin]
    )
    assert seen.failures
