"""The program itself; the modules beside this one declare its instructions."""

from __future__ import annotations

from ...kit import Program
from .errors import ClmmError
from .state import Observations, Pool, Position, TickArray, TickArrayMap

clmm = Program(
    "clmm",
    errors=ClmmError,
    layouts=[Pool, TickArrayMap, TickArray, Position, Observations],
    about="pools with concentrated liquidity: ticks, positions, fees by position (Uniswap v3)",
)
