"""A pool's authority: the address that owns its vaults and mints its shares."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from ...kit import Pubkey, Seeds, UncheckedAccount
from ..authorities import AUTHORITY_SEED, found_authority
from .program import AMM_ID

# Calls leave it out.
Authority: TypeAlias = Annotated[UncheckedAccount, Seeds(AUTHORITY_SEED, "pool")]


def authority_of(pool: str | bytes) -> Pubkey:
    """The authority of the pool at this key or of this name.

    >>> from sealane.programs import Pubkey
    >>> from sealane.programs.library.amm import amm, authority_of
    >>> seeds = [b"authority", Pubkey.of("sol_usdc")]
    >>> authority_of("sol_usdc") == Pubkey.find_program_address(seeds, amm.id)[0]
    True
    """
    return found_authority(pool, AMM_ID)[0]
