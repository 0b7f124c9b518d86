"""An account as a caller puts it in place, outside any block: every value checked.

Guarantees: what comes out is made of exactly the plain types that storage holds. Raises UsageError
that names the account, the value and what would do instead.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, cast

from ...primitives import SYSTEM_PROGRAM_ID, Account, Pubkey, UsageError
from ...programs.kit import ACCOUNT_DATA_LEN_MAX, Layout, Program
from ...programs.kit.handlers.ownership import usual_owner
from ...programs.kit.program.program_set import ProgramSet

_U64_MAX: Final = 2**64 - 1


def placed_account(
    key: str | bytes,
    values: dict[str, Any],
    programs: ProgramSet,
    resolve: Callable[[str | bytes], Pubkey],
) -> Account:
    """The account that `lamports`, `owner`, `data` and `executable` describe; `key` names it.

    With no owner (None), a layout's data belongs to the program that lists the layout, all else to
    the system program.
    """
    lamports, executable = values["lamports"], values["executable"]
    if type(lamports) is not int or not 0 <= lamports <= _U64_MAX:
        raise UsageError(f"lamports of {key!r}: {lamports!r} is no integer in [0, 2^64)")
    if type(executable) is not bool:
        raise UsageError(f"executable of {key!r}: {executable!r} is neither True nor False")
    owner = _owner_id(key, values["owner"], values["data"], programs, resolve)
    return Account(lamports, owner, _raw_data(key, values["data"]), executable)


def _owner_id(
    key: str | bytes,
    owner: Any,
    data: Any,
    programs: ProgramSet,
    resolve: Callable[[str | bytes], Pubkey],
) -> Pubkey:
    if isinstance(owner, Program):
        return owner.id
    if owner is not None:
        return resolve(owner)
    try:
        usual = usual_owner(type(data), programs) if isinstance(data, Layout) else None
    except UsageError as error:
        raise UsageError(f"owner of {key!r}: {error.message}") from error
    return SYSTEM_PROGRAM_ID if usual is None else usual.id


def _raw_data(key: str | bytes, data: Any) -> bytes:
    content: object = data.encode() if isinstance(data, Layout) else data
    if not isinstance(content, (bytes, bytearray, memoryview)):  # bytes(5) would be five zeros
        is_layout = isinstance(data, type) and issubclass(cast("type[Any]", data), Layout)
        what = f"the layout itself: {data.__name__}(…)" if is_layout else type(data).__name__
        raise UsageError(f"data of {key!r} must be bytes or a layout value, not {what}")
    raw = bytes(cast(bytes, content))
    if len(raw) > ACCOUNT_DATA_LEN_MAX:
        raise UsageError(f"data of {key!r}: {len(raw)} bytes, {ACCOUNT_DATA_LEN_MAX} at most")
    return raw
