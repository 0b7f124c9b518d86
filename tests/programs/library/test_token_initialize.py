"""Mints, token accounts and multisigs coming into being."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sealane import Instruction, Pubkey, Receipt, Runtime
from sealane.programs.library.token import (
    NATIVE_MINT_ID,
    AccountState,
    Mint,
    Multisig,
    TokenAccount,
    token,
)

ALICE, BOB = Pubkey.of("alice"), Pubkey.of("bob")
MINT_RENT, ACCOUNT_RENT, MULTISIG_RENT = 1_461_600, 2_039_280, 3_361_680
Error = Callable[..., str | None]
Put = Callable[..., Pubkey]

MINTS = [
    token.initialize_mint(mint="new", decimals=6, mint_authority=ALICE, freeze_authority=BOB),
    token.initialize_mint2(mint="new", decimals=6, mint_authority=ALICE, freeze_authority=BOB),
]
ACCOUNTS = [
    token.initialize_account(account="new", mint="usdc", owner="alice"),
    token.initialize_account2(account="new", mint="usdc", owner="alice"),
    token.initialize_account3(account="new", mint="usdc", owner="alice"),
]


def with_accounts(call: Instruction, **replaced: str) -> Instruction:
    """The call with other accounts in place of those of these names."""
    keys = {Pubkey.of(old): Pubkey.of(new) for old, new in replaced.items()}
    metas = tuple(meta._replace(key=keys.get(meta.key, meta.key)) for meta in call.accounts)
    return Instruction(call.program_id, metas, call.data)


@pytest.mark.parametrize("call", MINTS, ids=["0", "20"])
def test_initialize_mint(call: Instruction, runtime: Runtime, error_of: Error) -> None:
    runtime.set_account("new", lamports=MINT_RENT - 1, owner="token", data=bytes(82))
    assert error_of(call) == "NotRentExempt"
    runtime.set_account("new", lamports=MINT_RENT, owner="token", data=bytes(82))
    assert error_of(call) is None
    made = Mint(mint_authority=ALICE, decimals=6, is_initialized=True, freeze_authority=BOB)
    assert runtime.account("new").data == made.encode()
    assert error_of(call) == "AlreadyInUse"


def test_initialize_mint_on_the_wire() -> None:
    assert MINTS[0].data == b"\x00\x06" + ALICE + b"\x01" + BOB
    without = token.initialize_mint2(mint="new", decimals=6, mint_authority=ALICE)
    assert without.data == b"\x14\x06" + ALICE + b"\x00"


@pytest.mark.parametrize(
    ("tail", "error"),
    [
        (b"\x06" + ALICE + b"\x02" + BOB, "InvalidInstruction"),
        (b"\x06" + ALICE + b"\x01" + BOB[:31], "InvalidInstruction"),
        (b"\x06" + ALICE, "InvalidInstruction"),
        (b"\x06" + ALICE + b"\x00", "NotEnoughAccountKeys"),
    ],
)
def test_data_is_read_before_accounts_are_counted(tail: bytes, error: str, error_of: Error) -> None:
    assert error_of(Instruction(token.id, (), b"\x14" + tail)) == error


@pytest.mark.parametrize("length", [0, 81, 83, 165, 355])
def test_a_mint_has_82_bytes(length: int, runtime: Runtime, error_of: Error) -> None:
    runtime.set_account("new", lamports=10**9, owner="token", data=bytes(length))
    assert error_of(MINTS[1]) == "InvalidAccountData"


@pytest.mark.parametrize("call", [MINTS[0], ACCOUNTS[0], ACCOUNTS[1]], ids=["0", "1", "16"])
def test_the_rent_sysvar_is_checked_first(call: Instruction, error_of: Error) -> None:
    assert error_of(with_accounts(call, rent="clock")) == "InvalidArgument"


@pytest.mark.parametrize("call", ACCOUNTS, ids=["1", "16", "18"])
def test_initialize_account(
    call: Instruction, runtime: Runtime, error_of: Error, put_mint: Put
) -> None:
    put_mint()
    runtime.set_account("new", lamports=ACCOUNT_RENT - 1, owner="token", data=bytes(165))
    assert error_of(call) == "NotRentExempt"
    runtime.set_account("new", lamports=ACCOUNT_RENT, owner="token", data=bytes(165))
    assert error_of(call) is None
    made = TokenAccount(mint="usdc", owner=ALICE, state=AccountState.Initialized)
    assert runtime.account("new").data == made.encode()
    assert error_of(call) == "AlreadyInUse"


def test_an_account_needs_a_mint(runtime: Runtime, error_of: Error, put_mint: Put) -> None:
    call = ACCOUNTS[2]
    runtime.set_account("new", lamports=ACCOUNT_RENT, owner="token", data=bytes(165))
    assert error_of(call) == "IncorrectProgramId"
    put_mint(owner="system")
    assert error_of(call) == "IncorrectProgramId"
    put_mint(is_initialized=False)
    assert error_of(call) == "InvalidMint"
    runtime.set_account("usdc", owner="token", data=bytes(165))
    assert error_of(call) == "InvalidMint"


@pytest.mark.parametrize("data", [bytes(164), bytes(166), bytes(108) + b"\x03" + bytes(56)])
def test_an_account_has_165_bytes_and_a_known_state(
    data: bytes, runtime: Runtime, error_of: Error, put_mint: Put
) -> None:
    put_mint()
    runtime.set_account("new", lamports=10**9, owner="token", data=data)
    assert error_of(ACCOUNTS[2]) == "InvalidAccountData"


def test_a_native_account_holds_what_it_has_beyond_rent(runtime: Runtime, error_of: Error) -> None:
    runtime.set_account("new", lamports=ACCOUNT_RENT + 77, owner="token", data=bytes(165))
    call = token.initialize_account3(account="new", mint=NATIVE_MINT_ID, owner="alice")
    assert error_of(call) is None  # the native mint itself is not looked at
    made = TokenAccount.decode(runtime.account("new").data)
    assert (made.amount, made.is_native) == (77, ACCOUNT_RENT)


def test_what_lies_in_a_fresh_account_is_cleared(
    runtime: Runtime, error_of: Error, put_mint: Put, put_tokens: Put
) -> None:
    put_mint()
    put_tokens(
        "new",
        state=AccountState.Uninitialized,
        delegate=BOB,
        delegated_amount=5,
        close_authority=BOB,
        is_native=9,
    )
    assert error_of(ACCOUNTS[2]) is None
    made = TokenAccount.decode(runtime.account("new").data)
    assert made == TokenAccount(mint="usdc", owner=ALICE, state=AccountState.Initialized)


def test_immutable_owner_is_only_for_fresh_accounts(
    runtime: Runtime, error_of: Error, send: Callable[..., Receipt], put_tokens: Put
) -> None:
    call = token.initialize_immutable_owner(account="new")
    put_tokens("new")
    assert error_of(call) == "AlreadyInUse"
    runtime.set_account("new", data=bytes(165))  # whose account it is does not matter
    assert send(call).logs == (
        "Program log: Please upgrade to SPL Token 2022 for immutable owner support",
    )
    runtime.set_account("new", data=bytes(164))
    assert error_of(call) == "InvalidAccountData"


def multisig(m: int, count: int, *, old: bool = False) -> Instruction:
    signers = [f"s{i}" for i in range(count)]
    build = token.initialize_multisig if old else token.initialize_multisig2
    return build(multisig="new", signers=signers, m=m)


@pytest.mark.parametrize("old", [True, False])
@pytest.mark.parametrize(("m", "count"), [(1, 1), (11, 11), (11, 1)])
def test_initialize_multisig(
    m: int, count: int, old: bool, runtime: Runtime, error_of: Error
) -> None:
    runtime.set_account("new", lamports=MULTISIG_RENT, owner="token", data=bytes(355))
    assert error_of(multisig(m, count, old=old)) is None
    made = Multisig.decode(runtime.account("new").data)
    assert (made.m, made.n, made.is_initialized) == (m, count, True)
    assert made.signers[:count] == tuple(Pubkey.of(f"s{i}") for i in range(count))
    assert error_of(multisig(m, count, old=old)) == "AlreadyInUse"


@pytest.mark.parametrize(
    ("m", "count", "error"),
    [
        (1, 0, "InvalidNumberOfProvidedSigners"),
        (1, 12, "InvalidNumberOfProvidedSigners"),
        (0, 1, "InvalidNumberOfRequiredSigners"),
        (12, 11, "InvalidNumberOfRequiredSigners"),
        (0, 0, "InvalidNumberOfProvidedSigners"),
    ],
)
def test_a_multisig_has_1_to_11_of_each(
    m: int, count: int, error: str, runtime: Runtime, error_of: Error
) -> None:
    runtime.set_account("new", lamports=MULTISIG_RENT, owner="token", data=bytes(355))
    assert error_of(multisig(m, count)) == error


def test_a_multisig_pays_its_rent_and_has_355_bytes(runtime: Runtime, error_of: Error) -> None:
    runtime.set_account("new", lamports=MULTISIG_RENT - 1, owner="token", data=bytes(355))
    assert error_of(multisig(1, 1)) == "NotRentExempt"
    runtime.set_account("new", lamports=MULTISIG_RENT, owner="token", data=bytes(354))
    assert error_of(multisig(1, 1)) == "InvalidAccountData"
