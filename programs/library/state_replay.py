"""Replays recorded changes of values: asserts what is there, then puts the next value in its place.

Stands for whatever a recorded transaction of another chain ran. An account holds one value of 32
bytes, or none that is known; a call says of each of its accounts what must be there, if that is
known, and what comes next, if the transaction changes it. So it fails where a transaction runs
before one that it must wait for, or where a record contradicts itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from struct import Struct
from typing import Final, NamedTuple

from ..kit import Errors, Mut, Program, Rest, UncheckedAccount, fail

VALUE_LEN: Final = 32
_HELD: Final = Struct(f"<?{VALUE_LEN}s")  # whether the value is known, and the value
_CHANGE: Final = Struct(f"<???{VALUE_LEN}s{VALUE_LEN}s")
_UNKNOWN: Final = bytes(VALUE_LEN)


class StateReplayError(Errors):
    """Errors of a replayed transaction."""

    ValueMismatch = 0, "a value is not what was recorded"


class Change(NamedTuple):
    """What a transaction finds in one account and leaves there; None for what is not known.

    `writes`: whether it changes the value, to `after`.
    """

    found: bytes | None
    writes: bool
    after: bytes | None


state_replay = Program("state_replay", errors=StateReplayError, trusted=True)


@state_replay.instruction(tag=0)
def apply(accounts: list[Mut[UncheckedAccount]], changes: Rest) -> None:
    """Assert each account's value and put the next one in its place. `changes`: one for each."""
    for account, change in zip(accounts, _CHANGE.iter_unpack(changes), strict=True):
        asserts, writes, is_known, found, after = change
        held = bytes(account.data)
        if asserts and held != _HELD.pack(True, found):
            fail(
                StateReplayError.ValueMismatch,
                f"{_shown(held)} was found, {_hex(found)} expected",
                account=str(account.key),
            )
        if writes:
            account.data = _HELD.pack(is_known, after)


def encode_changes(changes: Iterable[Change]) -> bytes:
    """The `changes` argument."""
    return b"".join(
        _CHANGE.pack(
            change.found is not None,
            change.writes,
            change.after is not None,
            change.found or _UNKNOWN,
            change.after or _UNKNOWN,
        )
        for change in changes
    )


def held_data(value: bytes | None) -> bytes:
    """The data of an account that holds a value; None: one that is not known."""
    return _HELD.pack(value is not None, value or _UNKNOWN)


def held_value(data: bytes) -> bytes | None:
    """The value that an account with this data holds; None if it is not known."""
    is_known, value = _HELD.unpack(data)
    return value if is_known else None


def _shown(data: bytes) -> str:
    value = held_value(data)
    return "nothing known" if value is None else _hex(value)


def _hex(value: bytes) -> str:
    return hex(int.from_bytes(value, "big"))
