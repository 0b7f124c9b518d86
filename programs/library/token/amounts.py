"""Queries answered in return data: account sizes, and amounts as decimal text."""

from __future__ import annotations

import re
from typing import Final

from ....primitives.integers import U64_MAX
from ...kit import Context, InstructionErrors, RestStr, UncheckedAccount, fail, u64
from . import compute_units
from .checks import load_mint
from .program import token
from .state import TokenAccount

# Digits before and after the point together: enough for a number with 255 decimals.
_DIGITS_MAX: Final = 257
# An integer as Rust parses it: a plus sign is allowed.
_WHOLE: Final = re.compile(r"\+?[0-9]+", re.ASCII)


@token.instruction(tag=21, compute_units=compute_units.GET_ACCOUNT_DATA_SIZE)
def get_account_data_size(ctx: Context, mint: UncheckedAccount) -> None:
    """Return the size in bytes of an account of this mint, as u64."""
    load_mint(mint)
    ctx.set_return_data(TokenAccount.layout_size.to_bytes(8, "little"))


@token.instruction(tag=23, compute_units=compute_units.AMOUNT_TO_UI_AMOUNT)
def amount_to_ui_amount(ctx: Context, mint: UncheckedAccount, amount: u64) -> None:
    """Return the amount as text, with the mint's decimal point and no trailing zeros."""
    decimals = load_mint(mint).decimals
    ctx.set_return_data(write_ui_amount(amount, decimals).encode())


@token.instruction(tag=24, compute_units=compute_units.UI_AMOUNT_TO_AMOUNT)
def ui_amount_to_amount(ctx: Context, mint: UncheckedAccount, ui_amount: RestStr) -> None:
    """Return the amount, as u64, for a text with a decimal point."""
    decimals = load_mint(mint).decimals
    amount = read_ui_amount(ui_amount, decimals)
    if amount is None:
        fail(
            InstructionErrors.InvalidArgument, f"{ui_amount!r} is no amount of {decimals} decimals"
        )
    ctx.set_return_data(amount.to_bytes(8, "little"))


def write_ui_amount(amount: int, decimals: int) -> str:
    """
    >>> write_ui_amount(1_500, 3), write_ui_amount(7, 2), write_ui_amount(10, 0)
    ('1.5', '0.07', '10')
    """
    digits = str(amount).rjust(decimals + 1, "0")
    whole, fraction = digits[: len(digits) - decimals], digits[len(digits) - decimals :]
    fraction = fraction.rstrip("0")
    return f"{whole}.{fraction}" if fraction else whole


def read_ui_amount(text: str, decimals: int) -> int | None:
    """The amount for this text; None if it is invalid or out of range.

    >>> read_ui_amount("1.50", 2), read_ui_amount(".5", 1), read_ui_amount("1.234", 2)
    (150, 5, None)
    """
    whole, _, fraction = text.partition(".")
    fraction = fraction.rstrip("0")
    length = len(whole.encode())
    if not (whole or fraction) or len(fraction) > decimals or length + decimals > _DIGITS_MAX:
        return None
    digits = whole + fraction.ljust(decimals, "0")
    if not _WHOLE.fullmatch(digits):
        return None
    amount = int(digits)
    return amount if amount <= U64_MAX else None
