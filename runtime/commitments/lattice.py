"""The root "lattice": the checksum of the lattice hash of all accounts; see lattice_hash.py.

It commits to the set of accounts, whatever blocks led there: two states with the same accounts have
the same root. Accounts that are placed are covered from the next block on.

What the hash does not cover, this root does not either: an account without lamports, even if it has
data, which only placing can bring about. On chain there are none, and so SIMD-0215 leaves them out.

Cost: a block costs the hashes of the accounts that it changed, as they were and as they are, and
not of those that it left alone. The hashes of recently changed accounts are remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, Self

import numpy as np

from ...primitives.pubkey import PUBKEY_LEN
from .commitment import AccountSource, Commitment, NextRoot
from .keyed_states import KeyedStates
from .lattice_hash import (
    LATTICE_LEN,
    Lattice,
    checksum,
    decoded,
    encoded,
    hashes_of,
    sum_accounts,
    sum_hashes,
)
from .state_change import StateChange

REMEMBERED_MAX: Final = 8_192  # hashes, 16 MiB


Summing = Callable[[KeyedStates], Lattice]


class RememberedHashes:
    """The hashes of accounts that were changed last, as they are committed.

    `sum_many`: sums accounts that are too many to be remembered, on workers if there are any.
    Guarantees: never more than REMEMBERED_MAX; those changed longest ago are forgotten first.
    """

    def __init__(self, sum_many: Summing = sum_accounts) -> None:
        self.sum_many = sum_many
        self._hashes: dict[bytes, bytes] = {}

    def __len__(self) -> int:
        return len(self._hashes)

    def hashes_of(self, accounts: KeyedStates) -> list[bytes]:
        """The hash of each of these committed accounts; computed if it is not remembered."""
        known = [self._hashes.get(key) for key in _raw_keys(accounts)]
        unknown = np.flatnonzero([found is None for found in known])
        if not len(unknown):
            return [found or b"" for found in known]
        missing = KeyedStates(accounts.keys[unknown], accounts.states.take(unknown))
        computed = iter(hashes_of(missing))
        return [next(computed) if found is None else found for found in known]

    def update(self, accounts: KeyedStates, hashes: Sequence[bytes] | None) -> None:
        """These accounts are committed now, with these hashes; None: too many to remember.

        Forgets the hashes that they had before.
        """
        for key in _raw_keys(accounts):
            self._hashes.pop(key, None)
        if hashes is not None:
            self._hashes.update(zip(_raw_keys(accounts), hashes, strict=True))
        surplus = max(0, len(self._hashes) - REMEMBERED_MAX)
        for key in list(self._hashes)[:surplus]:
            del self._hashes[key]


class LatticeCommitment(Commitment):
    """The lattice hash of all committed accounts."""

    KIND = "lattice"
    COVERS_PLACED = True
    STORED_LEN = LATTICE_LEN

    def __init__(self, lattice: Lattice, remembered: RememberedHashes | None = None) -> None:
        self.lattice = lattice
        self._remembered = RememberedHashes() if remembered is None else remembered
        self._root: bytes | None = None

    @classmethod
    def of_nothing(cls) -> Self:
        made = cls(sum_hashes(()))
        _ = made.root  # without BLAKE3, this raises before anything else is done
        return made

    @classmethod
    def restored(cls, root: bytes, stored: bytes, accounts: AccountSource) -> Self:
        del root, accounts  # `stored` says it all; `check` compares it with the accounts
        return cls(decoded(stored))

    @property
    def root(self) -> bytes:
        if self._root is None:  # a store that is only read needs no BLAKE3
            self._root = checksum(self.lattice)
        return self._root

    @property
    def stored(self) -> bytes:
        return encoded(self.lattice)

    def next(self, change: StateChange) -> NextRoot:
        after, before = change.after, KeyedStates(change.after.keys, change.before.states)
        if len(after.keys) > REMEMBERED_MAX:
            added, hashes = self._remembered.sum_many(after), None
            removed = self._remembered.sum_many(before)
        else:
            hashes = hashes_of(after)
            added, removed = sum_hashes(hashes), sum_hashes(self._remembered.hashes_of(before))
        following = LatticeCommitment(self.lattice - removed + added, self._remembered)
        return NextLattice(following, self._remembered, after, hashes)

    def copy(self) -> Self:
        return type(self)(self.lattice, RememberedHashes(self._remembered.sum_many))

    def sum_with(self, sum_many: Summing) -> None:
        """Have many accounts summed in this way, here and in all commitments that follow."""
        self._remembered.sum_many = sum_many

    def check(self, accounts: AccountSource) -> bool:
        total = sum_hashes(())
        for part in accounts():
            total += self._remembered.sum_many(part)
        return bool((total == self.lattice).all())


class NextLattice(NextRoot):
    """The lattice hash after a change. `hashes`: those of the changed accounts; None if many."""

    def __init__(
        self,
        following: LatticeCommitment,
        remembered: RememberedHashes,
        changed: KeyedStates,
        hashes: Sequence[bytes] | None,
    ) -> None:
        self._following = following
        self._remembered = remembered
        self._changed = changed
        self._hashes = hashes

    @property
    def root(self) -> bytes:
        return self._following.root

    @property
    def stored(self) -> bytes:
        return self._following.stored

    def commitment(self) -> Commitment:
        self._remembered.update(self._changed, self._hashes)
        return self._following


def _raw_keys(accounts: KeyedStates) -> Iterable[bytes]:
    raw = accounts.keys.tobytes()
    return (raw[at : at + PUBKEY_LEN] for at in range(0, len(raw), PUBKEY_LEN))
