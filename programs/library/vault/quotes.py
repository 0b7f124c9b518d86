"""What a vault would do, without doing it: figures as return data."""

from __future__ import annotations

from enum import IntEnum

from ...kit import Context, Layout, u64
from ..token import TokenAccount
from .books import book_of
from .pricing import (
    deposit_max,
    deposit_move,
    mint_max,
    mint_move,
    redeem_move,
    withdraw_max,
    withdraw_move,
)
from .program import vault as program
from .state import Vault


class Operation(IntEnum):
    """The four ways in and out: of deposits and withdrawals the assets are given, else shares."""

    Deposit = 0
    Mint = 1
    Withdraw = 2
    Redeem = 3


_MOVES = {
    Operation.Deposit: deposit_move,
    Operation.Mint: mint_move,
    Operation.Withdraw: withdraw_move,
    Operation.Redeem: redeem_move,
}


class Quote(Layout):
    """Assets that a user pays or gets, the shares for them, and the fee."""

    assets: u64
    shares: u64
    fee: u64


class Limits(Layout):
    """The most that each of the four takes; what strategies have must be repaid first."""

    deposit: u64
    mint: u64
    withdraw: u64
    redeem: u64


class Worth(Layout):
    """What shares are worth and assets buy, without fees; and all there is."""

    assets: u64
    shares: u64
    total_assets: u64
    total_shares: u64


@program.instruction(tag=14)
def quote(ctx: Context, vault: Vault, operation: Operation, amount: u64) -> None:
    """What a deposit, mint, withdrawal or redemption of this amount comes to: a `Quote`."""
    assets, shares, fee = _MOVES[operation](book_of(vault, ctx.clock.unix_timestamp), amount)
    ctx.set_return_data(Quote(assets=assets, shares=shares, fee=fee).encode())


@program.instruction(tag=15)
def limits(ctx: Context, vault: Vault, held: TokenAccount) -> None:
    """The most that the owner of these shares may move: `Limits`."""
    book = book_of(vault, ctx.clock.unix_timestamp)
    ctx.set_return_data(
        Limits(
            deposit=deposit_max(book, vault.assets_max),
            mint=mint_max(book, vault.assets_max),
            withdraw=withdraw_max(book, held.amount),
            redeem=held.amount,
        ).encode()
    )


@program.instruction(tag=16)
def convert(ctx: Context, vault: Vault, shares: u64, assets: u64) -> None:
    """What these shares are worth, and how many shares these assets are: `Worth`, rounded down."""
    book = book_of(vault, ctx.clock.unix_timestamp)
    worth = Worth(
        assets=book.assets_down(shares),
        shares=book.shares_down(assets),
        total_assets=book.assets,
        total_shares=book.shares,
    )
    ctx.set_return_data(worth.encode())
