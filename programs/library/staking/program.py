"""The staking program itself; the modules beside this one declare its instructions."""

from __future__ import annotations

from typing import Final

from ...kit import Program
from .errors import StakingError
from .liquid.state import Queue, Reserve, Round, StakePool, Ticket, Validator
from .state import Farm, Flow, Pool, Position

_COMPUTE_UNITS: Final = 3_000  # an estimate, without the transfers

staking = Program(
    "staking",
    errors=StakingError,
    layouts=[Farm, Pool, Flow, Position, StakePool, Reserve, Validator, Queue, Round, Ticket],
    compute_units=_COMPUTE_UNITS,
    about="rewards shared among stakes, and pools of staked lamports with a liquid token",
    trusted=True,
)
