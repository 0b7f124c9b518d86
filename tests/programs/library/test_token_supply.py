"""Making and burning tokens, freezing, closing, and handing rights over."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sealane import Instruction, Pubkey, Runtime
from sealane.primitives.integers import U64_MAX
from sealane.primitives.known_keys import INCINERATOR_ID
from sealane.programs.library import system
from sealane.programs.library.token import (
    NATIVE_MINT_ID,
    AccountState,
    AuthorityType,
    Mint,
    TokenAccount,
    token,
)

BOB = Pubkey.of("bob")
RENT = 2_039_280
Error = Callable[..., str | None]
Put = Callable[..., Pubkey]
Tokens = Callable[[str], TokenAccount]


@pytest.fixture(autouse=True)
def mint_and_account(put_mint: Put, put_tokens: Put) -> None:
    put_mint()
    put_tokens("account")


def supply(runtime: Runtime) -> int:
    return Mint.decode(runtime.account("usdc").data).supply


def make(amount: int, authority: str = "minter", decimals: int | None = None) -> Instruction:
    if decimals is None:
        return token.mint_to(mint="usdc", account="account", authority=authority, amount=amount)
    return token.mint_to_checked(
        mint="usdc", account="account", authority=authority, amount=amount, decimals=decimals
    )


def burn(amount: int, authority: str = "alice", decimals: int | None = None) -> Instruction:
    if decimals is None:
        return token.burn(account="account", mint="usdc", authority=authority, amount=amount)
    return token.burn_checked(
        account="account", mint="usdc", authority=authority, amount=amount, decimals=decimals
    )


def give(kind: AuthorityType, to: Pubkey | None, by: str, account: str = "account") -> Instruction:
    return token.set_authority(account=account, authority=by, authority_type=kind, new_authority=to)


def close(authority: str = "alice", destination: str | Pubkey = "bob") -> Instruction:
    return token.close_account(account="account", destination=destination, authority=authority)


def unsigned(call: Instruction) -> Instruction:
    metas = tuple(meta._replace(signer=False) for meta in call.accounts)
    return Instruction(call.program_id, metas, call.data)


@pytest.mark.parametrize("decimals", [None, 2])
def test_mint_to(
    decimals: int | None, runtime: Runtime, error_of: Error, tokens_in: Tokens
) -> None:
    assert error_of(make(7, decimals=decimals)) is None
    assert (supply(runtime), tokens_in("account").amount) == (1_007, 107)


def test_mint_to_checks(error_of: Error, put_mint: Put, put_tokens: Put) -> None:
    assert error_of(make(1, "alice")) == "OwnerMismatch"
    assert error_of(unsigned(make(1))) == "MissingRequiredSignature"
    assert error_of(make(1, "alice", decimals=3)) == "MintDecimalsMismatch"
    put_mint(mint_authority=None)
    assert error_of(make(1)) == "FixedSupply"
    put_mint(is_initialized=False)
    assert error_of(make(1)) == "UninitializedAccount"
    put_tokens("account", mint="other")
    assert error_of(make(1)) == "MintMismatch"
    put_tokens("account", mint="other", is_native=1)
    assert error_of(make(1)) == "NativeNotSupported"
    put_tokens("account", mint="other", is_native=1, state=AccountState.Frozen)
    assert error_of(make(1)) == "AccountFrozen"


def test_the_supply_fits_64_bits(error_of: Error, put_mint: Put) -> None:
    put_mint(supply=U64_MAX - 10)
    assert error_of(make(11)) == "Overflow"
    assert error_of(make(10)) is None


def test_minting_nothing_still_asks_whose_accounts_they_are(
    error_of: Error, put_mint: Put, put_tokens: Put
) -> None:
    assert error_of(make(0)) is None
    put_tokens("account", program="memo")
    assert error_of(make(0)) == "IncorrectProgramId"
    put_tokens("account")
    put_mint(owner="memo")
    assert error_of(make(0)) == "IncorrectProgramId"
    assert error_of(make(1)) == "ExternalAccountDataModified"


@pytest.mark.parametrize("decimals", [None, 2])
def test_burn(decimals: int | None, runtime: Runtime, error_of: Error, tokens_in: Tokens) -> None:
    assert error_of(burn(101, decimals=decimals)) == "InsufficientFunds"
    assert error_of(burn(100, decimals=decimals)) is None
    assert (supply(runtime), tokens_in("account").amount) == (900, 0)


def test_burn_checks(error_of: Error, put_mint: Put, put_tokens: Put) -> None:
    assert error_of(burn(1, "bob")) == "OwnerMismatch"
    assert error_of(unsigned(burn(1))) == "MissingRequiredSignature"
    assert error_of(burn(1, "bob", decimals=3)) == "MintDecimalsMismatch"
    put_tokens("account", mint="other")
    assert error_of(burn(1, "bob")) == "MintMismatch"
    assert error_of(burn(101, "bob")) == "InsufficientFunds"
    put_tokens("account", is_native=1)
    assert error_of(burn(101)) == "NativeNotSupported"
    put_tokens("account", is_native=1, state=AccountState.Frozen)
    assert error_of(burn(101)) == "AccountFrozen"
    put_mint(is_initialized=False)
    assert error_of(burn(101)) == "UninitializedAccount"  # before the account's state


def test_the_delegate_burns_its_allowance(
    error_of: Error, put_tokens: Put, tokens_in: Tokens
) -> None:
    put_tokens("account", delegate=BOB, delegated_amount=10)
    assert error_of(burn(11, "bob")) == "InsufficientFunds"
    assert error_of(unsigned(burn(4, "bob"))) == "MissingRequiredSignature"
    assert error_of(burn(4, "bob")) is None
    assert tokens_in("account").delegated_amount == 6
    assert error_of(burn(6, "bob")) is None
    assert tokens_in("account").delegate is None


def test_burning_nothing_still_asks_whose_accounts_they_are(
    error_of: Error, put_mint: Put, put_tokens: Put
) -> None:
    assert error_of(burn(0)) is None
    put_tokens("account", program="memo")
    assert error_of(burn(0)) == "IncorrectProgramId"
    assert error_of(burn(1)) == "ExternalAccountDataModified"
    put_tokens("account")
    put_mint(owner="memo")
    assert error_of(burn(0)) == "IncorrectProgramId"


def test_a_supply_that_is_smaller_than_what_is_burnt(error_of: Error, put_mint: Put) -> None:
    put_mint(supply=99)
    assert error_of(burn(100)) == "Overflow"
    assert error_of(burn(99)) is None


@pytest.mark.parametrize("owner", [Pubkey.of("system"), INCINERATOR_ID])
def test_anyone_clears_away_what_nobody_owns(
    owner: Pubkey, runtime: Runtime, error_of: Error, put_tokens: Put
) -> None:
    put_tokens("account", owner=owner, delegate=BOB, delegated_amount=1)
    assert error_of(unsigned(burn(100, "carol"))) is None
    assert error_of(close("carol")) == "InvalidAccountData"  # its lamports are nobody's too
    assert error_of(unsigned(close("carol", INCINERATOR_ID))) is None
    assert runtime.account(INCINERATOR_ID).lamports == RENT


def test_freeze_and_thaw(error_of: Error, put_tokens: Put, tokens_in: Tokens) -> None:
    freeze = token.freeze_account(account="account", mint="usdc", authority="freezer")
    thaw = token.thaw_account(account="account", mint="usdc", authority="freezer")
    assert error_of(thaw) == "InvalidState"
    assert error_of(unsigned(freeze)) == "MissingRequiredSignature"
    assert error_of(freeze) is None
    assert tokens_in("account").state is AccountState.Frozen
    assert error_of(freeze) == "InvalidState"
    assert error_of(thaw) is None
    assert tokens_in("account").state is AccountState.Initialized


def test_freeze_checks(error_of: Error, put_mint: Put, put_tokens: Put) -> None:
    freeze = token.freeze_account(account="account", mint="usdc", authority="alice")
    assert error_of(freeze) == "OwnerMismatch"
    put_mint(freeze_authority=None)
    assert error_of(freeze) == "MintCannotFreeze"
    put_tokens("account", mint="other")
    assert error_of(freeze) == "MintMismatch"
    put_tokens("account", mint="other", is_native=1)
    assert error_of(freeze) == "NativeNotSupported"


def test_a_new_owner_ends_the_delegation(
    error_of: Error, put_tokens: Put, tokens_in: Tokens
) -> None:
    put_tokens("account", delegate=BOB, delegated_amount=1, close_authority=BOB)
    assert error_of(give(AuthorityType.AccountOwner, None, "alice")) == "InvalidInstruction"
    assert error_of(give(AuthorityType.AccountOwner, None, "bob")) == "OwnerMismatch"
    assert error_of(give(AuthorityType.AccountOwner, BOB, "alice")) is None
    after = tokens_in("account")
    assert (after.token_owner, after.delegate, after.delegated_amount) == (BOB, None, 0)
    assert after.close_authority == BOB


def test_a_new_owner_of_native_tokens_ends_the_right_to_close(
    error_of: Error, put_tokens: Put, tokens_in: Tokens
) -> None:
    put_tokens("account", mint=NATIVE_MINT_ID, is_native=RENT, close_authority=BOB)
    assert error_of(give(AuthorityType.AccountOwner, BOB, "alice")) is None
    assert tokens_in("account").close_authority is None


def test_the_right_to_close(error_of: Error, put_tokens: Put, tokens_in: Tokens) -> None:
    assert error_of(give(AuthorityType.CloseAccount, BOB, "alice")) is None
    assert tokens_in("account").close_authority == BOB
    assert error_of(give(AuthorityType.CloseAccount, None, "alice")) == "OwnerMismatch"
    assert error_of(close("bob")) == "NonNativeHasBalance"
    assert error_of(burn(100)) is None
    assert error_of(close("alice")) == "OwnerMismatch"
    assert error_of(close("bob", "carol")) is None


def test_rights_over_a_mint(runtime: Runtime, error_of: Error) -> None:
    calls = [
        (AuthorityType.MintTokens, "minter", "FixedSupply"),
        (AuthorityType.FreezeAccount, "freezer", "MintCannotFreeze"),
    ]
    for kind, holder, gone in calls:
        assert error_of(give(kind, BOB, "alice", "usdc")) == "OwnerMismatch"
        assert error_of(give(kind, BOB, holder, "usdc")) is None
        assert error_of(give(kind, None, "bob", "usdc")) is None
        assert error_of(give(kind, BOB, "bob", "usdc")) == gone
    mint = Mint.decode(runtime.account("usdc").data)
    assert (mint.mint_authority, mint.freeze_authority) == (None, None)


def test_rights_that_the_account_does_not_have(
    runtime: Runtime, error_of: Error, put_tokens: Put
) -> None:
    unsupported = "AuthorityTypeNotSupported"
    assert error_of(give(AuthorityType.AccountOwner, BOB, "minter", "usdc")) == unsupported
    assert error_of(give(AuthorityType.CloseAccount, BOB, "minter", "usdc")) == unsupported
    assert error_of(give(AuthorityType.MintTokens, BOB, "alice")) == unsupported
    assert error_of(give(AuthorityType.FreezeAccount, BOB, "alice")) == unsupported
    put_tokens("account", state=AccountState.Frozen)
    assert error_of(give(AuthorityType.MintTokens, BOB, "alice")) == "AccountFrozen"
    runtime.set_account("account", owner="token", data=bytes(355))
    assert error_of(give(AuthorityType.AccountOwner, BOB, "alice")) == "InvalidArgument"


@pytest.mark.parametrize("tail", ["", "02", "0400", "0202", "0201" + "00" * 31])
def test_set_authority_on_the_wire(tail: str, error_of: Error) -> None:
    call = give(AuthorityType.AccountOwner, BOB, "alice")
    assert call.data == b"\x06\x02\x01" + BOB
    bad = Instruction(call.program_id, call.accounts, b"\x06" + bytes.fromhex(tail))
    assert error_of(bad) == "InvalidInstruction"


def test_a_closed_account_is_gone(runtime: Runtime, error_of: Error, put_tokens: Put) -> None:
    put_tokens("account", amount=0)
    assert error_of(unsigned(close())) == "MissingRequiredSignature"
    assert error_of(close(destination="account")) == "InvalidAccountData"
    assert error_of(close()) is None
    assert runtime.account("account") == (0, Pubkey.of("system"), b"", False)
    assert runtime.account("bob").lamports == RENT


def test_a_closed_account_that_is_funded_at_once_is_nobodys(
    runtime: Runtime, error_of: Error, put_tokens: Put
) -> None:
    put_tokens("account", amount=0)
    runtime.set_account("carol", lamports=5)
    revived = system.transfer(source="carol", destination="account", lamports=5)
    assert error_of(close(), revived) is None
    assert runtime.account("account") == (5, Pubkey.of("system"), b"", False)


def test_a_native_account_is_closed_with_its_tokens(
    runtime: Runtime, error_of: Error, put_tokens: Put
) -> None:
    put_tokens("account", mint=NATIVE_MINT_ID, is_native=RENT, lamports=RENT + 100)
    assert error_of(close()) is None
    assert runtime.account("bob").lamports == RENT + 100


def test_a_frozen_account_without_tokens_can_be_closed(error_of: Error, put_tokens: Put) -> None:
    put_tokens("account", amount=0, state=AccountState.Frozen)
    assert error_of(close()) is None


def test_lamports_that_the_destination_cannot_hold(
    runtime: Runtime, error_of: Error, put_tokens: Put
) -> None:
    put_tokens("account", amount=0)
    runtime.set_account("bob", lamports=U64_MAX)
    assert error_of(close()) == "Overflow"
