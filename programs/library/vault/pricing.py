"""What shares and assets are worth of each other, and fees: the arithmetic of ERC-4626.

Every function takes integers of any width, and columns. Virtual shares and assets are those of
OpenZeppelin's `ERC4626.sol`, fees those of its `ERC4626Fees.sol`; a book without virtual shares
prices as solmate's `ERC4626.sol` does: one for one while there is no share. Rounding always favours
those who hold shares.
"""

from __future__ import annotations

from typing import NamedTuple

from ...kit import greatest, mul_div, mul_div_up, require, select
from ..units import BASIS_POINTS
from .errors import VaultError
from .state import NO_LIMIT


class Book(NamedTuple):
    """What a price depends on.

    >>> Book(assets=9_000, shares=6_000, virtual_assets=1, virtual_shares=1).shares_down(2_000)
    1333
    """

    assets: int
    shares: int
    virtual_assets: int = 0
    virtual_shares: int = 0
    entry_fee_bps: int = 0
    exit_fee_bps: int = 0

    @property
    def unpriced(self) -> bool:
        """There is no share, not even a virtual one."""
        return self.shares + self.virtual_shares == 0

    @property
    def price(self) -> tuple[int, int]:
        """Assets and shares that are worth the same."""
        assets = select(self.unpriced, 1, self.assets + self.virtual_assets)
        require(assets > 0, VaultError.Worthless)
        return assets, select(self.unpriced, 1, self.shares + self.virtual_shares)

    def shares_down(self, assets: int) -> int:
        """Shares worth at most these assets."""
        price_assets, price_shares = self.price
        return mul_div(assets, price_shares, price_assets)

    def shares_up(self, assets: int) -> int:
        """Shares worth at least these assets."""
        price_assets, price_shares = self.price
        return mul_div_up(assets, price_shares, price_assets)

    def assets_down(self, shares: int) -> int:
        """Assets worth at most these shares."""
        price_assets, price_shares = self.price
        return mul_div(shares, price_assets, price_shares)

    def assets_up(self, shares: int) -> int:
        """Assets worth at least these shares."""
        price_assets, price_shares = self.price
        return mul_div_up(shares, price_assets, price_shares)


class Move(NamedTuple):
    """Assets that a user pays or gets, the shares for them, and the fee.

    The fee is a part of the assets that are paid in, and kept beside those that are paid out.
    """

    assets: int
    shares: int
    fee: int


def fee_on_raw(assets: int, fee_bps: int) -> int:
    """The fee to be added to an amount, rounded up."""
    return mul_div_up(assets, fee_bps, BASIS_POINTS)


def fee_on_total(assets: int, fee_bps: int) -> int:
    """The fee that an amount contains, rounded up.

    >>> fee_on_raw(10_000, 500), fee_on_total(10_500, 500)
    (500, 500)
    """
    return mul_div_up(assets, fee_bps, fee_bps + BASIS_POINTS)


def deposit_move(book: Book, assets: int) -> Move:
    """What a deposit of exactly these assets brings: shares rounded down."""
    fee = fee_on_total(assets, book.entry_fee_bps)
    shares = book.shares_down(assets - fee)
    # Where virtual shares guard the price, OpenZeppelin lets such a deposit through.
    require((shares > 0) | (book.virtual_shares > 0), VaultError.ZeroShares)
    return Move(assets, shares, fee)


def mint_move(book: Book, shares: int) -> Move:
    """What exactly these shares cost: assets rounded up."""
    net = book.assets_up(shares)
    fee = fee_on_raw(net, book.entry_fee_bps)
    return Move(net + fee, shares, fee)


def withdraw_move(book: Book, assets: int) -> Move:
    """What paying out exactly these assets burns: shares rounded up."""
    fee = fee_on_raw(assets, book.exit_fee_bps)
    return Move(assets, book.shares_up(assets + fee), fee)


def redeem_move(book: Book, shares: int) -> Move:
    """What burning exactly these shares pays: assets rounded down.

    The fee is that on what is paid out; what rounding makes of the rest stays with the holders.
    """
    gross = book.assets_down(shares)
    assets = gross - fee_on_total(gross, book.exit_fee_bps)
    require((assets > 0) | (book.virtual_shares > 0), VaultError.ZeroAssets)
    return Move(assets, shares, fee_on_raw(assets, book.exit_fee_bps))


def deposit_max(book: Book, assets_max: int) -> int:
    """The most assets, fee included, that a vault with this limit on all its assets takes in."""
    room = greatest(assets_max - book.assets, 0)
    return select(assets_max == NO_LIMIT, NO_LIMIT, room)


def mint_max(book: Book, assets_max: int) -> int:
    """The most shares that cost no more than may come in."""
    room = greatest(assets_max - book.assets, 0)
    net = room - fee_on_total(room, book.entry_fee_bps)
    return select(assets_max == NO_LIMIT, NO_LIMIT, book.shares_down(net))


def withdraw_max(book: Book, held: int) -> int:
    """The most assets that so many shares pay out."""
    gross = book.assets_down(held)
    return gross - fee_on_total(gross, book.exit_fee_bps)
