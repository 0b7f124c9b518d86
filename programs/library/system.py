"""The system program: creates accounts, allocates, assigns and moves lamports.

Instruction encoding, error names, codes and order of checks are those of Agave's built-in program
(system_processor.rs): bincode with a 4-byte tag, 150 compute units per instruction. nonce.py
declares the nonce instructions.

    >>> from sealane.programs.library.system import system
    >>> system.transfer(source="alice", destination="bob", lamports=1).data.hex()
    '020000000100000000000000'
"""

from __future__ import annotations

from typing import Annotated, Final

from ...primitives.pubkey import SeedErrorCode
from ..kit import (
    ACCOUNT_DATA_LEN_MAX,
    Context,
    Credits,
    Errors,
    InstructionErrors,
    Mut,
    Program,
    Pubkey,
    SeedError,
    Signs,
    Str64,
    UncheckedAccount,
    fail,
    require,
    u64,
)
from .nonce_account import NonceAccount

SYSTEM_ID: Final = Pubkey.of("system")
_COMPUTE_UNITS: Final = 150


class SystemProgramError(Errors):
    """Solana's SystemError, with the same names and codes."""

    AccountAlreadyInUse = 0, "an account with the same address already exists"
    ResultWithNegativeLamports = 1, "account does not have enough lamports for the operation"
    InvalidProgramId = 2, "cannot assign account to this program id"
    InvalidAccountDataLength = 3, "cannot allocate account data of this length"
    MaxSeedLengthExceeded = 4, "length of requested seed is too long"
    AddressWithSeedMismatch = 5, "provided address does not match address derived from seed"
    NonceNoRecentBlockhashes = 6, "advancing stored nonce requires a populated blockhash sysvar"
    NonceBlockhashNotExpired = 7, "stored nonce is still in recent_blockhashes"
    NonceUnexpectedBlockhashValue = 8, "specified nonce does not match stored nonce"


# The built-in program passes on address errors by number only, and these numbers have another
# meaning among its own errors.
_ADDRESS_ERRORS: Final = {
    SeedErrorCode.MaxSeedLengthExceeded: SystemProgramError.AccountAlreadyInUse,
    SeedErrorCode.InvalidSeeds: SystemProgramError.ResultWithNegativeLamports,
    SeedErrorCode.IllegalOwner: SystemProgramError.InvalidProgramId,
}

system = Program(
    "system",
    errors=SystemProgramError,
    layouts=[NonceAccount],
    tag_size=4,
    about="creates accounts, gives them space and owners, and moves lamports",
    compute_units=_COMPUTE_UNITS,
    too_few_accounts=InstructionErrors.MissingAccount,  # only in built-in programs
    data_growth_max=ACCOUNT_DATA_LEN_MAX,
    pays_fees=True,
    trusted=True,
)

# The handlers check signatures themselves, because the original makes other checks first.
Signing = Annotated[UncheckedAccount, Signs()]


@system.instruction(tag=0)
def create_account(
    ctx: Context,
    source: Mut[Signing],
    account: Mut[Signing],
    lamports: u64,
    space: u64,
    owner: Pubkey,
) -> None:
    """Create `account` with `space` bytes of data, owned by `owner`, paid for by `source`."""
    _create(ctx, source, account, account.key, lamports, space, owner)


@system.instruction(tag=1)
def assign(ctx: Context, account: Mut[Signing], owner: Pubkey) -> None:
    """Assign `account` to the program `owner`."""
    _assign(ctx, account, account.key, owner)


@system.instruction(tag=2)
def transfer(source: Mut[Signing], destination: Credits[UncheckedAccount], lamports: u64) -> None:
    """Move lamports from `source`, which signs and has no data."""
    require(source.is_signer, InstructionErrors.MissingRequiredSignature, account=source)
    _move(source, destination, lamports)


transfer.batch(transfer.handler)


@system.instruction(tag=3)
def create_account_with_seed(
    ctx: Context,
    source: Mut[Signing],
    account: Mut[UncheckedAccount],
    base_account: Signing | None,
    base: Pubkey,
    seed: Str64,
    lamports: u64,
    space: u64,
    owner: Pubkey,
) -> None:
    """Create `account`, whose key derives from `base`, `seed` and `owner`; `base` signs.

    `base_account` lists the base among the accounts if it is not `source`.
    """
    del base_account
    _check_derived(account, base, seed, owner)
    _create(ctx, source, account, base, lamports, space, owner)


@system.instruction(tag=8)
def allocate(ctx: Context, account: Mut[Signing], space: u64) -> None:
    """Allocate `space` bytes for `account`, which has no data."""
    _allocate(ctx, account, account.key, space)


@system.instruction(tag=9)
def allocate_with_seed(
    ctx: Context,
    account: Mut[UncheckedAccount],
    base_account: Signing | None,
    base: Pubkey,
    seed: Str64,
    space: u64,
    owner: Pubkey,
) -> None:
    """Allocate and assign `account`, whose key derives from `base`, which signs."""
    del base_account
    _check_derived(account, base, seed, owner)
    _allocate(ctx, account, base, space)
    _assign(ctx, account, base, owner)


@system.instruction(tag=10)
def assign_with_seed(
    ctx: Context,
    account: Mut[UncheckedAccount],
    base_account: Signing | None,
    base: Pubkey,
    seed: Str64,
    owner: Pubkey,
) -> None:
    """Assign `account`, whose key derives from `base`, which signs."""
    del base_account
    _check_derived(account, base, seed, owner)
    _assign(ctx, account, base, owner)


@system.instruction(tag=11)
def transfer_with_seed(
    ctx: Context,
    source: Mut[UncheckedAccount],
    base: Signing,
    destination: Credits[UncheckedAccount],
    lamports: u64,
    seed: Str64,
    source_owner: Pubkey,
) -> None:
    """Move lamports from `source`, whose key derives from `base`, which signs."""
    require_signature(ctx, base.key)
    _check_derived(source, base.key, seed, source_owner)
    _move(source, destination, lamports)


def _create(
    ctx: Context,
    source: UncheckedAccount,
    account: UncheckedAccount,
    signing: Pubkey,
    lamports: int,
    space: int,
    owner: Pubkey,
) -> None:
    require(
        account.lamports == 0,
        SystemProgramError.AccountAlreadyInUse,
        lambda: f"account {account.key} already holds {account.lamports} lamports",
        account=account,
    )
    _allocate(ctx, account, signing, space)
    _assign(ctx, account, signing, owner)
    _transfer(ctx, source, source.key, account, lamports)


def _allocate(ctx: Context, account: UncheckedAccount, signing: Pubkey, space: int) -> None:
    require_signature(ctx, signing)
    require(
        account.data_len == 0 and account.owner == SYSTEM_ID,
        SystemProgramError.AccountAlreadyInUse,
        lambda: f"account {account.key} already has data or an owner",
        account=account,
    )
    require(
        space <= ACCOUNT_DATA_LEN_MAX,
        SystemProgramError.InvalidAccountDataLength,
        lambda: f"{space} bytes asked for, {ACCOUNT_DATA_LEN_MAX} at most",
        account=account,
    )
    account.resize(space)


def _assign(ctx: Context, account: UncheckedAccount, signing: Pubkey, owner: Pubkey) -> None:
    if account.owner == owner:
        return
    require_signature(ctx, signing)
    account.owner = owner


def _transfer(
    ctx: Context,
    source: UncheckedAccount,
    signing: Pubkey,
    destination: UncheckedAccount,
    lamports: int,
) -> None:
    require_signature(ctx, signing)
    _move(source, destination, lamports)


def _move(source: UncheckedAccount, destination: UncheckedAccount, lamports: int) -> None:
    require(
        source.data_len == 0,
        InstructionErrors.InvalidArgument,
        "the source of a transfer must carry no data",
        account=source,
    )
    require(
        lamports <= source.lamports,
        SystemProgramError.ResultWithNegativeLamports,
        lambda: f"{source.key} holds {source.lamports} lamports, {lamports} are asked for",
        account=source,
    )
    move_lamports(source, destination, lamports)


def move_lamports(source: UncheckedAccount, destination: UncheckedAccount, lamports: int) -> None:
    """Move lamports as a built-in program does: not even 0 from or to a read-only account."""
    source.lamports -= lamports
    if not source.is_writable:
        fail(InstructionErrors.ReadonlyLamportChange, account=source)
    destination.lamports += lamports
    if not destination.is_writable:
        fail(InstructionErrors.ReadonlyLamportChange, account=destination)


def _check_derived(account: UncheckedAccount, base: Pubkey, seed: str, owner: Pubkey) -> None:
    try:
        derived = Pubkey.with_seed(base, seed, owner)
    except SeedError as error:
        fail(_ADDRESS_ERRORS[error.code], str(error), account=account)
    require(
        derived == account.key,
        SystemProgramError.AddressWithSeedMismatch,
        lambda: f"{account.key} is not what {base}, seed {seed!r} and {owner} derive: {derived}",
        account=account,
    )


def require_signature(ctx: Context, key: Pubkey) -> None:
    """Require a signature of this key, at any position among the accounts."""
    require(
        key in ctx.signers,
        InstructionErrors.MissingRequiredSignature,
        lambda: f"{key} must sign",
    )
