"""A chain of one process, and accounts of the token program put straight into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sealane import Account, Instruction, Pubkey, Receipt, Runtime, Transaction
from sealane.programs.library.token import AccountState, Mint, Multisig, TokenAccount

MINT_RENT = 1_461_600
ACCOUNT_RENT = 2_039_280
MULTISIG_RENT = 3_361_680


@pytest.fixture
def runtime() -> Iterator[Runtime]:
    with Runtime(workers=0) as runtime:
        yield runtime


@pytest.fixture
def send(runtime: Runtime) -> Callable[..., Receipt]:
    """Execute instructions as one transaction."""

    def send(*instructions: Instruction) -> Receipt:
        return runtime.execute([Transaction(instructions, payer="payer")]).transactions[0]

    return send


@pytest.fixture
def error_of(send: Callable[..., Receipt]) -> Callable[..., str | None]:
    """Execute instructions as one transaction; the name of what failed it, None if nothing did."""

    def error_of(*instructions: Instruction) -> str | None:
        receipt = send(*instructions)
        return None if receipt.error is None else receipt.error.name

    return error_of


@pytest.fixture
def put_mint(runtime: Runtime) -> Callable[..., Pubkey]:
    def put_mint(name: str = "usdc", *, owner: str = "token", **fields: Any) -> Pubkey:
        values: dict[str, Any] = {
            "mint_authority": Pubkey.of("minter"),
            "supply": 1_000,
            "decimals": 2,
            "is_initialized": True,
            "freeze_authority": Pubkey.of("freezer"),
        }
        data = Mint(**values | fields)
        return runtime.set_account(name, lamports=MINT_RENT, owner=owner, data=data)

    return put_mint


@pytest.fixture
def put_tokens(runtime: Runtime) -> Callable[..., Pubkey]:
    """Put a token account of 100 usdc of alice's in place, or one that differs as said."""

    def put_tokens(
        name: str, *, lamports: int = ACCOUNT_RENT, program: str = "token", **fields: Any
    ) -> Pubkey:
        values: dict[str, Any] = {
            "mint": "usdc",
            "owner": "alice",
            "amount": 100,
            "state": AccountState.Initialized,
        }
        data = TokenAccount(**values | fields)
        return runtime.set_account(name, lamports=lamports, owner=program, data=data)

    return put_tokens


@pytest.fixture
def put_multisig(runtime: Runtime) -> Callable[..., Pubkey]:
    def put_multisig(name: str, m: int, *members: str, owner: str = "token") -> Pubkey:
        signers = [Pubkey.of(member) for member in members]
        padding = [Pubkey(bytes(32))] * (11 - len(signers))
        data = Multisig(m=m, n=len(signers), is_initialized=True, signers=[*signers, *padding])
        return runtime.set_account(name, lamports=MULTISIG_RENT, owner=owner, data=data)

    return put_multisig


@pytest.fixture
def tokens_in(runtime: Runtime) -> Callable[..., TokenAccount]:
    """The token account under a name, as it is now."""

    def tokens_in(name: str) -> TokenAccount:
        state: Account = runtime.account(name)
        return TokenAccount.decode(state.data)

    return tokens_in
