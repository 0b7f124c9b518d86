"""Several instructions in one, so that a calling program pays for a single nested call.

Each part of the data has its number of accounts and its length, one byte each, then its own data.
The accounts of the parts follow each other.
"""

from __future__ import annotations

from typing import Final

from ...kit import Context, Instruction, InstructionErrors, Rest, UncheckedAccount, fail, require
from . import compute_units
from .checks import require_owned
from .errors import TokenError
from .program import token
from .state import TOKEN_ID

_BATCH_TAG: Final = 255
_HEADER_LEN: Final = 2
_BYTE_MAX: Final = 255
# Accounts that a part may change. The runtime checks owners only at the end of the whole batch, so
# they are checked here; instructions not listed check owners themselves or change nothing.
_CHANGED: Final = {
    "transfer": (0, 1),
    "transfer_checked": (0, 2),
    "mint_to": (0, 1),
    "mint_to_checked": (0, 1),
    "burn": (0, 1),
    "burn_checked": (0, 1),
    "approve": (0,),
    "approve_checked": (0,),
    "revoke": (0,),
    "set_authority": (0,),
    "close_account": (0,),
    "freeze_account": (0,),
    "thaw_account": (0,),
    "initialize_immutable_owner": (0,),
    "withdraw_excess_lamports": (0,),
    "unwrap_lamports": (0,),
}


@token.instruction(tag=_BATCH_TAG, compute_units=compute_units.BATCH)
def batch(ctx: Context, accounts: list[UncheckedAccount], parts: Rest) -> None:
    """Run instructions of this program in order.

    `sealane.programs.library.token.batch_of` builds one from them.
    """
    first = 0
    while True:
        require(len(parts) >= _HEADER_LEN, TokenError.InvalidInstruction)
        count, length = parts[0], parts[1]
        data, parts = parts[_HEADER_LEN : _HEADER_LEN + length], parts[_HEADER_LEN + length :]
        require(0 < length == len(data), TokenError.InvalidInstruction)
        given = accounts[first : first + count]
        require(len(given) == count, InstructionErrors.NotEnoughAccountKeys)
        _require_part(data, given)
        ctx.run(token, data, first=first, count=count)
        first += count
        if not parts:
            return


def batch_of(*instructions: Instruction) -> Instruction:
    """One instruction that has the effect of all these token instructions, or none.

    >>> from sealane.programs.library.token import batch_of, token
    >>> sync = token.sync_native(account="alice_sol")
    >>> batch_of(sync, sync).data.hex()
    'ff010111010111'
    """
    data = bytearray((_BATCH_TAG,))
    for part in instructions:
        data += bytes((len(part.accounts), len(part.data))) + part.data
    metas = tuple(meta for part in instructions for meta in part.accounts)
    return Instruction(TOKEN_ID, metas, bytes(data), token)


def _require_part(data: bytes, accounts: list[UncheckedAccount]) -> None:
    """Require that the part is not a batch and may change only accounts of this program."""
    if data[0] == _BATCH_TAG:
        fail(TokenError.InvalidInstruction, "a batch cannot hold another")
    changed = _CHANGED.get(token.instruction_for(data).name, ())
    require(len(accounts) > max(changed, default=-1), InstructionErrors.NotEnoughAccountKeys)
    require_owned(*(accounts[index] for index in changed))
