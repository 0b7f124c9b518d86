"""Keys that the chain's rules name. For reserved ones see reserved_keys.py."""

from __future__ import annotations

from typing import Final

from .pubkey import Pubkey

SYSTEM_PROGRAM_ID: Final = Pubkey.of("system")
# On chain its lamports are burnt with each block: it need not keep what exempts it from rent.
INCINERATOR_ID: Final = Pubkey.of("1nc1nerator11111111111111111111111111111111")
UPGRADEABLE_LOADER: Final = Pubkey.from_base58("BPFLoaderUpgradeab1e11111111111111111111111")
COMPUTE_BUDGET_ID: Final = Pubkey.of("compute_budget")
VOTE_PROGRAM: Final = Pubkey.from_base58("Vote111111111111111111111111111111111111111")
