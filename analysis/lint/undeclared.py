"""What a failed transaction touched without declaring it: its failure names the account.

The declaration is mended and the transaction run again, as often as it then fails for another
account, so that all that it lacks is found, and not only what it failed for first.

    MissingAccount             the instruction does not declare the account: undeclared-read
    ReadonlyDataModified,      the account is locked read-only: undeclared-write
    ReadonlyLamportChange
    ModifiedProgramId,         the same, if the transaction no longer fails so once it may write
    PrivilegeEscalation        the account; there are other reasons for these
    too few accounts           by the instruction's signature: which account is not known

Nor is it for a write through a memoryview, if the instruction has several read-only accounts.

Does not: find what an account that was not passed on to a nested call would need there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from ...primitives import Account, Failure, InstructionErrors, Pubkey
from ...runtime.block.limits import ACCOUNT_LOCKS_MAX
from .draft import Draft
from .finding import Found, Kind, Mend

MENDS_MAX: Final = 2 * ACCOUNT_LOCKS_MAX  # a transaction can lock no more: to read, then to write
_READONLY: Final = {
    InstructionErrors.ReadonlyDataModified.name,
    InstructionErrors.ReadonlyLamportChange.name,
}
_PERHAPS: Final = {
    InstructionErrors.ModifiedProgramId.name,
    InstructionErrors.PrivilegeEscalation.name,
}
_MISSING: Final = InstructionErrors.MissingAccount.name

StateOf = Callable[[Pubkey], Account]


class _Lack(NamedTuple):
    """A right that the failure says is missing. `certain`: whether it can have no other reason."""

    key: Pubkey
    write: bool
    certain: bool


class Undeclared(NamedTuple):
    """What is undeclared, and the failure that is left once it is declared, if any."""

    found: list[Found]
    left: Failure | None


def find_undeclared(draft: Draft, failure: Failure, state_of: StateOf) -> Undeclared:
    """What is undeclared in a transaction that failed so.

    `state_of` gives what an account holds before it.
    """
    found: dict[Pubkey, Found] = {}
    left: Failure | None = failure
    for _ in range(MENDS_MAX):
        lack = None if left is None else _lack(draft, left)
        if left is None or lack is None:
            break
        mended = _mended(draft, lack, left.instruction or 0, state_of)
        ended = mended.run().detail.failure
        is_mended = ended is None or (ended.name, ended.account) != (left.name, left.account)
        if not is_mended and not lack.certain:
            break
        found[lack.key] = _found(mended, lack, left, is_mended=is_mended)
        if not is_mended:
            break
        draft, left = mended, ended
    nameless = [] if left is None else [*_too_few(draft, left), *_unnamed_write(draft, left)]
    return Undeclared([*found.values(), *nameless], left)


def _lack(draft: Draft, failure: Failure) -> _Lack | None:
    key = _key(failure.account)
    if key is None or failure.program is not None or failure.instruction is None:
        return None
    if failure.name == _MISSING:
        declared = draft.calls[failure.instruction].accounts
        # Declared, it was not passed on to a nested call: no lock is missing.
        return None if key in declared else _Lack(key, write=False, certain=True)
    account = draft.accounts.get(key)
    if account is None or account.writable or failure.name not in _READONLY | _PERHAPS:
        return None
    if draft.is_constant(key):
        return None  # no declaration would let it be written
    return _Lack(key, write=True, certain=failure.name in _READONLY)


def _key(account: str | None) -> Pubkey | None:
    try:
        return None if account is None else Pubkey.from_base58(account)
    except ValueError:
        return None  # a program's own text


def _mended(draft: Draft, lack: _Lack, instruction: int, state_of: StateOf) -> Draft:
    if lack.write:
        return draft.locking(lack.key, write=True)
    return draft.declaring(lack.key, state_of(lack.key), instruction)


def _found(mended: Draft, lack: _Lack, failure: Failure, *, is_mended: bool) -> Found:
    kind = Kind.UNDECLARED_WRITE if lack.write else Kind.UNDECLARED_READ
    mend = Mend.DECLARATION if is_mended else Mend.PROGRAM
    lock = mended.accounts[lack.key].writable
    return Found(mended.position, lack.key, kind, mend, lock, f"{failure.name}: {failure.message}")


def _too_few(draft: Draft, failure: Failure) -> list[Found]:
    """The accounts that the failed instruction's signature has beyond those that are declared."""
    if failure.instruction is None:
        return []
    call = draft.calls[failure.instruction]
    program = draft.inputs.programs.get(draft.inputs.block.program_ids[call.program])
    spec = None if program is None else program.find_instruction(call.data)
    if program is None or spec is None or failure.name != program.too_few_accounts.name:
        return []
    lacking = spec.accounts[len(call.accounts) : spec.account_count_min]
    return [
        Found(
            draft.position,
            None,
            Kind.UNDECLARED_WRITE if parameter.writable else Kind.UNDECLARED_READ,
            Mend.DECLARATION,
            parameter.writable,
            f"{failure.name}: {spec.full_name} takes {parameter.name!r}, which is not declared",
        )
        for parameter in lacking
    ]


def _unnamed_write(draft: Draft, failure: Failure) -> list[Found]:
    if failure.account is not None or failure.name not in _READONLY:
        return []
    reason = f"{failure.name}: {failure.message}"
    kind = Kind.UNDECLARED_WRITE
    return [Found(draft.position, None, kind, Mend.DECLARATION, lock=True, reason=reason)]
