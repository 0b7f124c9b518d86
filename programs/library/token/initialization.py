"""Initializing new accounts as mints and token accounts."""

from __future__ import annotations

from ...kit import Context, Mut, Option, Pubkey, UncheckedAccount, require, u8
from . import compute_units
from .checks import load_mint, require_rent_exempt
from .errors import TokenError
from .program import RentSysvar, token
from .state import NATIVE_MINT_ID, AccountState, Mint, TokenAccount, load_any


@token.instruction(tag=0, compute_units=compute_units.INITIALIZE_MINT)
def initialize_mint(
    ctx: Context,
    mint: Mut[UncheckedAccount],
    rent: RentSysvar,
    decimals: u8,
    mint_authority: Pubkey,
    freeze_authority: Option[Pubkey],
) -> None:
    """Initialize a mint, whose tokens are counted in units of 10^-decimals."""
    del rent
    _initialize_mint(ctx, mint, decimals, mint_authority, freeze_authority)


@token.instruction(tag=20, compute_units=compute_units.INITIALIZE_MINT2)
def initialize_mint2(
    ctx: Context,
    mint: Mut[UncheckedAccount],
    decimals: u8,
    mint_authority: Pubkey,
    freeze_authority: Option[Pubkey],
) -> None:
    """As initialize_mint, without naming the rent sysvar."""
    _initialize_mint(ctx, mint, decimals, mint_authority, freeze_authority)


@token.instruction(tag=1, compute_units=compute_units.INITIALIZE_ACCOUNT)
def initialize_account(
    ctx: Context,
    account: Mut[UncheckedAccount],
    mint: UncheckedAccount,
    owner: UncheckedAccount,
    rent: RentSysvar,
) -> None:
    """Initialize a token account; for the native mint, its lamports beyond rent become tokens."""
    del rent
    _initialize_account(ctx, account, mint, owner.key)


@token.instruction(tag=16, compute_units=compute_units.INITIALIZE_ACCOUNT2)
def initialize_account2(
    ctx: Context,
    account: Mut[UncheckedAccount],
    mint: UncheckedAccount,
    rent: RentSysvar,
    owner: Pubkey,
) -> None:
    """As initialize_account, with the owner in the data."""
    del rent
    _initialize_account(ctx, account, mint, owner)


@token.instruction(tag=18, compute_units=compute_units.INITIALIZE_ACCOUNT3)
def initialize_account3(
    ctx: Context, account: Mut[UncheckedAccount], mint: UncheckedAccount, owner: Pubkey
) -> None:
    """As initialize_account2, without naming the rent sysvar."""
    _initialize_account(ctx, account, mint, owner)


@token.instruction(tag=22, compute_units=compute_units.INITIALIZE_IMMUTABLE_OWNER)
def initialize_immutable_owner(ctx: Context, account: Mut[UncheckedAccount]) -> None:
    """Does nothing; exists for programs that also support Token-2022."""
    state = load_any(TokenAccount, account)
    require(not state.initialized, TokenError.AlreadyInUse, account=account)
    ctx.log("Please upgrade to SPL Token 2022 for immutable owner support")


def _initialize_mint(
    ctx: Context,
    account: UncheckedAccount,
    decimals: int,
    mint_authority: Pubkey,
    freeze_authority: Pubkey | None,
) -> None:
    mint = load_any(Mint, account)
    require(not mint.initialized, TokenError.AlreadyInUse, account=account)
    require_rent_exempt(ctx, account)
    mint.mint_authority = mint_authority
    mint.decimals = decimals
    mint.is_initialized = True
    mint.freeze_authority = freeze_authority


def _initialize_account(
    ctx: Context, account: UncheckedAccount, mint: UncheckedAccount, owner: Pubkey
) -> None:
    state = load_any(TokenAccount, account)
    require(not state.initialized, TokenError.AlreadyInUse, account=account)
    require_rent_exempt(ctx, account)
    native = mint.key == NATIVE_MINT_ID
    if not native:
        load_mint(mint)
    reserve = ctx.rent.minimum_balance(account.data_len)
    state.mint = mint.key
    state.token_owner = owner
    state.amount = account.lamports - reserve if native else 0
    state.delegate = None
    state.state = AccountState.Initialized
    state.is_native = reserve if native else None
    state.delegated_amount = 0
    state.close_authority = None
