"""Amounts as text: what the token program returns, to the letter."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane import Instruction, Pubkey, Receipt, Runtime
from sealane.primitives.integers import U64_MAX
from sealane.programs.library.token import token
from sealane.programs.library.token.amounts import read_ui_amount, write_ui_amount

Error = Callable[..., str | None]
Put = Callable[..., Pubkey]
Send = Callable[..., Receipt]


@pytest.mark.parametrize(
    ("amount", "decimals", "text"),
    [
        (1, 0, "1"),
        (10, 0, "10"),
        (0, 9, "0"),
        (1, 9, "0.000000001"),
        (42_000_000, 9, "0.042"),
        (1_000_000_000, 9, "1"),
        (110, 2, "1.1"),
        (U64_MAX, 9, "18446744073.709551615"),
        (1, 255, "0." + "0" * 254 + "1"),
    ],
)
def test_amount_to_ui_amount(
    amount: int, decimals: int, text: str, send: Send, put_mint: Put
) -> None:
    put_mint(decimals=decimals)
    receipt = send(token.amount_to_ui_amount(mint="usdc", amount=amount))
    assert receipt.return_data == text.encode()


@pytest.mark.parametrize(
    ("text", "decimals", "amount"),
    [
        ("1", 0, 1),
        ("1.", 2, 100),
        ("1.50", 2, 150),
        ("1.1000", 2, 110),
        (".5", 1, 5),
        ("0.042", 9, 42_000_000),
        ("0", 0, 0),
        ("007", 0, 7),
        ("+1", 2, 100),  # what the reference's own number parser takes
        ("18446744073.709551615", 9, U64_MAX),
        ("0" * 200 + "1", 56, 10**56 if U64_MAX >= 10**56 else None),
        ("18446744073709551616", 0, None),
        ("1.123", 2, None),
        ("1.1.1", 9, None),
        ("", 9, None),
        (".", 9, None),
        (".0", 9, None),
        ("-1", 9, None),
        ("1e3", 9, None),
        ("1_000", 9, None),
        (" 1", 9, None),
        ("1\n", 9, None),
        ("٣", 0, None),
        ("1", 255, None),
        ("0" * 257, 0, 0),
        ("0" * 258, 0, None),
    ],
)
def test_ui_amount_to_amount(
    text: str, decimals: int, amount: int | None, send: Send, put_mint: Put
) -> None:
    put_mint(decimals=decimals)
    receipt = send(token.ui_amount_to_amount(mint="usdc", ui_amount=text))
    if amount is None:
        assert receipt.error is not None
        assert receipt.error.name == "InvalidArgument"
    else:
        assert receipt.return_data == amount.to_bytes(8, "little")


@given(st.integers(0, U64_MAX), st.integers(0, 255))
def test_what_is_written_is_read_back(amount: int, decimals: int) -> None:
    text = write_ui_amount(amount, decimals)
    assert not text.startswith(".")
    assert read_ui_amount(text, decimals) == amount


def test_text_that_is_not_utf8(error_of: Error) -> None:
    assert error_of(Instruction(token.id, (), b"\x18\xff")) == "InvalidInstruction"


def test_the_size_of_an_account(send: Send, put_mint: Put) -> None:
    put_mint()
    receipt = send(token.get_account_data_size(mint="usdc"))
    assert receipt.return_data == (165).to_bytes(8, "little")


@pytest.mark.parametrize(
    "call",
    [
        token.get_account_data_size(mint="usdc"),
        token.amount_to_ui_amount(mint="usdc", amount=1),
        token.ui_amount_to_amount(mint="usdc", ui_amount="nonsense"),
    ],
    ids=["21", "23", "24"],
)
def test_the_mint_is_one(
    call: Instruction, runtime: Runtime, error_of: Error, put_mint: Put
) -> None:
    put_mint(owner="memo")
    assert error_of(call) == "IncorrectProgramId"
    put_mint(is_initialized=False)
    assert error_of(call) == "InvalidMint"
    runtime.set_account("usdc", owner="token", data=bytes(165))
    assert error_of(call) == "InvalidMint"
