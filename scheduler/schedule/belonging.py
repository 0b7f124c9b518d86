"""What the accounts of a block belong to: in one phrase, as far as its file tells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...primitives.one_line import counted
from ..access import AccessLists
from .calls import Calls


def as_written(name: str) -> str:
    """A name that has one spelling."""
    return name


class Owner(NamedTuple):
    """The program that owns an account; of a token account also its mint, and whose it is.

    Names as in the schedule; None where the file does not tell.
    """

    program: str | None = None
    mint: str | None = None
    holder: str | None = None


@dataclass(frozen=True, eq=False, repr=False)
class Belonging:
    """The accounts of a block, whole: what-ifs do not change what an account belongs to.

    `names` by account id. `labels`: what people call the account or program of a name.
    `owners` by account id. `access`, `payers` int64[n] and `calls`: of all n transactions.
    `incidental`: programs called beside what a transaction is about, which tell little of the
    accounts; the higher the number, the less. `groups`: names that stand for several accounts, such
    as an address for its keys, with the ids of these. `spell`: how the file would spell a name that
    a user gives.
    """

    names: Sequence[str]
    access: AccessLists
    payers: NDArray[np.int64]
    calls: Calls
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    owners: Mapping[int, Owner] = field(default_factory=dict[int, Owner])
    incidental: Mapping[str, int] = field(default_factory=dict[str, int])
    groups: Mapping[str, Sequence[int]] = field(default_factory=dict[str, "Sequence[int]"])
    spell: Callable[[str], str] = as_written

    def called(self, name: str) -> str:
        """The label of what has this name; without one, the name."""
        return self.labels.get(name, name)

    def of(self, account: int) -> str:
        """Whose the account is: "token account of USDC, owner alice", "used by Whirlpool".

        The first that is known of: a program, a token account, an owner, a payer, and the program
        that most transactions which lock the account call. Empty if nothing is.
        """
        if account >= len(self.users):
            return ""
        owner = self.owners.get(account)
        if self.names[account] in self.calls.program_names:
            return "a program"
        if owner is not None and owner.mint is not None:
            holder = "" if owner.holder is None else f", owner {self.called(owner.holder)}"
            return f"token account of {self.called(owner.mint)}{holder}"
        if owner is not None and owner.program is not None:
            return f"owned by {self.called(owner.program)}"
        paid = int(np.count_nonzero(self.payers == account))
        if paid:
            return f"pays for {counted(paid, 'transaction')}"
        user = int(self.users[account])
        return "" if user < 0 else f"used by {self.called(self.calls.program_names[user])}"

    @cached_property
    def users(self) -> NDArray[np.int64]:
        """int64[account_count]: the program that most transactions locking an account call.

        An index into the calls' program names, -1 for none. An incidental program counts only
        where there is none that tells more. Of equals, the one that the block calls first.
        """
        found = np.full(self.access.account_count, -1, dtype=np.int64)
        programs = len(self.calls.program_names)
        if not programs:
            return found
        pairs, counts = np.unique(self._locks_by_program(programs), return_counts=True)
        accounts, called = pairs // programs, pairs % programs
        names = self.calls.program_names
        little = np.array([self.incidental.get(name, 0) for name in names])
        order = np.lexsort((called, -counts, little[called], accounts))
        firsts = order[np.flatnonzero(np.diff(accounts[order], prepend=-1))]
        found[accounts[firsts]] = called[firsts]
        return found

    def _locks_by_program(self, programs: int) -> NDArray[np.int64]:
        """account × programs + program, for each program that a transaction calls and each lock."""
        # Not np.unique: it imports numpy.ma, a tenth of what `run` takes to start.
        ordered = np.sort(self.calls.positions * programs + self.calls.programs)
        calls = ordered[np.diff(ordered, prepend=-1) > 0]
        bounds = np.searchsorted(calls, np.arange(len(self.access) + 1) * programs)
        positions = self.access.positions
        repeats = np.diff(bounds)[positions]
        rows = np.repeat(np.arange(len(positions)), repeats)
        nth = np.arange(len(rows)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
        called = calls[bounds[positions[rows]] + nth] % programs
        return self.access.accounts[rows].astype(np.int64) * programs + called
