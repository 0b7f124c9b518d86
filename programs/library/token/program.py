"""The token program itself; the modules beside this one declare its instructions."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from ...kit import Address, Program, Signs, UncheckedAccount
from .errors import TokenError
from .state import Mint, Multisig, TokenAccount

token = Program(
    "token",
    errors=TokenError,
    layouts=[Mint, TokenAccount, Multisig],
    invalid_data=TokenError.InvalidInstruction,
    about="tokens: mints, accounts that hold them, transfers, approvals (SPL Token)",
    trusted=True,
)

# The authority: one key, or a multisig account and those of its signers that sign. The handlers
# check owners and signatures themselves, because SPL Token makes other checks first.
Authority: TypeAlias = Annotated[UncheckedAccount, Signs(unless="signers")]
Signers: TypeAlias = Annotated[list[UncheckedAccount], Signs()]
RentSysvar: TypeAlias = Annotated[UncheckedAccount, Address("rent")]
