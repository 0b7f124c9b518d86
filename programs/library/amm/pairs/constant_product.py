"""The arithmetic of Uniswap v2's pairs, on integers of any width and on columns.

Every division rounds in favour of the pool: what is paid out or minted down, what is paid in up.
Source: UniswapV2Pair.sol (v2-core) and UniswapV2Library.sol (v2-periphery).
"""

from __future__ import annotations

from typing import Final

from ....kit import isqrt, least, rarely, require, select
from ..errors import AmmError
from ..fraction import Fraction

MINIMUM_LIQUIDITY: Final = 1_000  # shares of the first deposit that are nobody's, ever
RESERVE_MAX: Final = (1 << 112) - 1
UNISWAP_FEE: Final = Fraction(3, 1_000)
_GROWTH_PARTS: Final = 5  # the protocol gets 1 part, the others 5, of the growth of sqrt(k)


def quote(amount_a: int, reserve_a: int, reserve_b: int) -> int:
    """The amount of b worth `amount_a` at the present ratio, without any fee; rounded down.

    >>> quote(1, 100, 200)
    2
    """
    require(amount_a > 0, AmmError.InsufficientAmount)
    _require_liquidity(reserve_a, reserve_b)
    return amount_a * reserve_b // reserve_a


def amount_out(amount_in: int, reserve_in: int, reserve_out: int, fee: Fraction) -> int:
    """The most that `amount_in` buys; rounded down.

    >>> amount_out(2, 100, 100, UNISWAP_FEE)
    1
    """
    require(amount_in > 0, AmmError.InsufficientInputAmount)
    _require_liquidity(reserve_in, reserve_out)
    taxed = amount_in * fee.rest
    return taxed * reserve_out // (reserve_in * fee.denominator + taxed)


def amount_in(amount_out: int, reserve_in: int, reserve_out: int, fee: Fraction) -> int:
    """What `amount_out` costs: one more than the quotient, as the reference has it.

    >>> amount_in(1, 100, 100, UNISWAP_FEE)
    2
    """
    require(amount_out > 0, AmmError.InsufficientOutputAmount)
    _require_liquidity(reserve_in, reserve_out)
    require(amount_out < reserve_out, AmmError.InsufficientLiquidity)
    numerator = reserve_in * amount_out * fee.denominator
    return numerator // ((reserve_out - amount_out) * fee.rest) + 1


def require_product(
    before: tuple[int, int], after: tuple[int, int], paid_in: tuple[int, int], fee: Fraction
) -> None:
    """Require that a swap leaves the product of the reserves whole after the fee on what came in.

    `before` and `after` are the reserves of a and b, `paid_in` the amounts paid in.
    """
    taxed_a = after[0] * fee.denominator - paid_in[0] * fee.numerator
    taxed_b = after[1] * fee.denominator - paid_in[1] * fee.numerator
    whole = before[0] * before[1] * fee.denominator * fee.denominator
    require(taxed_a * taxed_b >= whole, AmmError.ProductDecreased)


def minted_shares(amounts: tuple[int, int], reserves: tuple[int, int], supply: int) -> int:
    """The shares that a deposit of both tokens is worth; rounded down.

    The first deposit gets the geometric mean less MINIMUM_LIQUIDITY, which stays locked.
    """
    if rarely(supply == 0):
        mean = isqrt(amounts[0] * amounts[1])
        require(mean > MINIMUM_LIQUIDITY, AmmError.InsufficientLiquidityMinted)
        return mean - MINIMUM_LIQUIDITY
    _require_liquidity(*reserves)
    shares = least(amounts[0] * supply // reserves[0], amounts[1] * supply // reserves[1])
    require(shares > 0, AmmError.InsufficientLiquidityMinted)
    return shares


def burned_amounts(shares: int, reserves: tuple[int, int], supply: int) -> tuple[int, int]:
    """What these shares are paid out with; both rounded down."""
    a, b = shares * reserves[0] // supply, shares * reserves[1] // supply
    require((a > 0) & (b > 0), AmmError.InsufficientLiquidityBurned)
    return a, b


def protocol_shares(reserves: tuple[int, int], last_product: int, supply: int) -> int:
    """The protocol's share of the growth of sqrt(k) since `last_product`: a sixth; rounded down."""
    if rarely(reserves[0] * reserves[1] == 0):
        return 0
    root, last_root = isqrt(reserves[0] * reserves[1]), isqrt(last_product)
    growth = root - least(root, last_root)
    owed = supply * growth // (root * _GROWTH_PARTS + last_root)
    return select(last_product == 0, 0, owed)  # 0: the fee was off


def deposit_within(
    wanted: tuple[int, int], reserves: tuple[int, int], least: tuple[int, int]
) -> tuple[int, int]:
    """The most of both tokens, up to `wanted`, that has the ratio of the reserves.

    Source: `_addLiquidity` of UniswapV2Router02.sol.
    """
    if reserves == (0, 0):
        return wanted
    b = quote(wanted[0], *reserves)
    if b <= wanted[1]:
        require(b >= least[1], AmmError.ExceededSlippage)
        return wanted[0], b
    a = quote(wanted[1], reserves[1], reserves[0])
    require(a >= least[0], AmmError.ExceededSlippage)
    return a, wanted[1]


def _require_liquidity(reserve_in: int, reserve_out: int) -> None:
    require((reserve_in > 0) & (reserve_out > 0), AmmError.InsufficientLiquidity)
