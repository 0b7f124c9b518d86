"""Initializing multisig accounts, which require M of up to 11 signatures."""

from __future__ import annotations

from ...kit import Context, Mut, Pubkey, UncheckedAccount, require, u8
from . import compute_units
from .checks import require_rent_exempt
from .errors import TokenError
from .program import RentSysvar, token
from .state import MULTISIG_SIGNERS_MAX, Multisig, load_any


@token.instruction(tag=2, compute_units=compute_units.INITIALIZE_MULTISIG)
def initialize_multisig(
    ctx: Context,
    multisig: Mut[UncheckedAccount],
    rent: RentSysvar,
    signers: list[UncheckedAccount],
    m: u8,
) -> None:
    """Initialize a multisig of these signers, `m` of which must sign."""
    del rent
    _initialize_multisig(ctx, multisig, signers, m)


@token.instruction(tag=19, compute_units=compute_units.INITIALIZE_MULTISIG2)
def initialize_multisig2(
    ctx: Context, multisig: Mut[UncheckedAccount], signers: list[UncheckedAccount], m: u8
) -> None:
    """As initialize_multisig, without naming the rent sysvar."""
    _initialize_multisig(ctx, multisig, signers, m)


def _initialize_multisig(
    ctx: Context, account: UncheckedAccount, signers: list[UncheckedAccount], m: int
) -> None:
    multisig = load_any(Multisig, account)
    require(not multisig.initialized, TokenError.AlreadyInUse, account=account)
    require_rent_exempt(ctx, account)
    n = len(signers)
    require(1 <= n <= MULTISIG_SIGNERS_MAX, TokenError.InvalidNumberOfProvidedSigners)
    require(1 <= m <= MULTISIG_SIGNERS_MAX, TokenError.InvalidNumberOfRequiredSigners)
    unused: list[Pubkey] = multisig.signers[n:]
    multisig.m = m
    multisig.n = n
    multisig.signers = [*(signer.key for signer in signers), *unused]
    multisig.is_initialized = True
