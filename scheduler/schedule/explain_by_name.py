"""From the scheduler's explanations, in positions and ids, to those with names."""

from __future__ import annotations

from collections.abc import Iterable

from ..access import ADD, WRITE
from ..account_queue import QueuedLock, account_queue, longest_run
from ..explanation import Predecessor, Step, dependency, explain
from .named import NamedPath
from .named_dag import NamedDag
from .named_explanations import (
    AccountQueue,
    ExplainedPair,
    ExplainedTransaction,
    NamedConflict,
    NamedPredecessor,
    NamedStep,
    QueuedAccess,
)


def explain_transaction(block: NamedDag, position: int) -> ExplainedTransaction:
    """Why this transaction runs where it does. Raises IndexError."""
    found = explain(block.access, block.dag, position)
    return ExplainedTransaction(
        id=block.ids[position],
        wave=found.wave,
        blocked_by=_predecessors(block, found.blocked_by),
        also_after=_predecessors(block, found.also_after),
        chain=_steps(block, found.chain),
        waiting=tuple(block.ids[waiting] for waiting in found.waiting),
        phrase=block.about.phrase(position),
    )


def explain_pair(block: NamedDag, first: int, second: int) -> ExplainedPair:
    """Whether and how two transactions are ordered. Raises ValueError for one and the same."""
    earlier, later = sorted((first, second))
    found = dependency(block.access, block.dag, earlier, later)
    return ExplainedPair(
        earlier=block.ids[earlier],
        later=block.ids[later],
        conflicts=tuple(map(block.named, found.conflicts)) if found else (),
        chain=_steps(block, found.chain) if found else (),
    )


def explain_account(block: NamedDag, account: int) -> AccountQueue:
    """Who locks an account, in file order."""
    run = longest_run(block.access, account, block.costs)
    return AccountQueue(
        block.names[account],
        tuple(_queued(block, lock) for lock in account_queue(block.access, account)),
        NamedPath(tuple(block.ids[position] for position in run.transactions), run.cost),
    )


def _queued(block: NamedDag, lock: QueuedLock) -> QueuedAccess:
    paths = () if block.access.parents is None else lock.accounts
    return QueuedAccess(
        block.ids[lock.position],
        int(block.dag.waves.wave_of[lock.position]),
        lock.kind == WRITE,
        int(block.costs[lock.position]),
        lock.position,
        lock.kind == ADD,
        tuple(block.names[path] for path in paths),
    )


def _predecessors(block: NamedDag, found: Iterable[Predecessor]) -> tuple[NamedPredecessor, ...]:
    wave_of = block.dag.waves.wave_of
    return tuple(
        NamedPredecessor(
            block.ids[each.position],
            tuple(map(block.named, each.conflicts)),
            int(wave_of[each.position]),
        )
        for each in found
    )


def _steps(block: NamedDag, chain: Iterable[Step]) -> tuple[NamedStep, ...]:
    return tuple(
        _step(block.ids[step.position], block.named(step.conflict), map(block.named, step.also))
        for step in chain
    )


def _step(transaction: str, conflict: NamedConflict, also: Iterable[NamedConflict]) -> NamedStep:
    return NamedStep(transaction, conflict.account, conflict.kind, tuple(also), conflict.ancestor)
