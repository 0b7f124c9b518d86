"""What the kinds of state roots cost: a block that changes 2,000 of 1,000,000 accounts, committed.

They have no targets. `history` hashes what a block changed; the other kinds commit to all accounts.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Final

import numpy as np

from ...primitives import Account, Pubkey
from ...primitives.extras import how_to_install
from ...runtime.columns.account_columns import AccountColumns, ChangedAccounts
from ...runtime.commitments.kinds import ROOT_KINDS
from ...runtime.commitments.lattice import LatticeCommitment
from ...runtime.state.block_changes import BlockChanges
from ...runtime.state.state import MemoryState
from ..measure.contestants import SEALANE
from ..measure.rounds import duration
from ..measure.scenario import Scale, Scenario, Side, Unit
from ..peers.presence import why_absent
from ..workload.accounts import empty_block
from ..workload.calls import account_key

CHANGED: Final = 2_000
_DATA: Final = bytes(165)  # of a token account
_INSTALL: Final = how_to_install("lattice")
_SEED: Final = 215

Picks = Callable[[], BlockChanges]


def state_roots() -> tuple[Scenario, ...]:
    """No targets."""
    title = f"commit a block that changed {CHANGED:,} of 1,000,000 token accounts, in memory"
    return tuple(
        Scenario(f"state-root-{name}", f"{title}; {which}", partial(_committing, again=again))
        for name, which, again in (
            ("spread", "others in each block", False),
            ("again", "the same in each block", True),
        )
    )


@contextmanager
def _committing(scale: Scale, *, again: bool) -> Generator[Sequence[Side]]:
    keys = [account_key(number) for number in range(scale.accounts)]
    yield tuple(
        Side(
            kind.KIND,
            SEALANE,
            Unit.SECONDS,
            "changed accounts, in key order → the next state and its root",
            duration(_blocks(keys, again=again), _holding(keys, MemoryState(kind)).commit),
        )
        for kind in ROOT_KINDS.values()
        if kind is not LatticeCommitment or why_absent("blake3", _INSTALL) is None
    )


def _holding(keys: Sequence[Pubkey], state: MemoryState) -> MemoryState:
    state.commit(_changes(keys, 1))
    return state


def _blocks(keys: Sequence[Pubkey], *, again: bool) -> Picks:
    """Makes blocks, each with new states of some accounts."""
    chance = np.random.default_rng(_SEED)
    count = min(CHANGED, len(keys) // 2)
    first = chance.choice(len(keys), count, replace=False)
    lamports = iter(range(2, 1_000_000))

    def block() -> BlockChanges:
        picked = first if again else chance.choice(len(keys), count, replace=False)
        return _changes([keys[int(at)] for at in picked], next(lamports))

    return block


def _changes(keys: Sequence[Pubkey], lamports: int) -> BlockChanges:
    states = AccountColumns.of([Account(lamports, data=_DATA)] * len(keys))
    return BlockChanges(empty_block(keys), ChangedAccounts(np.arange(len(keys)), states))
