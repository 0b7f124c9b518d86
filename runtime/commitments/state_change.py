"""The difference between a state and the next one, from which a commitment finds the next root."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ...primitives import Account, Pubkey
from .keyed_states import CommittedStates, KeyedStates

Lookup = Callable[[NDArray[np.uint8]], CommittedStates]  # by keys uint8[n, 32], ascending


class StateChange:
    """What a commit changes.

    `block`: the accounts that the block changed, in their new states; none if accounts are
    committed without a block. `placed`: the accounts put in place since the last commit, with the
    states that they were given; the block may have changed some of them again.

    The states before are looked up when `before` is first read, so read it before anything is
    committed; a commitment that never reads it does not pay for it.
    """

    def __init__(
        self, block: KeyedStates, placed: Mapping[Pubkey, Account], committed: Lookup
    ) -> None:
        self.block = block
        self.placed = placed
        self._committed = committed

    @cached_property
    def after(self) -> KeyedStates:
        """All accounts that the commit may change, in their new states. Some may be unchanged."""
        return KeyedStates.of(self.placed).overridden_by(self.block)

    @cached_property
    def before(self) -> CommittedStates:
        """What was last committed of the accounts in `after`, row by row."""
        return self._committed(self.after.keys)
