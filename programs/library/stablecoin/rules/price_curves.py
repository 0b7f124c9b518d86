"""How the price of an auction falls: Maker's abaci.

>>> price_after(Curve.Linear, 0, 10, 100 * RAY, 4) // RAY
60
>>> price_after(Curve.Stairstep, RAY // 2, 60, 100 * RAY, 119) // RAY
50
"""

from __future__ import annotations

from ....kit import InstructionErrors, require
from ..auctions.state import Curve
from .fixed_point import RAY, fits_u256, ray_power, ray_product, ray_quotient


def price_after(curve: Curve, cut: int, step_s: int, top: int, elapsed_s: int) -> int:
    """The price [ray] after so many seconds, rounded down, from `top` [ray] on.

    Linear: it is zero after `step_s` seconds. Exponential: each second it is multiplied by `cut`
    [ray]. Stairstep: each `step_s` seconds it is.
    """
    match curve:
        case Curve.Linear:
            if elapsed_s >= step_s:
                return 0
            return ray_product(top, fits_u256((step_s - elapsed_s) * RAY) // step_s)
        case Curve.Exponential:
            return ray_product(top, ray_power(cut, elapsed_s))
        case Curve.Stairstep:
            require(step_s > 0, InstructionErrors.ArithmeticOverflow)
            return ray_product(top, ray_power(cut, elapsed_s // step_s))


def needs_reset(
    price: int, top: int, price_ratio_min: int, elapsed_s: int, duration_max_s: int
) -> bool:
    """Whether an auction has run too long, or its price [ray] has fallen too far below the top."""
    return elapsed_s > duration_max_s or ray_quotient(price, top) < price_ratio_min
