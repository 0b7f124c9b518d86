"""A pool's authority: the address that owns its vaults and mints its shares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final, TypeAlias

from ...kit import Pubkey, Seeds, UncheckedAccount
from .program import AMM_ID

_PREFIX: Final = b"authority"

# Calls leave it out.
Authority: TypeAlias = Annotated[UncheckedAccount, Seeds(_PREFIX, "pool")]


def pool_authority(pool: str | bytes) -> Pubkey:
    """The authority of the pool at this key or of this name.

    >>> from sealane.programs import Pubkey
    >>> from sealane.programs.library.amm import amm, pool_authority
    >>> seeds = [b"authority", Pubkey.of("sol_usdc")]
    >>> pool_authority("sol_usdc") == Pubkey.find_program_address(seeds, amm.id)[0]
    True
    """
    return found_authority(Pubkey.of(pool))[0]


def found_authority(pool: Pubkey) -> tuple[Pubkey, int]:
    """The authority of a pool, and the bump of its address."""
    return Pubkey.find_program_address([_PREFIX, pool], AMM_ID)


def authority_seeds(pool: Pubkey, bump: int) -> Sequence[bytes]:
    """The seeds with which the authority signs nested calls."""
    return [_PREFIX, pool, bump.to_bytes()]
