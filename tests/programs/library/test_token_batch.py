"""Several token instructions in one: all or nothing, and no way around the ownership rules."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sealane import AccountMeta, Instruction, Pubkey, Runtime
from sealane.programs.library.token import AccountState, TokenAccount, batch_of, token

Error = Callable[..., str | None]
Put = Callable[..., Pubkey]
Tokens = Callable[[str], TokenAccount]
RENT = 2_039_280


@pytest.fixture(autouse=True)
def accounts(put_mint: Put, put_tokens: Put) -> None:
    put_mint()
    for name in ("a", "b", "c"):
        put_tokens(name)


def move(source: str, destination: str, amount: int) -> Instruction:
    return token.transfer(source=source, destination=destination, authority="alice", amount=amount)


def raw(data: bytes, *names: str) -> Instruction:
    metas = tuple(AccountMeta(Pubkey.of(n), signer=True, writable=True) for n in names)
    return Instruction(token.id, metas, b"\xff" + data)


def test_the_parts_run_in_order(error_of: Error, tokens_in: Tokens) -> None:
    assert error_of(batch_of(move("a", "b", 100), move("b", "c", 150))) is None
    assert [tokens_in(name).amount for name in "abc"] == [0, 50, 250]


def test_one_part_that_fails_undoes_all(error_of: Error, tokens_in: Tokens) -> None:
    assert error_of(batch_of(move("a", "b", 100), move("b", "c", 201))) == "InsufficientFunds"
    assert [tokens_in(name).amount for name in "abc"] == [100, 100, 100]


def test_every_part_has_its_own_accounts(error_of: Error, tokens_in: Tokens) -> None:
    mixed = batch_of(
        token.mint_to(mint="usdc", account="a", authority="minter", amount=5),
        token.burn(account="b", mint="usdc", authority="alice", amount=5),
        token.approve(source="c", delegate="dora", authority="alice", amount=7),
    )
    assert error_of(mixed) is None
    assert [tokens_in(name).amount for name in "abc"] == [105, 95, 100]
    assert tokens_in("c").delegate == Pubkey.of("dora")


def test_a_mint_and_an_account_made_in_one_batch(
    runtime: Runtime, error_of: Error, tokens_in: Tokens
) -> None:
    runtime.set_account("mint", lamports=1_461_600, owner="token", data=bytes(82))
    runtime.set_account("new", lamports=RENT, owner="token", data=bytes(165))
    made = batch_of(
        token.initialize_mint2(mint="mint", decimals=0, mint_authority="alice"),
        token.initialize_account3(account="new", mint="mint", owner="alice"),
        token.mint_to(mint="mint", account="new", authority="alice", amount=3),
    )
    assert error_of(made) is None
    assert tokens_in("new").amount == 3


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", "InvalidInstruction"),
        (b"\x01", "InvalidInstruction"),
        (b"\x00\x00", "InvalidInstruction"),  # a part without data
        (b"\x01\x02\x11", "InvalidInstruction"),  # a part that is cut off
        (b"\x02\x01\x11", "NotEnoughAccountKeys"),
        (b"\x01\x01\x19", "InvalidInstruction"),  # no such instruction
        (b"\x00\x01\x05", "NotEnoughAccountKeys"),  # revoke without any account
        (b"\x00\x03\xff\x00\x00", "InvalidInstruction"),  # a batch in a batch
        (b"\x01\x01\x16\x01", "InvalidInstruction"),  # a second part that is cut off
    ],
)
def test_batches_that_make_no_sense(
    data: bytes, error: str, error_of: Error, put_tokens: Put
) -> None:
    put_tokens("a", state=AccountState.Uninitialized)
    assert error_of(raw(data, "a")) == error


def test_a_batch_holds_no_batch(error_of: Error) -> None:
    inner = batch_of(move("a", "b", 1))
    assert error_of(inner) is None
    assert error_of(batch_of(inner)) == "InvalidInstruction"


def test_accounts_beyond_the_last_part_are_ignored(error_of: Error, put_tokens: Put) -> None:
    put_tokens("a", state=AccountState.Uninitialized)
    assert error_of(raw(b"\x01\x01\x16", "a", "b", "c")) is None


@pytest.mark.parametrize(
    "part",
    [
        move("a", "b", 1),
        move("b", "a", 1),
        token.burn(account="a", mint="usdc", authority="alice", amount=1),
        token.approve(source="a", delegate="dora", authority="alice", amount=7),
        token.close_account(account="a", destination="bob", authority="alice"),
        token.withdraw_excess_lamports(source="a", destination="bob", authority="alice"),
        token.initialize_immutable_owner(account="a"),
    ],
    ids=["3", "3 to", "8", "4", "9", "38", "22"],
)
def test_parts_ask_whose_accounts_they_change(
    part: Instruction, error_of: Error, put_tokens: Put
) -> None:
    put_tokens("a", program="memo")
    assert error_of(batch_of(part)) == "IncorrectProgramId"


def test_a_batch_claims_no_more_than_its_parts() -> None:
    metas = batch_of(move("a", "b", 1), token.sync_native(account="c")).accounts
    assert [meta.signer for meta in metas] == [False, False, True, False]
    assert [meta.writable for meta in metas] == [True, True, False, True]
