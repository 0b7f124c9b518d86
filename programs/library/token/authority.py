"""Checks the authority: its signature, or those of enough members of a multisig."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ...kit import InstructionErrors, Pubkey, UncheckedAccount, require
from .errors import TokenError
from .state import TOKEN_ID, Multisig, load

TOKEN_2022_ID: Final = Pubkey.of("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb")
# A multisig of Token-2022 can also own accounts of this program.
_MULTISIG_OWNERS: Final = (TOKEN_ID, TOKEN_2022_ID)


def require_authority(
    expected: Pubkey, authority: UncheckedAccount, signers: Sequence[UncheckedAccount]
) -> None:
    """Require that `authority` is the `expected` one and has signed, itself or by its signers."""
    require(
        authority.key == expected,
        TokenError.OwnerMismatch,
        lambda: f"{authority.key} is given, {expected} decides",
        account=authority,
    )
    if authority.data_len == Multisig.layout_size and authority.owner in _MULTISIG_OWNERS:
        _require_enough(load(Multisig, authority), signers)
    else:
        require(authority.is_signer, InstructionErrors.MissingRequiredSignature, account=authority)


def _require_enough(multisig: Multisig, signers: Sequence[UncheckedAccount]) -> None:
    """Require `m` signed places of the multisig; one signature fills every place of its key."""
    members = multisig.signers[: multisig.n]
    signed: set[int] = set()
    for signer in signers:
        places = {place for place, member in enumerate(members) if member == signer.key}
        if places - signed:
            require(signer.is_signer, InstructionErrors.MissingRequiredSignature, account=signer)
        signed |= places
    require(
        len(signed) >= multisig.m,
        InstructionErrors.MissingRequiredSignature,
        lambda: f"{multisig.key} needs {multisig.m} signatures and has {len(signed)}",
        account=multisig,
    )
