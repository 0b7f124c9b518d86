"""Accounts that a caller places outside any block: checked, and remembered until the next block.

`Runtime.set_account`, `vm.set_account`, the accounts of fixtures and of replayed blocks, and
`state --import` all use this.

    described by values ──▶ placed_account ──┐
    Account objects ─────────────────────────┴──▶ PlacedAccounts.put, put_new ──▶ State.set

Guarantees: only the exact plain types that storage can hold reach the state. Raises UsageError that
names the account, the value and what to pass instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from ...primitives import SYSTEM_PROGRAM_ID, Account, Pubkey, UsageError
from ...primitives.integers import U64_MAX
from ...primitives.pubkey import KeyLike
from ...programs.kit import ACCOUNT_DATA_LEN_MAX, Layout, Program
from ...programs.kit.handlers.ownership import usual_owner
from ...programs.kit.program.program_set import ProgramSet
from .state import State


class PlacedAccounts:
    """The accounts placed since the last block. They are part of the next block's input, by which
    a store recognizes a block that it has run already. `count`: how often any were placed."""

    def __init__(self) -> None:
        self.accounts: dict[Pubkey, Account] = {}
        self.count = 0

    def put(self, state: State, accounts: Mapping[Pubkey, Account]) -> None:
        """Place accounts, replacing any that exist. Raises UsageError."""
        require_storable(accounts)
        for key, account in accounts.items():
            state.set(key, account)
        self._placed(accounts)

    def put_new(self, state: State, accounts: Mapping[Pubkey, Account]) -> None:
        """Place those accounts that do not exist in the state yet.

        So if a fixture is run as the next block of a store, it finds the accounts as earlier blocks
        left them. Raises UsageError.
        """
        require_storable(accounts)
        known = state.load(tuple(accounts))
        for (key, account), held in zip(accounts.items(), known, strict=True):
            if held is None:
                state.set(key, account)
        self._placed(accounts)

    def committed(self) -> None:
        """Forget them: they were committed with a block."""
        self.accounts.clear()

    def discard(self, state: State) -> None:
        """Remove them from the state, for a block that it has run already."""
        state.discard()
        self.accounts.clear()
        self.count += 1

    def _placed(self, accounts: Mapping[Pubkey, Account]) -> None:
        self.accounts.update(accounts)
        self.count += 1


def placed_account(
    key: KeyLike,
    values: dict[str, Any],
    programs: ProgramSet,
    resolve: Callable[[KeyLike], Pubkey],
) -> Account:
    """Make an account from these values. `key` is for error messages.

    The default owner (None) is the program that lists the layout if `data` is a layout value,
    otherwise the system program.
    """
    lamports, executable = values["lamports"], values["executable"]
    _require_numbers(key, lamports, executable)
    owner = _owner_id(key, values["owner"], values["data"], programs, resolve)
    return Account(lamports, owner, _raw_data(key, values["data"]), executable)


def require_storable(accounts: Mapping[Pubkey, Account]) -> None:
    """Raise UsageError for an account that storage cannot hold unchanged."""
    for key, account in accounts.items():
        if type(key) is not Pubkey or type(account) is not Account:
            raise UsageError(f"{key!r}: {account!r}: give accounts as Pubkey and Account")
        _require_numbers(key, account.lamports, account.executable)
        if type(account.owner) is not Pubkey:
            given = f"owner of {key!r}: {account.owner!r}"
            raise UsageError(f"{given} is no Pubkey; write Pubkey.of(…)")
        if type(account.data) is not bytes:
            raise UsageError(f"data of {key!r} must be bytes, not {type(account.data).__name__}")
        _require_data_len(key, account.data)


def _require_numbers(key: KeyLike, lamports: object, executable: object) -> None:
    if type(lamports) is not int or not 0 <= lamports <= U64_MAX:
        raise UsageError(f"lamports of {key!r}: {lamports!r} is no integer in [0, 2^64)")
    if type(executable) is not bool:
        raise UsageError(f"executable of {key!r}: {executable!r} is neither True nor False")


def _require_data_len(key: KeyLike, raw: bytes) -> None:
    if len(raw) > ACCOUNT_DATA_LEN_MAX:
        raise UsageError(f"data of {key!r}: {len(raw)} bytes, {ACCOUNT_DATA_LEN_MAX} at most")


def _owner_id(
    key: KeyLike,
    owner: Any,
    data: Any,
    programs: ProgramSet,
    resolve: Callable[[KeyLike], Pubkey],
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


def _raw_data(key: KeyLike, data: Any) -> bytes:
    content: object = data.encode() if isinstance(data, Layout) else data
    if not isinstance(content, (bytes, bytearray, memoryview)):  # bytes(5) would be five zeros
        is_layout = isinstance(data, type) and issubclass(cast("type[Any]", data), Layout)
        what = f"the layout itself: {data.__name__}(…)" if is_layout else type(data).__name__
        raise UsageError(f"data of {key!r} must be bytes or a layout value, not {what}")
    raw = bytes(cast(bytes, content))
    _require_data_len(key, raw)
    return raw
