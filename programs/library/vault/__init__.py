"""Vaults: shares of assets that strategies work with, after ERC-4626, and rewards for locking them.

>>> from sealane.programs.library.vault import vault
>>> call = vault.deposit(
...     vault="usd_vault", idle_vault="idle", share_mint="shares", source="ann_usd",
...     destination="ann_shares", owner="ann", assets=500, shares_min=0)
>>> [meta.writable for meta in call.accounts]
[True, False, True, True, True, True, False]
"""

from __future__ import annotations

# Importing these modules adds their instructions to the program.
from . import batch_handlers as batch_handlers
from . import entering as entering
from . import leaving as leaving
from . import managing as managing
from . import strategies as strategies
from .accounts import authority_of
from .airdrops import locks as locks
from .airdrops import rewards as rewards
from .airdrops.state import Lock, LockedSums, RewardPool
from .errors import VaultError
from .events import Airdropped, Deposited, Reported, Settled, Withdrawn
from .intakes import opening as opening
from .intakes import requests as requests
from .intakes import settling as settling
from .intakes.state import Intake, IntakeKind, Teller, Ticket
from .program import VAULT_ID, vault
from .quotes import Limits, Operation, Quote, Worth
from .state import NO_LIMIT, Strategy, Vault

__all__ = [
    "NO_LIMIT",
    "VAULT_ID",
    "Airdropped",
    "Deposited",
    "Intake",
    "IntakeKind",
    "Limits",
    "Lock",
    "LockedSums",
    "Operation",
    "Quote",
    "Reported",
    "RewardPool",
    "Settled",
    "Strategy",
    "Teller",
    "Ticket",
    "Vault",
    "VaultError",
    "Withdrawn",
    "Worth",
    "authority_of",
    "vault",
]
