"""Wrapped lamports, and lamports that lie where they are of no use."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sealane import Instruction, Pubkey, Runtime
from sealane.programs import Rent, Sysvars
from sealane.programs.library.token import (
    NATIVE_MINT_ID,
    AccountState,
    AuthorityType,
    TokenAccount,
    token,
)

MINT_RENT, RENT, MULTISIG_RENT = 1_461_600, 2_039_280, 3_361_680
Error = Callable[..., str | None]
Put = Callable[..., Pubkey]
Tokens = Callable[[str], TokenAccount]


def unsigned(call: Instruction) -> Instruction:
    metas = tuple(meta._replace(signer=False) for meta in call.accounts)
    return Instruction(call.program_id, metas, call.data)


@pytest.fixture
def wrapped(put_tokens: Put) -> None:
    put_tokens("source", mint=NATIVE_MINT_ID, is_native=RENT, lamports=RENT + 100)


def unwrap(amount: int | None, authority: str = "alice", to: str = "bob") -> Instruction:
    return token.unwrap_lamports(
        source="source", destination=to, authority=authority, amount=amount
    )


def withdraw(authority: str, signers: tuple[str, ...] = (), to: str = "bob") -> Instruction:
    return token.withdraw_excess_lamports(
        source="source", destination=to, authority=authority, signers=signers
    )


@pytest.mark.parametrize(("lamports", "amount"), [(RENT + 150, 150), (RENT, 0), (RENT + 20, 20)])
def test_sync_makes_the_amount_what_the_lamports_say(
    lamports: int, amount: int, error_of: Error, put_tokens: Put, tokens_in: Tokens
) -> None:
    put_tokens("source", mint=NATIVE_MINT_ID, is_native=RENT, lamports=lamports)
    assert error_of(token.sync_native(account="source")) is None
    assert tokens_in("source").amount == amount


def test_sync_takes_the_rent_of_today(
    runtime: Runtime, error_of: Error, wrapped: None, tokens_in: Tokens
) -> None:
    runtime.sysvars = Sysvars(rent=Rent(lamports_per_byte_year=1_740))
    assert error_of(token.sync_native(account="source")) is None
    assert tokens_in("source").is_native == RENT // 2
    assert tokens_in("source").amount == RENT // 2 + 100


def test_sync_checks(error_of: Error, put_tokens: Put) -> None:
    sync = token.sync_native(account="source")
    put_tokens("source")
    assert error_of(sync) == "NonNativeNotSupported"
    put_tokens("source", is_native=RENT, lamports=RENT - 1)
    assert error_of(sync) == "Overflow"
    put_tokens("source", is_native=RENT, state=AccountState.Uninitialized)
    assert error_of(sync) == "UninitializedAccount"
    put_tokens("source", is_native=RENT, program="memo")
    assert error_of(sync) == "IncorrectProgramId"


def test_the_only_account_that_sync_takes_beside_is_the_rent_sysvar(
    error_of: Error, wrapped: None
) -> None:
    sync = token.sync_native(account="source")
    assert error_of(token.sync_native(account="source", rent="rent")) is None
    assert error_of(token.sync_native(account="source", rent="bob")) == "InvalidArgument"
    assert error_of(token.sync_native(account="bob", rent="bob")) == "IncorrectProgramId"
    assert len(sync.accounts) == 1


@pytest.mark.parametrize(("amount", "moved"), [(None, 100), (100, 100), (40, 40), (0, 0)])
def test_unwrap(
    amount: int | None,
    moved: int,
    runtime: Runtime,
    error_of: Error,
    wrapped: None,
    tokens_in: Tokens,
) -> None:
    assert error_of(unwrap(amount)) is None
    assert runtime.account("bob").lamports == moved
    assert runtime.account("source").lamports == RENT + 100 - moved
    assert tokens_in("source").amount == 100 - moved


def test_unwrap_on_the_wire() -> None:
    assert unwrap(None).data == b"\x2d\x00"
    assert unwrap(3).data == b"\x2d\x01\x03" + bytes(7)


@pytest.mark.parametrize("data", [b"\x2d", b"\x2d\x02", b"\x2d\x01" + bytes(7)])
def test_unwrap_data_that_does_not_decode(data: bytes, error_of: Error) -> None:
    assert error_of(Instruction(token.id, (), data)) == "InvalidInstruction"


def test_unwrap_checks(error_of: Error, wrapped: None, put_tokens: Put) -> None:
    assert error_of(unwrap(101)) == "InsufficientFunds"
    assert error_of(unwrap(101, "bob")) == "InsufficientFunds"  # before who asks is looked at
    assert error_of(unwrap(100, "bob")) == "OwnerMismatch"
    assert error_of(unsigned(unwrap(1))) == "MissingRequiredSignature"
    put_tokens("source")
    assert error_of(unwrap(1, "bob")) == "NonNativeNotSupported"
    put_tokens("source", is_native=RENT, amount=0, program="memo")
    assert error_of(unwrap(None)) == "IncorrectProgramId"


def test_a_delegate_unwraps_what_it_is_allowed(
    runtime: Runtime, error_of: Error, put_tokens: Put, tokens_in: Tokens
) -> None:
    put_tokens("source", is_native=RENT, lamports=RENT + 100, delegate="bob", delegated_amount=60)
    assert error_of(unwrap(61, "bob")) == "InsufficientFunds"
    assert error_of(unwrap(None, "bob")) == "InsufficientFunds"
    assert error_of(unsigned(unwrap(1, "bob"))) == "MissingRequiredSignature"
    assert error_of(unwrap(20, "bob")) is None
    assert (tokens_in("source").amount, tokens_in("source").delegated_amount) == (80, 40)
    assert error_of(unwrap(10)) is None  # the owner's own leave the allowance alone
    assert tokens_in("source").delegated_amount == 40
    assert error_of(unwrap(40, "bob")) is None
    assert tokens_in("source").delegate is None
    assert error_of(unwrap(1, "bob")) == "OwnerMismatch"
    assert runtime.account("bob").lamports == 70


def test_unwrapping_to_itself_leaves_lamports_for_the_next_sync(
    runtime: Runtime, error_of: Error, wrapped: None, tokens_in: Tokens
) -> None:
    assert error_of(unwrap(60, to="source")) is None
    assert tokens_in("source").amount == 40
    assert runtime.account("source").lamports == RENT + 100
    assert error_of(token.sync_native(account="source")) is None
    assert tokens_in("source").amount == 100


def test_withdraw_from_a_token_account(runtime: Runtime, error_of: Error, put_tokens: Put) -> None:
    put_tokens("source", lamports=RENT + 9)
    assert error_of(withdraw("bob")) == "OwnerMismatch"
    assert error_of(unsigned(withdraw("alice"))) == "MissingRequiredSignature"
    assert error_of(withdraw("alice")) is None
    assert (runtime.account("source").lamports, runtime.account("bob").lamports) == (RENT, 9)
    assert error_of(withdraw("alice")) is None  # nothing is left, and that is no error
    put_tokens("source", lamports=RENT - 1)
    assert error_of(withdraw("alice")) == "NotRentExempt"
    put_tokens("source", is_native=RENT)
    assert error_of(withdraw("alice")) == "NativeNotSupported"


def test_withdraw_from_a_mint(runtime: Runtime, error_of: Error, put_mint: Put) -> None:
    put_mint("source")
    runtime.set_account(
        "source", lamports=MINT_RENT + 9, owner="token", data=runtime.account("source").data
    )
    assert error_of(withdraw("alice")) == "OwnerMismatch"
    assert error_of(withdraw("minter")) is None
    assert runtime.account("bob").lamports == 9


def test_withdraw_from_a_mint_without_authority(error_of: Error, put_mint: Put) -> None:
    put_mint("source", mint_authority=None)
    assert error_of(withdraw("minter")) == "AuthorityTypeNotSupported"
    assert error_of(unsigned(withdraw("source"))) == "MissingRequiredSignature"
    assert error_of(withdraw("source")) is None


def test_withdraw_from_a_multisig(runtime: Runtime, error_of: Error, put_multisig: Put) -> None:
    put_multisig("source", 2, "a", "b")
    runtime.set_account(
        "source", lamports=MULTISIG_RENT + 9, owner="token", data=runtime.account("source").data
    )
    assert error_of(withdraw("a")) == "OwnerMismatch"
    assert error_of(withdraw("source", ("a",))) == "MissingRequiredSignature"
    assert error_of(withdraw("source", ("a", "b"))) is None
    assert runtime.account("bob").lamports == 9


def test_withdraw_from_what_holds_no_state(runtime: Runtime, error_of: Error) -> None:
    runtime.set_account("source", lamports=10**9, owner="token", data=bytes(83))
    assert error_of(withdraw("source")) == "InvalidState"


def test_withdraw_to_itself(runtime: Runtime, error_of: Error, put_tokens: Put) -> None:
    put_tokens("source", lamports=RENT + 9)
    assert error_of(withdraw("alice", to="source")) is None
    assert runtime.account("source").lamports == RENT + 9


def test_what_changes_nothing_may_be_asked_of_a_read_only_account(
    error_of: Error, put_tokens: Put
) -> None:
    put_tokens("plain", delegate="bob", delegated_amount=7)
    put_tokens("bare")
    put_tokens("source", mint=NATIVE_MINT_ID, is_native=RENT, lamports=RENT + 100)
    to_bob = {"source": "plain", "delegate": "bob", "authority": "alice"}
    closes = AuthorityType.CloseAccount
    unchanged = [
        token.sync_native(account="source"),
        token.revoke(source="bare", authority="alice"),
        token.approve(**to_bob, amount=7),
        token.set_authority(account="bare", authority="alice", authority_type=closes),
    ]
    changing = [
        token.revoke(source="plain", authority="alice"),
        token.approve(**to_bob, amount=8),
        token.set_authority(
            account="bare", authority="alice", authority_type=closes, new_authority="bob"
        ),
    ]
    for call in unchanged + changing:
        metas = tuple(meta._replace(writable=False) for meta in call.accounts)
        error = error_of(Instruction(call.program_id, metas, call.data))
        assert error == ("ReadonlyDataModified" if call in changing else None)
