"""Accounts that exist without having been placed: programs and sysvars."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ...primitives import Account, Pubkey
from ...programs.kit import Program, Sysvars

# Programs are accounts too: executable, and owned by the loader of built-in programs.
_LOADER_ID: Final = Pubkey.of("NativeLoader1111111111111111111111111111111")
_PROGRAM_ACCOUNT: Final = Account(1, _LOADER_ID, b"", executable=True)


def native_accounts(programs: Iterable[Program], sysvars: Sysvars) -> dict[Pubkey, Account]:
    """The state, by key, of accounts that no block and no caller has set."""
    known = dict.fromkeys((program.id for program in programs), _PROGRAM_ACCOUNT)
    return {**sysvars.accounts(), **known}
