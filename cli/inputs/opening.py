"""A file that a user named, opened for planning: a fixture or a recorded Solana block alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from ...ingest.building.build import build_fixture
from ...ingest.building.needed_programs import add_installed
from ...ingest.building.recorded_block import plan_only_block
from ...ingest.fixture.model import FixtureFile
from ...ingest.fixture.names import Names
from ...ingest.load import load
from ...ingest.solana.notes import notes_on
from ...ingest.solana.recorded import RecordedBlock
from ...primitives import InputError
from ...runtime import Block
from ...scheduler import (
    CriticalPath,
    Dag,
    HotAccount,
    build_dag,
    conflicts_between,
    critical_path,
    hot_accounts,
    parallelism,
)
from .known_programs import known_programs
from .name_warnings import warn_of_names

HOT_ACCOUNTS_MAX = 10


@dataclass(frozen=True)
class Schedule:
    """A block with everything that planning says about it. `names` is None for a Solana block.

    `notes`: what a reader of its figures must know of how they came about.
    """

    file: str
    block: Block
    dag: Dag
    names: Names | None
    notes: tuple[str, ...] = ()

    @classmethod
    def open(
        cls, file: str, programs: Sequence[str] | None, *, votes: bool, quiet: bool = False
    ) -> Schedule:
        """Read the file and schedule it, with warnings on stderr. Raises InputError."""
        known = known_programs(programs)
        loaded = load(file, votes=votes)
        if isinstance(loaded, RecordedBlock):
            block = plan_only_block(loaded)
            return cls(file, block, build_dag(block.access), None, tuple(notes_on(loaded)))
        add_installed(known, loaded)
        built = build_fixture(loaded, known)
        warn_of_names(built, quiet=quiet)
        return cls.of(file, built.block, built.names)

    @classmethod
    def of(cls, file: str, block: Block, names: Names | None) -> Schedule:
        return cls(file, block, build_dag(block.access), names)

    @cached_property
    def critical_path(self) -> CriticalPath:
        return critical_path(self.dag, self.block.costs)

    @cached_property
    def longest_path(self) -> CriticalPath:
        """The chain of most transactions, as many as there are waves, and what it costs."""
        costs: list[int] = self.block.costs.tolist()
        path = critical_path(self.dag, np.ones(len(self.block), dtype=np.int64)).transactions
        return CriticalPath(path, sum(costs[position] for position in path))

    @cached_property
    def total_cost(self) -> int:
        return sum(self.block.costs.tolist())

    @cached_property
    def parallelism(self) -> float:
        return parallelism(self.total_cost, self.critical_path.cost)

    @cached_property
    def hot_accounts(self) -> list[HotAccount]:
        return hot_accounts(self.block.access, HOT_ACCOUNTS_MAX)

    @cached_property
    def critical_accounts(self) -> list[tuple[int, int]]:
        """The accounts that order the critical path, and how many of its steps each orders.

        Most steps first, then the lowest id. A step that several accounts order counts for each.
        """
        access, path = self.block.access, self.critical_path.transactions
        steps = Counter(
            conflict.account
            for earlier, later in pairwise(path)
            for conflict in conflicts_between(access, earlier, later)
        )
        return sorted(steps.items(), key=lambda each: (-each[1], each[0]))

    def account_name(self, account: int) -> str:
        """What the file calls an account: its name in a fixture, else base58."""
        key = self.block.keys[account]
        return str(key) if self.names is None else self.names.shown(key)


def load_fixture(file: str, doing: str) -> FixtureFile:
    """A fixture; a Solana block is refused, and told what can be done with it."""
    loaded = load(file)
    if isinstance(loaded, FixtureFile):
        return loaded
    raise InputError(
        f"a recorded Solana block names only its locks and balances, so it cannot be {doing}; "
        "use replay, plan, graph or explain",
        path=file,
    )


def load_recorded(file: str, *, votes: bool) -> RecordedBlock:
    """A recorded Solana block; a fixture is refused."""
    loaded = load(file, votes=votes)
    if isinstance(loaded, RecordedBlock):
        return loaded
    raise InputError(
        "a fixture records no balances to replay; use run, or name a Solana getBlock file",
        path=file,
    )
