"""A block as recorded by a node: locks and balance changes, as columns.

Guarantees: account ids are dense, by first occurrence; within a transaction the accounts are in
message order and unique; `writable` is what the node locked, after demotion.
Does not: hold the accounts of instructions, nested instructions, or amounts of tokens; evidence.py
reads them if somebody asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...primitives import Pubkey
from .evidence import Evidence, Shown
from .instruction_data import InstructionData
from .token_accounts import TokenAccount


class AccessColumns(NamedTuple):
    """The scheduler's input. Transaction i has accesses offsets[i]:offsets[i + 1]."""

    offsets: NDArray[np.int64]
    accounts: NDArray[np.uint32]
    writes: NDArray[np.bool_]
    account_count: int


class RecordedCalls(NamedTuple):
    """Top-level instructions. Transaction i has offsets[i]:offsets[i + 1].

    `programs` uint32: account ids. `data`: as the answer gave it.
    """

    offsets: NDArray[np.int64]
    programs: NDArray[np.uint32]
    data: list[InstructionData]


class BlockHeader(NamedTuple):
    """A block's place in the chain; None for what the answer omits."""

    slot: int | None = None
    parent_slot: int | None = None
    blockhash: str | None = None
    block_time: int | None = None
    block_height: int | None = None


class Unread(NamedTuple):
    """A transaction left out because it could not be read, and why. `declared`: whether the answer
    says that it is of a version that is not known, and not its bytes alone."""

    transaction: str
    reason: str
    declared: bool


@dataclass(frozen=True, slots=True, eq=False)
class RecordedBlock:
    """n transactions, m accesses.

    `offsets` (n + 1) cuts `accounts`, `writable`, `signer`, `pre` and `post` (m each) into
    transactions; `accounts` index `keys`; balances and fees are lamports. `error` is `meta.err`
    as the node gave it. `rent` is what a transaction lost beyond its fee, in blocks from when
    accounts were charged rent. Missing `compute_units` are replaced by the median of the others, or
    by 1 if all are missing; `units_known` bool[n] tells them apart. `unread` are not among the n.
    `priority` (n) is the bid in lamports a million compute units, 0 without one. `token_accounts`
    by account id: those with a recorded token balance. `has_outcomes`: whether `failed` is known.
    `replay_obstacle` says which transaction lacks what, if balances are not known for all: then
    `pre` and `post` are meaningless, and the block can be planned but not replayed. `evidence`:
    the unread parts of the answer that say what each transaction did.
    """

    ids: list[str]
    keys: list[Pubkey]
    offsets: NDArray[np.int64]
    accounts: NDArray[np.uint32]
    writable: NDArray[np.bool_]
    signer: NDArray[np.bool_]
    fee: NDArray[np.uint64]
    failed: NDArray[np.bool_]
    error: list[object | None]
    pre: NDArray[np.uint64]
    post: NDArray[np.uint64]
    rent: NDArray[np.uint64]
    compute_units: NDArray[np.uint64]
    is_vote: NDArray[np.bool_]
    priority: NDArray[np.int64]
    calls: RecordedCalls
    token_accounts: dict[int, TokenAccount]
    has_outcomes: bool
    units_known: NDArray[np.bool_]
    unread: list[Unread]
    replay_obstacle: str | None
    header: BlockHeader
    evidence: list[Evidence]

    @property
    def units_missing(self) -> int:
        """How many transactions have no recorded compute units."""
        return len(self.ids) - int(self.units_known.sum())

    @property
    def has_balances(self) -> bool:
        return self.replay_obstacle is None

    def rows(self, position: int) -> slice:
        """Where the accounts of one transaction stand."""
        return slice(int(self.offsets[position]), int(self.offsets[position + 1]))

    def keys_of(self, position: int) -> list[Pubkey]:
        """The accounts of one transaction, in message order."""
        ids: list[int] = self.accounts[self.rows(position)].tolist()
        return [self.keys[account] for account in ids]

    def shown(self, position: int) -> Shown | None:
        """What one transaction did; None if the answer omits instructions. Raises InputError."""
        return self.evidence[position].read(self.keys_of(position))

    def access_columns(self) -> AccessColumns:
        return AccessColumns(self.offsets, self.accounts, self.writable, len(self.keys))
