"""The interface between a state and its root: the ways in which a root can commit to a state.

    accounts of a block, placed accounts ──▶ StateChange ──▶ Commitment.next ──▶ NextRoot
                                                                                   │ committed
                                                       Commitment ◀── commitment() ┘

MemoryState and Store each hold one Commitment, to the state that is committed. For every block,
whether it is committed or only executed as a candidate, they describe what it changes and ask for
the next root; when the block is committed, they replace their commitment by the next. So a root is
computed once for each block, and a candidate that is dropped leaves no trace.

A new kind is a class that derives from Commitment, and a line in kinds.py. It may keep whatever it
likes in memory. It must give the same roots whichever blocks an account was changed in on the way
(if `covers_placed`), on every machine, and after `restored`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from typing import ClassVar, Final, Self

from .keyed_states import KeyedStates
from .state_change import StateChange

ROOT_LEN: Final = 32  # bytes, of every kind

AccountSource = Callable[[], Iterable[KeyedStates]]  # each account once, keys ascending throughout


class NextRoot(ABC):
    """The root after a change that is not committed. May still be computed in the background."""

    @property
    @abstractmethod
    def root(self) -> bytes:
        """The root after the change, ROOT_LEN bytes. Waits for it."""

    @property
    @abstractmethod
    def stored(self) -> bytes:
        """What a store writes to the disk in the same entry as the change: STORED_LEN bytes."""

    @abstractmethod
    def commitment(self) -> Commitment:
        """The commitment to the state after the change. Called once, when that is committed: it may
        be the one that `next` was called on, changed in place."""


class Commitment(ABC):
    """A commitment to one state.

    `KIND`: its name, as in `Runtime(root=…)`. `COVERS_PLACED`: whether the root commits to all
    accounts that there are. Accounts that are placed are then part of the next root, and so `next`
    is called for those that a store commits without a block, too. Otherwise it commits to what
    blocks changed, and only for blocks is `next` called. `STORED_LEN`: bytes of `NextRoot.stored`.
    """

    KIND: ClassVar[str]
    COVERS_PLACED: ClassVar[bool]
    STORED_LEN: ClassVar[int]

    @classmethod
    @abstractmethod
    def of_nothing(cls) -> Self:
        """The commitment to a state without accounts, before the first block."""

    @classmethod
    @abstractmethod
    def restored(cls, root: bytes, stored: bytes, accounts: AccountSource) -> Self:
        """The commitment to a state in a store.

        `root`: that of the last block; with COVERS_PLACED, accounts may have been committed since,
        and then it is not `self.root`. `stored`: what the last commit stored, or what `of_nothing`
        has as `stored`. `accounts` reads all accounts, in as many parts as it takes; call it only
        if what is stored does not suffice. Raises ValueError if these cannot belong together.
        """

    @property
    @abstractmethod
    def root(self) -> bytes:
        """ROOT_LEN bytes."""

    @property
    @abstractmethod
    def stored(self) -> bytes:
        """As NextRoot has it."""

    @abstractmethod
    def next(self, change: StateChange) -> NextRoot:
        """The root after a change. Changes nothing that can be seen; any number of changes may be
        tried on one commitment, and at most one of them is committed."""

    @abstractmethod
    def copy(self) -> Self:
        """A commitment to the same state that no longer changes with this one."""

    @abstractmethod
    def check(self, accounts: AccountSource) -> bool:
        """Whether it is the commitment to exactly these accounts, computed from them alone. True
        if accounts do not determine it. For `sealane state --verify`."""
