"""Staking: rewards shared among stakes, and pools of staked lamports with a liquid token.

>>> from sealane.programs.library.staking import staking
>>> call = staking.open_position(position="ann_position", pool="pool", holder="ann")
>>> [meta.writable for meta in call.accounts]
[True, False, False]
"""

from __future__ import annotations

# Importing these modules adds their instructions to the program.
from . import batch_handlers as batch_handlers
from . import farms as farms
from . import positions as positions
from . import refreshing as refreshing
from . import streams as streams
from . import vaults as vaults
from .errors import StakingError
from .events import Claimed, Notified, Refreshed, Slashed, Staked, Unstaked, Updated
from .liquid import exchange as exchange
from .liquid import pools as pools
from .liquid import queues as queues
from .liquid import validators as validators
from .liquid.pools import FeeKind
from .liquid.state import Fee, FutureFee, Queue, Reserve, Round, StakePool, Ticket, Validator
from .program import staking
from .state import Farm, Flow, Kind, Pool, Position

__all__ = [
    "Claimed",
    "Farm",
    "Fee",
    "FeeKind",
    "Flow",
    "FutureFee",
    "Kind",
    "Notified",
    "Pool",
    "Position",
    "Queue",
    "Refreshed",
    "Reserve",
    "Round",
    "Slashed",
    "StakePool",
    "Staked",
    "StakingError",
    "Ticket",
    "Unstaked",
    "Updated",
    "Validator",
    "staking",
]
