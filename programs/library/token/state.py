"""Layouts of the token program's accounts, byte for byte as in SPL Token.

Mint: 82 bytes. Account: 165 bytes. Multisig: 355 bytes. The lengths differ, so they identify the
kind.

    >>> from sealane.programs.library.token import Mint, Multisig, TokenAccount
    >>> Mint.layout_size, TokenAccount.layout_size, Multisig.layout_size
    (82, 165, 355)
"""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Final, TypeVar

from ...kit import (
    COption,
    InstructionErrors,
    Layout,
    Name,
    Pubkey,
    Size,
    UncheckedAccount,
    require,
    u8,
    u64,
)

MULTISIG_SIGNERS_MAX: Final = 11
TOKEN_ID: Final = Pubkey.of("token")
NATIVE_MINT_ID: Final = Pubkey.of("native_mint")


class AccountState(Enum):
    """The state of a token account."""

    Uninitialized = 0
    Initialized = 1
    Frozen = 2


class TokenState(Layout):
    """Base of the three layouts."""

    @property
    def initialized(self) -> bool:
        raise NotImplementedError


class Mint(TokenState, program="token"):
    """A kind of token. Without a mint authority its supply is fixed."""

    mint_authority: COption[Pubkey]
    supply: u64
    decimals: u8
    is_initialized: bool
    freeze_authority: COption[Pubkey]

    @property
    def initialized(self) -> bool:
        return self.is_initialized


class TokenAccount(TokenState, name="Account", program="token"):
    """An owner's tokens of one mint. `is_native`: for wrapped lamports, the reserved rent."""

    mint: Pubkey
    token_owner: Annotated[Pubkey, Name("owner")]
    amount: u64
    delegate: COption[Pubkey]
    state: AccountState
    is_native: COption[u64]
    delegated_amount: u64
    close_authority: COption[Pubkey]

    @property
    def initialized(self) -> bool:
        return self.state is not AccountState.Uninitialized


class Multisig(TokenState, program="token"):
    """An authority of which `m` of the first `n` signers must sign."""

    m: u8
    n: u8
    is_initialized: bool
    signers: Annotated[list[Pubkey], Size(MULTISIG_SIGNERS_MAX)]

    @property
    def initialized(self) -> bool:
        return self.is_initialized


State = TypeVar("State", bound=TokenState)


def load_any(layout: type[State], account: UncheckedAccount) -> State:
    """The account's data as `layout`, initialized or not."""
    require(
        account.data_len == layout.layout_size,
        InstructionErrors.InvalidAccountData,
        lambda: f"{account.data_len} bytes are no token.{layout.layout_name}",
        account=account,
    )
    return layout.view(account)


def load(layout: type[State], account: UncheckedAccount) -> State:
    """The account's data as `layout`, initialized."""
    state = load_any(layout, account)
    require(state.initialized, InstructionErrors.UninitializedAccount, account=account)
    return state


def assign(state: TokenState, **values: object) -> None:
    """Set fields to these values, writing only those that change.

    The chain compares data before and after, so a program may write the present values to a
    read-only account.
    """
    for name, value in values.items():
        if getattr(state, name) != value:
            setattr(state, name, value)
