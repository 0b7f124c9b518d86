"""Compares what a transaction accessed with what it declared.

Guarantees: an account counts as read if the program read its lamports, owner, data or executable
flag, including in checks of its declared parameters; as written if one of them had changed at the
end of an instruction. Does not: detect a write of the previous value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from ..primitives import Account, Pubkey, Transaction
from ..runtime.svm.recorder import Recording
from .names import KeyNames
from .table import aligned

_NEVER_WRITTEN: Final = "declared writable, never written"
_NEVER_READ: Final = "declared, never read"


class AccountAccess(NamedTuple):
    """One account of a transaction. `read` and `written` name its parts: lamports, data, …."""

    name: str
    key: Pubkey
    writable: bool
    signer: bool
    payer: bool
    read: tuple[str, ...]
    written: tuple[str, ...]
    adds: bool = False

    @property
    def excess(self) -> str | None:
        """What was declared but not used, if anything. A payer is always writable."""
        if self.payer:
            return None
        if self.writable:
            return None if self.written else _NEVER_WRITTEN
        return None if self.read or self.signer else _NEVER_READ

    @property
    def declared(self) -> str:
        right = "only added to" if self.adds else "writable" if self.writable else "read-only"
        words = [right]
        words += ["signer"] * self.signer + ["payer"] * self.payer
        return ", ".join(words)


class Access(Mapping[str, AccountAccess]):
    """Every account that a transaction declared, by name (base58 if it has none).

    `ok` is whether the transaction succeeded: a failed one may not have reached everything it
    declares. Names are looked up on access, so a label may be given later.
    """

    def __init__(self, accounts: Iterable[AccountAccess], names: KeyNames, *, ok: bool) -> None:
        self._as_sent = tuple(accounts)
        self._names = names
        self._ok = ok

    @property
    def _accounts(self) -> dict[str, AccountAccess]:
        named = (each._replace(name=self._names.of(each.key)) for each in self._as_sent)
        return {each.name: each for each in named}

    @property
    def over_declared(self) -> dict[str, str]:
        """Account names and what was declared but not used; empty for a failed transaction.

        Every such lock delays other transactions needlessly.
        """
        if not self._ok:
            return {}
        return {name: a.excess for name, a in self._accounts.items() if a.excess is not None}

    def __getitem__(self, name: str) -> AccountAccess:
        accounts = self._accounts
        try:
            return accounts[name]
        except KeyError:
            known = ", ".join(accounts) or "none"
            raise KeyError(f"the transaction declares no account {name!r}, only {known}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._accounts)

    def __len__(self) -> int:
        return len(self._accounts)

    def __str__(self) -> str:
        rows = [("account", "declared", "read", "written", "")]
        over_declared = self.over_declared
        for name, account in self._accounts.items():
            read, written = (", ".join(parts) or "-" for parts in (account.read, account.written))
            rows.append((name, account.declared, read, written, over_declared.get(name, "")))
        return "\n".join(aligned(rows))

    def __repr__(self) -> str:
        return f"<Access {', '.join(self._accounts)}>"


def access_of(
    transaction: Transaction, recording: Recording, names: KeyNames, *, ok: bool
) -> Access:
    """The access of a recorded transaction."""
    metas = [meta for instruction in transaction.instructions for meta in instruction.accounts]
    signers = {meta.key for meta in metas if meta.signer} | {transaction.payer}
    accounts = (
        AccountAccess(
            names.of(key),
            key,
            touch.writable,
            key in signers,
            key == transaction.payer,
            _in_order(touch.read),
            _in_order(touch.changed),
            touch.adds,
        )
        for key, touch in recording.accounts.items()
    )
    return Access(accounts, names, ok=ok)


def _in_order(parts: set[str]) -> tuple[str, ...]:
    return tuple(part for part in Account._fields if part in parts)
