"""A block's schedule, asked in the names that its file gives."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property, partial
from os.path import basename
from typing import TYPE_CHECKING, Any, Self, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ...primitives import UsageError
from ...primitives.cost_note import CostNote
from ...primitives.one_line import counted, in_one_line, shortened
from ..access import AccessLists, GivenAccess
from ..advice.search import ADVICE_MAX
from ..counts import checked_count
from ..plan import Plan, plan_without_barriers
from ..simulation.asked import Asked, checked_crossing_cost, checked_policies
from ..simulation.policies import POLICIES
from ..simulation.simulation import WORKER_COUNTS, Simulation, simulate_one
from ..simulation.timeline import Timeline
from ..what_if import without_accounts, without_transactions
from .about import About
from .changes import Changes, Splits, read_changes, relocked
from .explain_by_name import explain_account, explain_pair, explain_transaction
from .graphs import as_networkx, as_rustworkx
from .left_out import Selector, find_callers, find_left_out, select_among
from .named_advice import NamedAdvice, name_advice
from .named_causes import causes_document, names_in_causes
from .named_explanations import AccountQueue, ExplainedPair, ExplainedTransaction
from .named_lanes import NamedLanes, name_lanes
from .page import schedule_html
from .weighed_dag import WeighedDag

if TYPE_CHECKING:
    import networkx
    import rustworkx


class Schedule(WeighedDag):
    """Who waits for whom in a block, in waves; what holds it back, and what would be if.

    `access`: who locks what. `costs` int64[n]: in whatever unit, 1 each by default. `ids` and
    `names` of transactions and accounts, by position and account id; by default t0, t1, … and the
    account ids. `source`: the file, for messages. `notes`: what a reader of the figures must know.
    `about`: what transactions and accounts are called and belong to; by default nothing is known.
    `select` gives bool[n], the transactions that "votes" or "program:NAME" stand for, or None.
    Nothing is run, and nothing worked out before it is asked for; all positions are file order.
    Raises ValueError for bad costs, and for ids or names that are not one text of its own for each.

    >>> jobs = {"pay": ([], ["alice", "bob"]), "tip": ([], ["bob"]), "look": (["carol"], [])}
    >>> schedule = Schedule.from_sets(jobs.values(), ids=list(jobs))
    >>> schedule
    <Schedule: 3 transactions, 2 waves, parallelism 1.5>
    >>> schedule.waves
    [['pay', 'look'], ['tip']]
    >>> schedule.explain("tip")
    <tip in wave 1, after pay: write after write on bob>
    >>> schedule.without("bob").parallelism
    3.0
    """

    def __init__(
        self,
        access: AccessLists,
        costs: ArrayLike | None = None,
        *,
        ids: Sequence[str] | None = None,
        names: Sequence[str] | None = None,
        source: str = "",
        notes: Iterable[str] = (),
        select: Selector | None = None,
        about: About | None = None,
    ) -> None:
        super().__init__(access, costs, ids=ids, names=names, source=source, about=about)
        self.notes = tuple(notes)
        self._select = select

    @classmethod
    def from_sets(
        cls,
        transactions: Iterable[GivenAccess],
        costs: ArrayLike | None = None,
        *,
        ids: Sequence[str] | None = None,
    ) -> Self:
        """The schedule of `(reads, writes)` or `(reads, writes, adds)`, names of accounts each.

        As in AccessLists.from_sets; of paths, see AccessLists.from_paths.
        """
        access, names = AccessLists.from_sets(list(transactions))
        return cls(access, costs, ids=ids, names=list(map(str, names)))

    @cached_property
    def waves(self) -> list[list[str]]:
        """Transaction ids by wave, in file order within each. No two of a wave conflict."""
        waves: list[list[int]] = [wave.tolist() for wave in self.dag.waves]
        return [[self.ids[position] for position in wave] for wave in waves]

    @cached_property
    def edges(self) -> list[tuple[str, str]]:
        """Who waits directly for whom: (earlier, later), in file order; joins are expanded.

        Raises UsageError where there are too many to list, as `every_edge`.
        """
        pairs: list[tuple[int, int]] = self.every_edge.tolist()
        return [(self.ids[earlier], self.ids[later]) for earlier, later in pairs]

    @overload
    def explain(self, transaction: str, /) -> ExplainedTransaction: ...
    @overload
    def explain(self, transaction: str, other: str, /) -> ExplainedPair: ...
    @overload
    def explain(self, /, *, account: str) -> AccountQueue: ...
    def explain(
        self,
        transaction: str | None = None,
        other: str | None = None,
        /,
        *,
        account: str | None = None,
    ) -> ExplainedTransaction | ExplainedPair | AccountQueue:
        """Why a transaction runs where it does; of two, whether and how they are ordered.

        With `account`, who locks it, in order. Of a long id or key, its start will do.
        Raises UsageError, with the nearest names, for one that is not there.
        """
        if (transaction is None) == (account is None):
            raise UsageError("explain takes an id, two ids, or account=…: give one of these")
        if transaction is None:
            return explain_account(self, self.account_id(account or ""))
        position = self.position(transaction)
        if other is None:
            return explain_transaction(self, position)
        second = self.position(other)
        if second == position:
            raise UsageError(f"{transaction!r} and {other!r} are one transaction: name two")
        return explain_pair(self, position, second)

    def without(self, *what: str) -> Schedule:
        """The schedule if these were not there: accounts, "program:NAME", "votes", or ids.

        Transactions that lock an account which is left out stay, and lock it no more. A word that
        could be several of these is taken as the first. Raises UsageError for one that is none.
        """
        return self.changed(without=what)

    def changed(
        self,
        *,
        without: str | Iterable[str] = (),
        split: str | Splits = (),
        commutative: str | Iterable[str] = (),
        read_only: str | Iterable[str] = (),
        ordinary: str | Iterable[str] = (),
    ) -> Schedule:
        """The schedule if all of this were different at once.

        `without`: as the method of that name takes it. `split`: accounts by the number of parts, or
        texts "ACCOUNT=K": the i-th transaction that writes the account locks part i % K instead,
        and those that only read it read every part. `commutative`: accounts that are only added to
        where they were written; adds do not conflict with each other. `read_only`: accounts that
        are read where they were written. `ordinary`: accounts that are written where they were only
        added to. What is done to a path is done to all below it. Raises UsageError for a word that
        names nothing.

        >>> schedule = Schedule.from_sets([([], ["vault"])] * 8)
        >>> schedule.changed(split={"vault": 4}).parallelism
        4.0
        >>> schedule.changed(commutative="vault").parallelism
        8.0
        """
        return self._with(read_changes(without, split, commutative, read_only, ordinary))

    def with_costs(self, costs: ArrayLike, note: str = "") -> Schedule:
        """The same transactions at other costs int64[n], such as learned ones. Raises ValueError.

        `note` says where they come from, in place of what told of missing costs.
        """
        notes = [each for each in self.notes if not isinstance(each, CostNote)]
        return Schedule(
            self.access,
            costs,
            ids=self.ids,
            names=self.names,
            source=self.source,
            notes=[*notes, *([CostNote(note)] if note else [])],
            select=self._select,
            about=self.about,
        )

    def only(self, kept: NDArray[np.bool_]) -> Schedule:
        """The schedule of the transactions in `kept` (bool[n]) alone; waves may be earlier."""
        return self._kept(kept, without_transactions(self.access, ~kept), self.names, ())

    def calling(self, program: str) -> NDArray[np.bool_]:
        """bool[n]: who calls the program of this name, key or label. Raises UsageError if nobody.

        Of a recorded block, nested calls count, too.
        """
        return find_callers(self, self.about, self._select, program)

    def _with(self, changes: Changes) -> Schedule:
        gone = find_left_out(self, self._select, changes.without)
        kept = ~gone.transactions
        access = without_transactions(without_accounts(self.access, gone.accounts), ~kept)
        access, names = relocked(self, access, changes)
        return self._kept(kept, access, names, changes.texts())

    def _kept(
        self,
        kept: NDArray[np.bool_],
        access: AccessLists,
        names: Sequence[str],
        notes: Iterable[str],
    ) -> Schedule:
        """A schedule of the transactions in `kept`, with these access lists of theirs."""
        ids = self.ids
        return Schedule(
            access,
            self.costs[kept],
            ids=[ids[position] for position in np.flatnonzero(kept).tolist()],
            names=names,
            source=self.source,
            notes=(*self.notes, *notes),
            select=None if self._select is None else partial(select_among, kept, self._select),
            about=self.about.kept(kept),
        )

    def simulate(
        self,
        workers: int | Sequence[int] = WORKER_COUNTS,
        *,
        without: str | Iterable[str] = (),
        split: str | Splits = (),
        commutative: str | Iterable[str] = (),
        read_only: str | Iterable[str] = (),
        ordinary: str | Iterable[str] = (),
        policies: str | Iterable[str] = tuple(POLICIES),
        crossing_cost: int = 0,
        advise: bool = False,
    ) -> Simulation:
        """Predicted makespan, speed-up, idle share and latency for each number of workers.

        What is different beforehand is said as `changed` takes it; then `before` of the result has
        the same of the block as it is. `crossing_cost`: how much longer a lane waits for another
        lane than for itself, in the unit of the costs. `advise`: look for what would help, too: see
        `advice`. Raises UsageError for a word that names nothing, an unknown policy and a negative
        cost; ValueError for less than one worker, TypeError for a number that is no integer.
        """
        asked = Asked.checked(workers, policies, crossing_cost)
        changes = read_changes(without, split, commutative, read_only, ordinary)
        block = self._with(changes) if changes else self

        def simulated(block: Schedule) -> Simulation:
            return replace(
                asked.of(block.dag, block.costs, block.about.priorities), notes=self.notes
            )

        return replace(
            simulated(block),
            what_if=tuple(changes.texts()),
            before=simulated(self) if changes else None,
            advice=tuple(block.advice()) if advise else (),
        )

    def advice(self, limit: int = ADVICE_MAX) -> list[NamedAdvice]:
        """Changes, and pairs of them, that make the critical path cheaper: what wins most first.

        Each says what `changed` would come to with it. Found by trying: taking away accounts that
        hold the path, alone or together, splitting them into 2, 4 and 8, only adding to them; and
        leaving out votes and programs. A better pair may exist; see `sealane.scheduler.advice`.

        >>> found = Schedule.from_sets([([], ["vault"])] * 8).advice(1)
        >>> found, found[0].options
        ([<split vault=8: critical path 1, parallelism 8.0>], '--split vault=8')
        """
        return name_advice(self, self.about, self._select, self.critical_positions, limit)

    def timeline(self, workers: int, policy: str = "lanes", *, crossing_cost: int = 0) -> Timeline:
        """Who would run which transaction when, on so many workers under this policy.

        Raises UsageError for an unknown policy and a negative cost, ValueError for less than one
        worker, TypeError for no integer.
        """
        (checked,) = checked_policies(policy)
        return simulate_one(
            self.dag,
            self.costs,
            workers,
            checked,
            priorities=self.about.priorities,
            crossing_cost=checked_crossing_cost(crossing_cost),
        )

    def plan(self, workers: int) -> Plan:
        """What each of so many lanes runs and waits for, by position.

        Raises ValueError for less than one worker, TypeError for no integer.
        """
        count = checked_count(workers, "workers", "a plan has at least one lane")
        return plan_without_barriers(self.dag, self.costs, count)

    def lanes(self, workers: int) -> NamedLanes:
        """The plan's lanes by id, and how long they take. Raises ValueError."""
        return name_lanes(self.ids, self.costs, self.plan(workers))

    def to_networkx(self) -> networkx.DiGraph[Any]:
        """Over ids; nodes have `wave`, `cost` and `position`, edges `conflicts`, a text."""
        return as_networkx(self)

    def to_rustworkx(self) -> rustworkx.PyDiGraph[str, None]:
        """Node index = position in the file, payload = id."""
        return as_rustworkx(self)

    def to_dict(self, *, edges: bool = False, workers: Iterable[int] = ()) -> dict[str, Any]:
        """As `sealane plan --json` prints it; with `edges` and `workers`, as with these options."""
        lanes = [self.lanes(count).to_dict() for count in workers]
        hottest = [each.account for each in self.hot_accounts]
        causes = (self.hot_groups, self.knots, self.hot_programs, self.hot_payers)
        return {
            "waves": self.waves,
            "transactions": len(self),
            "accounts": self.access.account_count,
            "critical_path": self.critical_path.to_dict(),
            "parallelism": self.parallelism,
            "hot_accounts": [hot._asdict() for hot in self.hot_accounts],
            **causes_document(*causes, self.critical_positions.cost),
            **({"lanes": lanes} if lanes else {}),
            "notes": list(self.notes),
            "labels": self.about.labelled([*hottest, *names_in_causes(*causes)]),
            **({"edges": [list(edge) for edge in self.edges]} if edges else {}),
        }

    def __repr__(self) -> str:
        of = f" of {shortened(basename(self.source), 24)}" if self.source else ""
        return in_one_line(f"Schedule{of}: {self._summary()}")

    def _repr_html_(self) -> str:
        """How a notebook shows it."""
        caption = ". ".join(part for part in (self.source, self._summary(), *self.notes) if part)
        return schedule_html(caption, self.hot_groups, self.waves, self.hot_accounts)

    def _summary(self) -> str:
        return (
            f"{counted(len(self), 'transaction')}, {counted(len(self.dag.waves), 'wave')}, "
            f"parallelism {self.parallelism:,.1f}"
        )
