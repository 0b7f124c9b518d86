"""Applies recorded balance changes, after asserting the balances recorded before them.

Replaces whatever a recorded transaction called. It has the system program's id, and all accounts
are owned by the system program, so that it may debit each of them; a runtime for replays therefore
has this program in place of the real one. All rules apply to it as to any other program: a change
that the recorded access list does not allow fails.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final, NoReturn

from ..kit import Errors, Mut, Program, Rest, UncheckedAccount, fail

_BALANCES: Final = struct.Struct("<QQ")


class ReplayError(Errors):
    """Errors of a replayed transaction."""

    BalanceMismatch = 0, "a balance is not what was recorded, or was recorded impossibly"
    RecordedFailure = 1, "the recorded transaction failed"


replay = Program("replay", id="system", errors=ReplayError, pays_fees=True, trusted=True)


@replay.instruction(tag=0)
def apply(accounts: list[Mut[UncheckedAccount]], balances: Rest) -> None:
    """Set each account's lamports. `balances`: for each, u64 expected and u64 final."""
    pairs = list(_checked(accounts, balances))
    for account, expected, final in pairs:
        if final == expected:
            continue
        if not account.is_writable:
            _mismatch(account, f"changed to {final}, and is locked for reading")
        account.lamports = final


@replay.instruction(tag=1)
def fail_as_recorded(accounts: list[Mut[UncheckedAccount]], balances: Rest) -> None:
    """Assert the balances as `apply` does, then fail, since the recorded transaction failed."""
    for account, expected, final in _checked(accounts, balances):
        if final != expected:
            _mismatch(account, f"changed to {final}, by a transaction that failed")
    fail(ReplayError.RecordedFailure)


def encode_balances(pairs: Iterator[tuple[int, int]]) -> bytes:
    """The `balances` argument for (expected, final) pairs."""
    return b"".join(_BALANCES.pack(expected, final) for expected, final in pairs)


def _checked(
    accounts: list[UncheckedAccount], balances: bytes
) -> Iterator[tuple[UncheckedAccount, int, int]]:
    """Each account with its balances, after checking that its balance is the expected one."""
    pairs = _BALANCES.iter_unpack(balances)
    for account, (expected, final) in zip(accounts, pairs, strict=True):
        if account.lamports != expected:
            _mismatch(account, f"{expected} were recorded")
        yield account, expected, final


def _mismatch(account: UncheckedAccount, recorded: str) -> NoReturn:
    fail(
        ReplayError.BalanceMismatch,
        f"{account.key} holds {account.lamports} lamports; {recorded}",
        account=str(account.key),
    )
