"""Blocks for store tests that follow from a seed alone, and what a store must hold after each.

A plain dict is the model of the accounts; commitments/history.py is the model of the roots.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sealane.primitives import Account, Pubkey
from sealane.runtime import BlockRecord, Store
from sealane.runtime.columns.account_columns import AccountColumns
from sealane.runtime.commitments.history import history_root
from sealane.runtime.commitments.keyed_states import CommittedStates, KeyedStates
from sealane.runtime.commitments.kinds import ROOT_KINDS
from sealane.runtime.commitments.state_change import StateChange
from sealane.runtime.state.state import BlockSummary
from sealane.runtime.store.file_system import FileSystem

KEYS = [Pubkey(sha256(bytes([n])).digest()) for n in range(60)]
# So small that every few blocks the log is merged into the runs.
LOG_LEN_MAX = 12_000
CLOCK = 1.5


@dataclass
class Story:
    """Block h of seed s is always the same; `roots[h]` and `states[h]` are those after it.

    `root_kind`: of one that covers all accounts, each root is computed anew from all of them.
    """

    seed: int
    root_kind: str = "history"
    roots: list[bytes] = field(default_factory=list[bytes])
    states: list[dict[Pubkey, Account]] = field(default_factory=lambda: [{}])

    def __post_init__(self) -> None:
        self.roots.append(ROOT_KINDS[self.root_kind].of_nothing().root)

    def placed(self, height: int) -> dict[Pubkey, Account]:
        rnd = random.Random(f"{self.seed} placed {height}")
        return {key: _account(rnd) for key in rnd.sample(KEYS, rnd.choice((0, 0, 3)))}

    def changed(self, height: int) -> dict[Pubkey, Account]:
        rnd = random.Random(f"{self.seed} changed {height}")
        return {key: _account(rnd) for key in rnd.sample(KEYS, rnd.choice((0, 1, 5, 20)))}

    def summary(self, height: int) -> BlockSummary:
        return BlockSummary(sha256(f"{self.seed} {height}".encode()).digest(), height, 1, 0.5)

    def record(self, height: int) -> BlockRecord:
        """What the log of blocks says of it."""
        changed = len(self.changed(height))
        summary = self.summary(height)
        return BlockRecord(
            height, summary.input_hash, self.roots[height], height, 1, changed, 0.5, CLOCK
        )

    def know(self, height: int) -> None:
        """Work out what holds up to this height."""
        while len(self.roots) <= height:
            block = len(self.roots)
            changed = self.changed(block)
            self.states.append({**self.states[-1], **self.placed(block), **changed})
            if self.root_kind == "history":
                self.roots.append(history_root(self.roots[-1], KeyedStates.of(changed)))
            else:
                self.roots.append(root_of(self.root_kind, self.states[-1]))

    def run(self, store: Store, blocks: int = 1) -> None:
        """Commit the next blocks."""
        for _ in range(blocks):
            height = store.height + 1
            self.know(height)
            for key, state in self.placed(height).items():
                store.set(key, state)
            store.commit(self.changed(height), self.summary(height))

    def check(self, store: Store) -> None:
        """The store is exactly that of its height."""
        height = store.height
        self.know(height)
        assert store.root == self.roots[height]
        expected = self.states[height]
        assert store.load(KEYS) == [expected.get(key) for key in KEYS]
        assert dict(store.accounts()) == expected
        assert len(store) == len(expected)
        assert store.verify().accounts == len(expected)
        assert store.blocks() == [self.record(block) for block in range(1, height + 1)]


def root_of(kind: str, accounts: Mapping[Pubkey, Account]) -> bytes:
    """The root of a state that has these accounts, put there all at once."""
    nothing = ROOT_KINDS[kind].of_nothing()
    return nothing.next(StateChange(KeyedStates.of(accounts), {}, _absent)).root


def open_store(
    folder: Path, files: FileSystem | None = None, root_kind: str | None = None
) -> Store:
    """The store of a story: a small log, no real clock."""
    return Store(
        folder,
        files=files,
        clock=lambda: CLOCK,
        log_len_max=LOG_LEN_MAX,
        root_kind=root_kind,
    )


def contents(folder: Path) -> Mapping[str, bytes]:
    """Every file but the lock, which only names a process."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "lock"}


def _absent(keys: NDArray[np.uint8]) -> CommittedStates:
    count = len(keys)
    return CommittedStates(np.zeros(count, np.bool_), AccountColumns.of([Account()] * count))


def _account(rnd: random.Random) -> Account:
    data = rnd.randbytes(rnd.choice((0, 0, 1, 165, 700)))
    return Account(rnd.randrange(2**64), rnd.choice(KEYS), data, rnd.random() < 0.1)
