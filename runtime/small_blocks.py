"""Blocks so small that they travel in the message itself, and are executed one by one.

To lay a block out for lanes that share it takes longer than executing a few transactions. Here a
worker's message has the block's columns and the states of its accounts; it executes some of the
DAG's connected components whole, in file order, and sends back what they left. What one component
writes no other touches, so workers need nothing of each other.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import rustworkx

from ..primitives import Account, Pubkey
from ..programs.kit.sysvars import Sysvars
from ..scheduler import Dag
from .account_columns import AccountColumns, ChangedAccounts
from .block import Block
from .execution import Execution
from .program_set import ProgramSet
from .progress import ProgressCell
from .receipt import NO_DETAIL, Detail
from .recursion import pin_recursion_limit
from .shared_columns import ColumnPlaces, columns_at, laid_len, lay_columns
from .transaction import TransactionExecutor

TRANSACTIONS_MAX: Final = 64
_DATA_LEN_MAX: Final = 64 * 1024


class SmallTicket(NamedTuple):
    """A block's columns and its accounts', as bytes and where in them each lies, and which of its
    transactions each lane executes."""

    places: ColumnPlaces
    content: bytearray
    positions: Sequence[Sequence[int]]


class SmallReport(NamedTuple):
    """What a lane's transactions gave: (fee, compute units) of each, details by position, and the
    fields of the accounts that they changed, by account id."""

    charges: list[tuple[int, int]]
    details: dict[int, Detail]
    changed: dict[int, tuple[int, bytes, bytes, bool]]


def is_small(block: Block, states: Sequence[Account]) -> bool:
    """Whether a block is best sent as a whole."""
    if len(block) > TRANSACTIONS_MAX or len(states) > 8 * TRANSACTIONS_MAX:
        return False
    data_len = len(block.instructions.data) + len(AccountColumns.of(states).heap)
    return data_len <= _DATA_LEN_MAX


def share_components(dag: Dag, lane_count: int) -> list[list[int]]:
    """The positions of each lane, ascending: whole components, the largest first, evenly."""
    lanes: list[list[int]] = [[] for _ in range(min(lane_count, len(dag)))]
    components = rustworkx.weakly_connected_components(dag.graph)
    for component in sorted(components, key=len, reverse=True):
        min(lanes, key=len).extend(component)
    return [sorted(lane) for lane in lanes if lane]


def pack_block(
    block: Block, states: Sequence[Account], lanes: Sequence[Sequence[int]]
) -> SmallTicket:
    """The message for a block's workers."""
    accounts = AccountColumns.of(states)
    columns = block.columns() | {
        f"state_{name}": getattr(accounts, name) for name in AccountColumns.__slots__
    }
    content = bytearray(laid_len(columns))
    places, _, _ = lay_columns(columns, content)
    return SmallTicket(places, content, lanes)


class _Accounts:
    """Account states in a list, by account id; remembers which were stored."""

    def __init__(self, states: Sequence[Account]) -> None:
        self.states = list(states)
        self.stored: dict[int, Account] = {}

    def load(self, account: int) -> Account:
        return self.states[account]

    def store(self, account: int, state: Account) -> None:
        self.states[account] = self.stored[account] = state


def run_small_lane(
    ticket: SmallTicket, lane: int, programs: ProgramSet, sysvars: Sysvars, progress: ProgressCell
) -> SmallReport:
    """Execute lane 1 … of a block that came in a message."""
    columns = columns_at(ticket.content, ticket.places)
    states = AccountColumns(**{n: columns[f"state_{n}"] for n in AccountColumns.__slots__})
    accounts = _Accounts(states)
    executor = TransactionExecutor(Block.from_columns(columns), programs, sysvars)
    charges: list[tuple[int, int]] = []
    details: dict[int, Detail] = {}
    limit_before = pin_recursion_limit()
    try:
        for position in ticket.positions[lane - 1]:
            progress.position[0] = position
            fee, units, detail = executor.execute(position, accounts)
            charges.append((fee, units))
            if detail is not NO_DETAIL:
                details[position] = detail
    finally:
        sys.setrecursionlimit(limit_before)
    progress.rest()
    changed = {
        account: (state.lamports, bytes(state.owner), state.data, state.executable)
        for account, state in accounts.stored.items()
        if state != states[account]
    }
    return SmallReport(charges, details, changed)


def merge_reports(
    count: int, lanes: Sequence[Sequence[int]], reports: Sequence[SmallReport]
) -> Execution:
    """The execution of a block of `count` transactions."""
    execution = Execution.empty(count)
    changed: dict[int, Account] = {}
    for positions, (charges, details, states) in zip(lanes, reports, strict=True):
        table: Any = np.array(charges, dtype=np.uint64).reshape(-1, 2)
        execution.fees[positions], execution.compute_units[positions] = table.T
        execution.details |= details
        changed |= {n: Account(a, Pubkey(b), c, d) for n, (a, b, c, d) in states.items()}
    execution.details = dict(sorted(execution.details.items()))
    execution.changed = ChangedAccounts.of(changed)
    return execution
