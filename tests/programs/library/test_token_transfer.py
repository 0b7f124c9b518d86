"""Transfers and delegates: who may move what, and which check comes first."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sealane import Instruction, Pubkey, Runtime
from sealane.primitives.integers import U64_MAX
from sealane.programs.library.token import NATIVE_MINT_ID, AccountState, TokenAccount, token

BOB = Pubkey.of("bob")
RENT = 2_039_280
Error = Callable[..., str | None]
Put = Callable[..., Pubkey]
Tokens = Callable[[str], TokenAccount]


@pytest.fixture(autouse=True)
def two_accounts(put_mint: Put, put_tokens: Put) -> None:
    put_mint()
    put_tokens("source")
    put_tokens("destination", owner="bob", amount=5)


def move(amount: int, authority: str = "alice", to: str = "destination") -> Instruction:
    return token.transfer(source="source", destination=to, authority=authority, amount=amount)


def checked(amount: int = 1, *, mint: str = "usdc", decimals: int = 2) -> Instruction:
    return token.transfer_checked(
        source="source",
        mint=mint,
        destination="destination",
        authority="alice",
        amount=amount,
        decimals=decimals,
    )


def unsigned(call: Instruction) -> Instruction:
    metas = tuple(meta._replace(signer=False) for meta in call.accounts)
    return Instruction(call.program_id, metas, call.data)


@pytest.mark.parametrize("call", [move(30), checked(30)], ids=["3", "12"])
def test_tokens_move(call: Instruction, error_of: Error, tokens_in: Tokens) -> None:
    assert error_of(call) is None
    assert (tokens_in("source").amount, tokens_in("destination").amount) == (70, 35)


def test_the_whole_amount_and_one_more(error_of: Error, tokens_in: Tokens) -> None:
    assert error_of(move(101)) == "InsufficientFunds"
    assert error_of(move(100)) is None
    assert tokens_in("source").amount == 0


def test_an_amount_that_the_taker_cannot_hold(
    error_of: Error, put_tokens: Put, tokens_in: Tokens
) -> None:
    put_tokens("destination", amount=U64_MAX - 29)
    assert error_of(move(30)) == "Overflow"
    assert tokens_in("source").amount == 100
    assert error_of(move(29)) is None


@pytest.mark.parametrize("frozen", ["source", "destination"])
def test_neither_side_may_be_frozen(frozen: str, error_of: Error, put_tokens: Put) -> None:
    put_tokens(frozen, state=AccountState.Frozen)
    assert error_of(move(101)) == "AccountFrozen"  # before the amount is looked at


def test_both_sides_have_one_mint(error_of: Error, put_tokens: Put) -> None:
    put_tokens("destination", mint="other")
    assert error_of(move(101)) == "InsufficientFunds"
    assert error_of(move(1, "bob")) == "MintMismatch"  # before the authority is looked at


@pytest.mark.parametrize("name", ["source", "destination"])
def test_both_sides_are_initialized_token_accounts(
    name: str, runtime: Runtime, error_of: Error, put_tokens: Put
) -> None:
    put_tokens(name, state=AccountState.Uninitialized)
    assert error_of(move(1)) == "UninitializedAccount"
    runtime.set_account(name, owner="token", data=bytes(164))
    assert error_of(move(1)) == "InvalidAccountData"


def test_the_owner_decides_and_signs(error_of: Error) -> None:
    assert error_of(move(1, "bob")) == "OwnerMismatch"
    assert error_of(unsigned(move(1))) == "MissingRequiredSignature"
    assert error_of(unsigned(move(1, "bob"))) == "OwnerMismatch"


@pytest.mark.parametrize("name", ["source", "destination"])
def test_accounts_of_other_programs_are_not_written(
    name: str, error_of: Error, put_tokens: Put
) -> None:
    put_tokens(name, program="memo")
    assert error_of(move(1)) == "ExternalAccountDataModified"
    assert error_of(move(0)) == "IncorrectProgramId"


def test_a_transfer_to_itself_is_checked_and_changes_nothing(
    error_of: Error, put_tokens: Put, tokens_in: Tokens
) -> None:
    assert error_of(move(101, to="source")) == "InsufficientFunds"
    assert error_of(move(1, "bob", to="source")) == "OwnerMismatch"
    assert error_of(unsigned(move(1, to="source"))) == "MissingRequiredSignature"
    assert error_of(move(100, to="source")) is None
    put_tokens("source", delegate=BOB, delegated_amount=10)
    assert error_of(move(11, "bob", to="source")) == "InsufficientFunds"
    assert error_of(move(10, "bob", to="source")) is None
    assert tokens_in("source").delegated_amount == 10
    put_tokens("source", state=AccountState.Frozen)
    assert error_of(move(1, to="source")) == "AccountFrozen"
    put_tokens("source", program="memo")
    assert error_of(move(1, to="source")) == "IncorrectProgramId"


def test_checked_transfers_know_mint_and_decimals(
    runtime: Runtime, error_of: Error, put_mint: Put, put_tokens: Put
) -> None:
    put_mint("other")
    assert error_of(checked(mint="other")) == "MintMismatch"
    assert error_of(checked(decimals=3)) == "MintDecimalsMismatch"
    assert error_of(checked(101, decimals=3)) == "InsufficientFunds"
    put_mint(is_initialized=False)
    assert error_of(checked()) == "UninitializedAccount"
    runtime.set_account("usdc", owner="token", data=bytes(81))
    assert error_of(checked()) == "InvalidAccountData"


def test_native_tokens_take_their_lamports_along(
    runtime: Runtime, error_of: Error, put_tokens: Put
) -> None:
    put_tokens("source", mint=NATIVE_MINT_ID, is_native=RENT, lamports=RENT + 100)
    put_tokens("destination", mint=NATIVE_MINT_ID, is_native=RENT, lamports=RENT + 100)
    assert error_of(move(60)) is None
    assert runtime.account("source").lamports == RENT + 40
    assert runtime.account("destination").lamports == RENT + 160


def test_native_tokens_without_the_lamports(error_of: Error, put_tokens: Put) -> None:
    put_tokens("source", mint=NATIVE_MINT_ID, is_native=RENT, lamports=50)
    put_tokens("destination", mint=NATIVE_MINT_ID, is_native=RENT)
    assert error_of(move(60)) == "Overflow"


def test_native_lamports_that_the_taker_cannot_hold(error_of: Error, put_tokens: Put) -> None:
    put_tokens("source", mint=NATIVE_MINT_ID, is_native=RENT)
    put_tokens("destination", mint=NATIVE_MINT_ID, is_native=RENT, lamports=U64_MAX)
    assert error_of(move(60)) == "Overflow"


def test_a_delegate_spends_up_to_its_allowance(error_of: Error, tokens_in: Tokens) -> None:
    approve = token.approve(source="source", delegate="bob", authority="alice", amount=30)
    assert error_of(approve) is None
    assert error_of(move(31, "bob")) == "InsufficientFunds"
    assert error_of(move(20, "bob")) is None
    assert (tokens_in("source").delegate, tokens_in("source").delegated_amount) == (BOB, 10)
    assert error_of(move(10, "bob")) is None
    assert tokens_in("source").delegate is None
    assert error_of(move(0, "bob")) == "OwnerMismatch"


def test_the_owner_spends_without_touching_the_allowance(
    error_of: Error, put_tokens: Put, tokens_in: Tokens
) -> None:
    put_tokens("source", delegate=BOB, delegated_amount=30)
    assert error_of(move(100)) is None
    assert tokens_in("source").delegated_amount == 30


def test_an_owner_that_is_the_delegate_spends_the_allowance(
    error_of: Error, put_tokens: Put, tokens_in: Tokens
) -> None:
    put_tokens("source", delegate=Pubkey.of("alice"), delegated_amount=30)
    assert error_of(move(31)) == "InsufficientFunds"
    assert error_of(move(30)) is None
    assert tokens_in("source").delegate is None


def test_a_transfer_of_nothing_ends_an_empty_allowance(
    error_of: Error, put_tokens: Put, tokens_in: Tokens
) -> None:
    put_tokens("source", delegate=BOB, delegated_amount=0)
    assert error_of(move(0, "bob")) is None
    assert tokens_in("source").delegate is None


def test_approve_checks(error_of: Error, put_mint: Put, put_tokens: Put) -> None:
    approve = token.approve(source="source", delegate="bob", authority="bob", amount=1)
    assert error_of(approve) == "OwnerMismatch"
    put_mint("other")

    def approve_checked(mint: str, decimals: int) -> Instruction:
        return token.approve_checked(
            source="source",
            mint=mint,
            delegate="bob",
            authority="bob",
            amount=1,
            decimals=decimals,
        )

    assert error_of(approve_checked("other", 2)) == "MintMismatch"
    assert error_of(approve_checked("usdc", 3)) == "MintDecimalsMismatch"
    assert error_of(approve_checked("usdc", 2)) == "OwnerMismatch"
    put_tokens("source", state=AccountState.Frozen)
    assert error_of(approve) == "AccountFrozen"


@pytest.mark.parametrize("who", ["alice", "bob"])
def test_owner_and_delegate_may_revoke(
    who: str, runtime: Runtime, error_of: Error, put_tokens: Put, tokens_in: Tokens
) -> None:
    put_tokens("source", delegate=BOB, delegated_amount=30)
    assert error_of(token.revoke(source="source", authority="carol")) == "OwnerMismatch"
    call = token.revoke(source="source", authority=who)
    assert error_of(unsigned(call)) == "MissingRequiredSignature"
    assert error_of(call) is None
    assert (tokens_in("source").delegate, tokens_in("source").delegated_amount) == (None, 0)
    # The key of the delegate before stays in the bytes behind the empty tag.
    assert runtime.account("source").data[72:108] == bytes(4) + BOB


def test_a_frozen_account_keeps_its_delegate(error_of: Error, put_tokens: Put) -> None:
    put_tokens("source", delegate=BOB, delegated_amount=30, state=AccountState.Frozen)
    assert error_of(token.revoke(source="source", authority="carol")) == "AccountFrozen"


def test_revoke_looks_at_the_source_before_it_misses_an_authority(
    error_of: Error, put_tokens: Put
) -> None:
    call = token.revoke(source="source")
    assert error_of(call) == "NotEnoughAccountKeys"
    put_tokens("source", state=AccountState.Uninitialized)
    assert error_of(call) == "UninitializedAccount"


@pytest.mark.parametrize("tag", [3, 4, 7, 8])
def test_an_amount_has_eight_bytes(tag: int, error_of: Error) -> None:
    for data in (bytes((tag,)), bytes((tag,)) + bytes(7)):
        assert error_of(Instruction(token.id, (), data)) == "InvalidInstruction"
    assert error_of(Instruction(token.id, (), bytes((tag,)) + bytes(8))) == "NotEnoughAccountKeys"


@pytest.mark.parametrize("tag", [25, 37, 39, 44, 46, 254])
def test_other_tags_are_no_instruction(tag: int, error_of: Error) -> None:
    assert error_of(Instruction(token.id, (), bytes((tag,)))) == "InvalidInstruction"
