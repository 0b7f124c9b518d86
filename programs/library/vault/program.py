"""The vault program itself; the modules beside this one declare its instructions."""

from __future__ import annotations

from typing import Final

from ...kit import Program
from .airdrops.state import Lock, LockedSums, RewardPool
from .errors import VaultError
from .intakes.state import Intake, Teller, Ticket
from .state import Strategy, Vault

_COMPUTE_UNITS: Final = 4_000  # an estimate, without the transfers

vault = Program(
    "vault",
    errors=VaultError,
    layouts=[Vault, Strategy, Intake, Teller, Ticket, RewardPool, LockedSums, Lock],
    compute_units=_COMPUTE_UNITS,
    about="shares of assets that strategies work with (ERC-4626), and rewards for locking them",
    trusted=True,
)
VAULT_ID: Final = vault.id
