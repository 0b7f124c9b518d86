"""What lint finds: one account that one transaction declares wrongly, or cannot be judged."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from ...primitives import Pubkey
from ...primitives.exact_integers import exact_integer


class Kind(StrEnum):
    """How a declaration and a touch differ."""

    UNDECLARED_READ = "undeclared-read"
    UNDECLARED_WRITE = "undeclared-write"
    UNNEEDED_WRITE = "unneeded-write"  # declared writable, and never written
    UNNEEDED_ACCOUNT = "unneeded-account"  # declared, and neither read nor written
    UNNEEDED_OPERATION = "unneeded-operation"  # Sei: other operations order as much

    @property
    def is_undeclared(self) -> bool:
        return self in (Kind.UNDECLARED_READ, Kind.UNDECLARED_WRITE)


class Mend(StrEnum):
    """Where a finding is mended.

    DECLARATION: in what the transaction declares; nothing else has to change. PROGRAM: in the
    signature of an instruction, which demands it. UNKNOWN: the block does not record whether a
    program demands it.
    """

    DECLARATION = "declaration"
    PROGRAM = "program"
    UNKNOWN = "unknown"


class Found(NamedTuple):
    """A difference, before it has a price. `lock`: what the account's lock is once it is mended:
    whether it writes, None for no lock. `key` is None if it is not known which account it is."""

    position: int
    key: Pubkey | None
    kind: Kind
    mend: Mend
    lock: bool | None
    reason: str


class Unknown(NamedTuple):
    """A transaction that cannot be judged in full: how many of its writes, and why."""

    transaction: str
    writes: int
    reason: str


class Saved(NamedTuple):
    """How much shorter the plan becomes: in waves, and on the critical path in cost. Negative where
    it becomes longer, as what is mended adds a conflict."""

    waves: int = 0
    critical_path: int = 0

    def rank(self) -> tuple[int, int]:
        """For sorting: what saves most comes first."""
        return -self.critical_path, -self.waves

    def to_dict(self) -> dict[str, int | str]:
        return {
            "waves_saved": self.waves,
            "critical_path_saved": exact_integer(self.critical_path),
        }


@dataclass(frozen=True, slots=True)
class Finding:
    """One account of one transaction: what is wrong, where to mend it, and what that saves.

    `account` and `saved` are None where it is not known which account is undeclared.
    """

    transaction: str
    account: str | None
    kind: Kind
    mend: Mend
    reason: str
    saved: Saved | None

    def rank(self) -> tuple[bool, int, int]:
        """For sorting: what is undeclared comes first, and as it stands; then what saves most."""
        if self.kind.is_undeclared:
            return False, 0, 0
        return True, *(self.saved or Saved()).rank()

    def to_dict(self) -> dict[str, Any]:
        price = {"waves_saved": None, "critical_path_saved": None}
        return {
            "transaction": self.transaction,
            "account": self.account,
            "kind": self.kind.value,
            **(price if self.saved is None else self.saved.to_dict()),
            "mend": self.mend.value,
            "reason": self.reason,
        }
