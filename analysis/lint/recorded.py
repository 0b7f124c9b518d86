"""Lints a recorded Solana block: what its instructions and balances prove about its locks.

Proved is little, since account data is not recorded. For an account that is locked for writing:

    in no instruction                         unneeded-account    no program could touch it
    only in instructions of known programs,   unneeded-write      these never write there
    at places that they never write
    all balances the same, and no program     unneeded-write      only the owner can have changed
    that owns it was given it to write                            the data; others, the lamports

Owners are known of token accounts and their mints, from token balances, and of accounts that hold
no lamports, which are the system program's. The last rule takes nested instructions as well, and
holds for transactions that succeeded: had a failed one gone on, it might have written anything.
Whether a program demands that the account is writable is not recorded. Does not: look at the payer,
at read-only accounts of failed transactions, or at data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple, cast

from ...ingest.solana.evidence import ShownCall
from ...ingest.solana.recorded import RecordedBlock
from ...primitives import SYSTEM_PROGRAM_ID, InputError, InstructionErrors, Pubkey
from ...primitives.reserved_keys import RESERVED_KEYS
from .finding import Found, Kind, Mend, Unknown
from .known_writes import is_known, may_write

# The runtime's own, which no program returns: what the instruction wrote is declared read-only.
_READONLY: Final = {
    InstructionErrors.ReadonlyDataModified.name,
    InstructionErrors.ReadonlyLamportChange.name,
}
_UNSHOWN: Final = "its instructions are not recorded"
_FAILED: Final = "failed: what it would have written is not known"
_UNSEEN: Final = "its programs may have changed data, which is not recorded"

Progress = Callable[[int], None]


def lint_recorded(
    recorded: RecordedBlock, path: str, progress: Progress | None = None
) -> tuple[list[Found], list[Unknown]]:
    """What is proved of a recorded block, in block order, and how many writes are not.

    `progress` is called with how much is done of twice the number of transactions.
    Raises InputError for an answer that is malformed where a plan does not look.
    """
    found: list[Found] = []
    unknown: list[Unknown] = []
    for position, transaction in enumerate(recorded.ids):
        try:
            linted = _Transaction(recorded, position)
        except InputError as error:
            message = f"transaction {transaction}: {error.message}"
            raise InputError(message, path=path) from error
        proved = list(linted.findings())
        found += proved
        untold = linted.writes_untold({each.key for each in proved})
        if untold:
            unknown.append(Unknown(transaction, untold, linted.why_untold))
        if progress is not None:
            progress(2 * (position + 1))
    return found, unknown


class _Reference(NamedTuple):
    """An instruction that may use an account: the program, the data, and the account's place.

    None for what is not recorded.
    """

    program: Pubkey | None
    data: bytes | None
    place: int | None


class _Transaction:
    """One recorded transaction. Accounts are positions in its message; the first is the payer."""

    def __init__(self, recorded: RecordedBlock, position: int) -> None:
        rows = recorded.rows(position)
        self._recorded = recorded
        self._position = position
        self._keys = recorded.keys_of(position)
        self._writable: list[bool] = recorded.writable[rows].tolist()
        self._signer: list[bool] = recorded.signer[rows].tolist()
        self._lamports_kept: list[bool] = (recorded.pre[rows] == recorded.post[rows]).tolist()
        self._lamports_before: list[int] = recorded.pre[rows].tolist()
        self._failed = bool(recorded.failed[position])
        self._shown = recorded.shown(position)

    def findings(self) -> Iterator[Found]:
        yield from self._undeclared()
        for account in range(1, len(self._keys)):
            proved = self._proved(account)
            if proved is not None:
                yield proved

    def writes_untold(self, told: set[Pubkey | None]) -> int:
        """How many accounts, the payer apart, it locks for writing and may not have written."""
        if self._recorded.is_vote[self._position] and not self._failed:
            return 0  # its vote account keeps each vote
        return sum(
            self._writable[account] and key not in told and not self._is_changed(account)
            for account, key in enumerate(self._keys)
            if account
        )

    @property
    def why_untold(self) -> str:
        if self._shown is None:
            return _UNSHOWN
        return _FAILED if self._failed else _UNSEEN

    def _proved(self, account: int) -> Found | None:
        if self._shown is None:
            return None
        references = list(self._references(account, self._shown.calls))
        used = references or account in self._invoked()
        if not self._writable[account]:
            return None if used or not self._is_waste(account) else self._account(account)
        if not used and not self._signer[account]:
            return self._account(account)
        if all(map(self._never_writes, references)):
            reason = "declared writable, and no instruction that is given it can write it"
            return self._write(account, Mend.DECLARATION, reason)
        if self._is_kept(account):
            reason = "declared writable, and nothing can have written it"
            return self._write(account, Mend.UNKNOWN, reason)
        return None

    def _account(self, account: int) -> Found:
        reason = "declared, and given to no instruction"
        key = self._keys[account]
        return Found(self._position, key, Kind.UNNEEDED_ACCOUNT, Mend.DECLARATION, None, reason)

    def _write(self, account: int, mend: Mend, reason: str) -> Found:
        key = self._keys[account]
        return Found(self._position, key, Kind.UNNEEDED_WRITE, mend, False, reason)

    def _is_waste(self, account: int) -> bool:
        """Whether a read-only account that no recorded instruction is given is one that none is."""
        key = self._keys[account]
        if self._signer[account] or key in RESERVED_KEYS or is_known(key) or self._failed:
            return False
        return self._shown is not None and self._shown.nested is not None

    def _is_kept(self, account: int) -> bool:
        """Whether the transaction certainly left the account as it was."""
        shown = self._shown
        if shown is None or shown.nested is None or self._failed or self._is_changed(account):
            return False
        if not self._recorded.has_balances:
            return False
        nested = [call for calls in shown.nested.values() for call in calls]
        owner = self._owner(account)
        return all(
            self._never_writes(reference) or self._is_foreign(reference.program, owner)
            for reference in self._references(account, [*shown.calls, *nested])
        )

    def _is_changed(self, account: int) -> bool:
        """Whether its lamports or its tokens changed."""
        token = None if self._shown is None else self._shown.tokens.get(account)
        moved = token is not None and token.before != token.after
        return moved or (self._recorded.has_balances and not self._lamports_kept[account])

    def _owner(self, account: int) -> Pubkey | None:
        """The program that owns the account before the transaction, if that is known."""
        assert self._shown is not None  # asked for what is shown only
        key = str(self._keys[account])
        for index, token in self._shown.tokens.items():
            is_it = index == account and token.before is not None
            if token.program is not None and (is_it or token.mint == key):
                return _key(token.program)
        return None if self._lamports_before[account] else SYSTEM_PROGRAM_ID

    @staticmethod
    def _never_writes(reference: _Reference) -> bool:
        program, data, place = reference
        return program is not None and is_known(program) and not may_write(program, data, place)

    @staticmethod
    def _is_foreign(program: Pubkey | None, owner: Pubkey | None) -> bool:
        """Whether a program that is not known in detail cannot have changed an account's data."""
        if program is None or owner is None:
            return False
        return program != owner and not is_known(program)

    def _references(self, account: int, calls: list[ShownCall]) -> Iterator[_Reference]:
        for call in calls:
            program = None if call.program is None else self._keys[call.program]
            if call.accounts is None:
                yield _Reference(program, call.data, None)
                continue
            for place, given in enumerate(call.accounts):
                if given == account:
                    yield _Reference(program, call.data, place)

    def _invoked(self) -> set[int | None]:
        shown = self._shown
        if shown is None:
            return set()
        nested = [call for calls in (shown.nested or {}).values() for call in calls]
        return {call.program for call in [*shown.calls, *nested]}

    def _undeclared(self) -> Iterator[Found]:
        """A write that the runtime refused: which account it was is not recorded.

        If the instruction made nested calls, one of them may have been given less than is declared.
        """
        index, name = _instruction_error(self._recorded.error[self._position])
        if name not in _READONLY or self._shown is None or self._shown.nested is None:
            return
        if not self._shown.nested.get(index):
            yield Found(
                self._position,
                None,
                Kind.UNDECLARED_WRITE,
                Mend.DECLARATION,
                True,
                f"{name} in instruction {index}: it wrote an account that is locked read-only",
            )


def _instruction_error(error: object) -> tuple[int, str | None]:
    """The instruction that failed, and the runtime's name of the error if it has one."""
    if not isinstance(error, dict):
        return -1, None
    match cast("dict[str, object]", error).get("InstructionError"):
        case [int(index), str(name)]:
            return index, name
        case _:
            return -1, None


def _key(text: str) -> Pubkey | None:
    try:
        return Pubkey.from_base58(text)
    except ValueError:
        return None
