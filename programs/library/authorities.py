"""Authorities: the addresses that own what programs of this library hold for their users.

The authority of an account of a program is the address that the program derives from `authority`
and the account's key. It owns the account's vaults and mints its tokens; the account keeps its
bump.
"""

from __future__ import annotations

from typing import Final

from ..kit import Pubkey
from .token_moves import Seeds

AUTHORITY_SEED: Final = b"authority"


def found_authority(account: str | bytes, program_id: Pubkey) -> tuple[Pubkey, int]:
    """The authority of the account at this key or of this name, and the bump of its address.

    >>> from sealane.programs import Pubkey
    >>> from sealane.programs.library.lending import lending
    >>> authority, bump = found_authority("usdc_reserve", lending.id)
    >>> seeds = authority_seeds(Pubkey.of("usdc_reserve"), bump)
    >>> authority == Pubkey.create_program_address(seeds, lending.id)
    True
    """
    return Pubkey.find_program_address([AUTHORITY_SEED, Pubkey.of(account)], program_id)


def authority_seeds(account: Pubkey, bump: int) -> Seeds:
    """The seeds with which the authority of an account signs."""
    return [AUTHORITY_SEED, account, bump.to_bytes()]
