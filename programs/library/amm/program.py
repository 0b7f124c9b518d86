"""The amm program itself; the modules beside this one declare its instructions."""

from __future__ import annotations

from typing import Final

from ...kit import Program
from .errors import AmmError
from .state import CurvePool, Exchange, FeeTier, HostFees, Pool

_COMPUTE_UNITS: Final = 5_000  # an estimate, without the transfers

amm = Program(
    "amm",
    errors=AmmError,
    layouts=[Exchange, FeeTier, Pool, CurvePool, HostFees],
    compute_units=_COMPUTE_UNITS,
    about="automated market makers: pools of two tokens, traded at the price that a formula gives",
)
AMM_ID: Final = amm.id
