"""The associated token program: one token account for each wallet and mint, at a derived address.

Encoding, error codes and order of checks are those of SPL's program; empty data means create.

    >>> from sealane.programs.library.associated_token import associated_token_address
    >>> from sealane.programs.library import associated_token
    >>> call = associated_token.create(payer="alice", wallet="alice", mint="usdc")
    >>> call.accounts[1].key == associated_token_address("alice", "usdc")
    True
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Final, TypeAlias

from ..kit import (
    Context,
    Errors,
    Instruction,
    InstructionErrors,
    Known,
    Mut,
    Program,
    ProgramFailure,
    Pubkey,
    Seeds,
    Signs,
    UncheckedAccount,
    fail,
    require,
)
from .system import SYSTEM_ID, system
from .token import TOKEN_ID, Mint, TokenAccount, token
from .token.state import load

_COMPUTE_UNITS: Final = 3_000  # an estimate: deriving an address takes 1500 for each bump tried


class AssociatedTokenError(Errors):
    """AssociatedTokenAccountError of SPL's program."""

    InvalidOwner = 0, "associated token account owner does not match address derivation"


associated_token = Program(
    "associated_token",
    errors=AssociatedTokenError,
    compute_units=_COMPUTE_UNITS,
    exact_data=True,
    about="the one token account that a wallet has for each mint",
    trusted=True,
)
ASSOCIATED_TOKEN_ID: Final = associated_token.id

Payer: TypeAlias = Mut[Annotated[UncheckedAccount, Signs()]]
# The address for a wallet and a mint. A call may omit it.
Associated: TypeAlias = Mut[Annotated[UncheckedAccount, Seeds("wallet", "token_program", "mint")]]
SystemProgram: TypeAlias = Annotated[UncheckedAccount, Known("system")]
TokenProgram: TypeAlias = Annotated[UncheckedAccount, Known("token")]


def associated_token_address(
    wallet: str | bytes, mint: str | bytes, token_program: str | bytes = TOKEN_ID
) -> Pubkey:
    """The address of the account for tokens of `mint` that belong to `wallet`."""
    seeds = [Pubkey.of(wallet), Pubkey.of(token_program), Pubkey.of(mint)]
    return Pubkey.find_program_address(seeds, ASSOCIATED_TOKEN_ID)[0]


@associated_token.instruction(tag=0)
def create(
    ctx: Context,
    payer: Payer,
    account: Associated,
    wallet: UncheckedAccount,
    mint: UncheckedAccount,
    system_program: SystemProgram,
    token_program: TokenProgram,
) -> None:
    """Make the associated token account; `payer` pays its rent."""
    del system_program
    ctx.log("Create")
    _create(ctx, payer, account, wallet, mint, token_program)


associated_token.instruction(tag=b"", name="create_without_tag")(create.handler)


@associated_token.instruction(tag=1)
def create_idempotent(
    ctx: Context,
    payer: Payer,
    account: Associated,
    wallet: UncheckedAccount,
    mint: UncheckedAccount,
    system_program: SystemProgram,
    token_program: TokenProgram,
) -> None:
    """As create; does nothing if the account already exists."""
    del system_program
    ctx.log("CreateIdempotent")
    there = _token_account(account) if account.owner == token_program.key else None
    if there is None:
        _create(ctx, payer, account, wallet, mint, token_program)
        return
    _require_owner(there, wallet)
    require(there.mint == mint.key, InstructionErrors.InvalidAccountData, account=account)


@associated_token.instruction(tag=2)
def recover_nested(
    ctx: Context,
    nested: Mut[
        Annotated[UncheckedAccount, Seeds("owner_account", "token_program", "nested_mint")]
    ],
    nested_mint: UncheckedAccount,
    destination: Mut[Annotated[UncheckedAccount, Seeds("wallet", "token_program", "nested_mint")]],
    owner_account: Annotated[UncheckedAccount, Seeds("wallet", "token_program", "owner_mint")],
    owner_mint: UncheckedAccount,
    wallet: Mut[Annotated[UncheckedAccount, Signs()]],
    token_program: TokenProgram,
) -> None:
    """Empty and close an associated account that is owned by another one by mistake.

    `nested` is the associated account of `owner_account`, which is the wallet's for `owner_mint`.
    Its tokens go to `destination`, the wallet's own for `nested_mint`, and its lamports to the
    wallet.
    """
    ctx.log("RecoverNested")
    require(wallet.is_signer, InstructionErrors.MissingRequiredSignature, account=wallet)
    _require_owned(owner_mint, token_program)
    _require_owned(owner_account, token_program)
    _require_owner(load(TokenAccount, owner_account), wallet)
    _require_owned(nested, token_program)
    held = load(TokenAccount, nested)
    _require_owner(held, owner_account)
    _require_owned(nested_mint, token_program)
    calls = (
        token.transfer_checked(
            source=nested,
            mint=nested_mint,
            destination=destination,
            authority=owner_account,
            amount=held.amount,
            decimals=load(Mint, nested_mint).decimals,
        ),
        token.close_account(account=nested, destination=wallet, authority=owner_account),
    )
    seeds = _signing_seeds(wallet, owner_mint, token_program)
    for call in calls:
        ctx.invoke(_to(token_program, call), signer_seeds=[seeds])


def _create(
    ctx: Context,
    payer: UncheckedAccount,
    account: UncheckedAccount,
    wallet: UncheckedAccount,
    mint: UncheckedAccount,
    token_program: UncheckedAccount,
) -> None:
    require(account.owner == SYSTEM_ID, InstructionErrors.IllegalOwner, account=account)
    space = _account_len(ctx, mint, token_program)
    seeds = _signing_seeds(wallet, mint, token_program)
    _allocate(ctx, payer, account, space, token_program.key, seeds)
    ctx.log("Initialize the associated token account")
    ctx.invoke(_to(token_program, token.initialize_immutable_owner(account=account)))
    opened = token.initialize_account3(account=account, mint=mint, owner=wallet.key)
    ctx.invoke(_to(token_program, opened))


def _allocate(
    ctx: Context,
    payer: UncheckedAccount,
    account: UncheckedAccount,
    space: int,
    owner: Pubkey,
    seeds: Sequence[bytes],
) -> None:
    """Create the account; if it already holds lamports, top it up instead."""
    ctx.account(SYSTEM_ID)  # required at any position: the program cannot be called without it
    rent = max(1, ctx.rent.minimum_balance(space))
    if account.lamports == 0:
        created = system.create_account(
            source=payer, account=account, lamports=rent, space=space, owner=owner
        )
        ctx.invoke(created, signer_seeds=[seeds])
        return
    missing = rent - account.lamports
    if missing > 0:
        ctx.invoke(system.transfer(source=payer, destination=account, lamports=missing))
    ctx.invoke(system.allocate(account=account, space=space), signer_seeds=[seeds])
    ctx.invoke(system.assign(account=account, owner=owner), signer_seeds=[seeds])


def _account_len(ctx: Context, mint: UncheckedAccount, token_program: UncheckedAccount) -> int:
    """The size in bytes that the token program requires for an account of this mint."""
    ctx.invoke(_to(token_program, token.get_account_data_size(mint=mint)))
    returned = ctx.return_data()
    if returned is None:
        fail(InstructionErrors.InvalidInstructionData, "the token program returned no size")
    program_id, data = returned
    require(program_id == token_program.key, InstructionErrors.IncorrectProgramId)
    require(len(data) == 8, InstructionErrors.InvalidInstructionData)
    return int.from_bytes(data, "little")


def _to(token_program: UncheckedAccount, call: Instruction) -> Instruction:
    """The same call, to the token program that the caller named, which may be another."""
    return replace(call, program_id=token_program.key)


def _token_account(account: UncheckedAccount) -> TokenAccount | None:
    try:
        return load(TokenAccount, account)
    except ProgramFailure:
        return None  # owned by the token program, but not a token account yet


def _require_owned(account: UncheckedAccount, token_program: UncheckedAccount) -> None:
    owned = account.owner == token_program.key
    require(owned, InstructionErrors.IllegalOwner, account=account)


def _require_owner(account: TokenAccount, owner: UncheckedAccount) -> None:
    require(account.token_owner == owner.key, AssociatedTokenError.InvalidOwner, account=account)


def _signing_seeds(
    wallet: UncheckedAccount, mint: UncheckedAccount, token_program: UncheckedAccount
) -> list[bytes]:
    """The seeds of an associated account's address, bump included, with which it signs."""
    seeds: list[bytes] = [wallet.key, token_program.key, mint.key]
    _, bump = Pubkey.find_program_address(seeds, ASSOCIATED_TOKEN_ID)
    return [*seeds, bytes((bump,))]
