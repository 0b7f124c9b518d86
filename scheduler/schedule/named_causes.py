"""What holds a block back, with the names that its file gives: groups, programs, payers, knots."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...primitives.exact_integers import exact_integer
from ...primitives.one_line import counted, in_one_line, shortened
from ..causes import (
    SPLIT_PARTS,
    AccountGroup,
    HotGroup,
    Knot,
    Win,
    groups_by_owner,
    rank_groups,
    sole_payers,
)
from ..causes.owners import NOBODY
from ..critical_path import CriticalPath
from .about import About
from .named_dag import NamedDag

SPEED_UP_WORKERS: Final = (4, 16, 64)
HOT_MAX: Final = 10
KNOTS_MAX: Final = 3
# Speed-ups take a plan for each number of workers, 7 ms a win of a mainnet block. So documents have
# those of the first in each list, and none of larger blocks: `Win.speed_ups` has them all.
SPEED_UP_ROWS: Final = 3
SPEED_UP_TRANSACTIONS_MAX: Final = 3_000
_NAMES_SHOWN_MAX: Final = 3
_NAME_LEN_MAX: Final = 14


class NamedHotGroup(NamedTuple):
    """A hot group with the names of its accounts; figures as in `sealane.scheduler.HotGroup`.

    `owner`: the program or payer whose accounts these are; empty for accounts that are a group
    because they cause the same conflicts.
    """

    owner: str
    accounts: tuple[str, ...]
    transactions: int
    critical_path_share: float
    without: Win
    split: Win
    commutative: Win

    @property
    def parallelism_without(self) -> float:
        """Total cost / critical path cost, if none of these accounts were locked."""
        return self.without.parallelism

    def to_dict(self, path_cost: int, *, speed_ups: bool = False) -> dict[str, Any]:
        """As in `hot_groups` of `sealane plan --json`.

        With `speed_ups`, those of what makes the critical path, of `path_cost`, shorter: elsewhere
        they would differ by the luck of the order only.
        """
        wins = {"without": self.without, f"split_{SPLIT_PARTS}": self.split}
        wins["commutative"] = self.commutative
        return {
            "accounts": list(self.accounts),
            "transactions": self.transactions,
            "critical_path_share": self.critical_path_share,
            "parallelism_without": self.parallelism_without,
        } | {
            change: _win_document(win, speed_ups and win.critical_path_cost < path_cost)
            for change, win in wins.items()
        }

    def __repr__(self) -> str:
        owner = f"{shortened(self.owner, _NAME_LEN_MAX)}: " if self.owner else ""
        return in_one_line(
            f"{owner}{_some(self.accounts)}, locked by "
            f"{counted(self.transactions, 'transaction')}, {self.critical_path_share:.0%} of the "
            f"critical path; parallelism {self.parallelism_without:,.1f} without"
        )


class NamedKnot(NamedTuple):
    """A knot with the names of its accounts; figures as in `sealane.scheduler.Knot`.

    `ids`: the account ids of `accounts`.
    """

    ids: tuple[int, ...]
    accounts: tuple[str, ...]
    steps: int
    critical_path_cost: int
    parallelism: float

    def to_dict(self) -> dict[str, Any]:
        """As in `knots` of `sealane plan --json`."""
        return {
            "accounts": list(self.accounts),
            "steps": self.steps,
            "critical_path_cost": exact_integer(self.critical_path_cost),
            "parallelism": self.parallelism,
        }

    def __repr__(self) -> str:
        return in_one_line(
            f"{_some(self.accounts)}, {counted(self.steps, 'step')} of the critical path; "
            f"parallelism {self.parallelism:,.1f} without"
        )


def name_groups(names: Sequence[str], found: Sequence[HotGroup]) -> list[NamedHotGroup]:
    """Hot groups by the names of their accounts."""
    return [_named(names, "", group) for group in found]


def hot_programs(block: NamedDag, about: About, path: CriticalPath) -> list[NamedHotGroup]:
    """HOT_MAX programs by what the accounts that they use tie.

    A program uses the accounts for which `About` says so: most transactions that lock them call it.
    Those who pay for a transaction are left out: the program does not choose them.
    """
    users = _by_account(block, about.accounts.users)
    users[about.payers[about.payers != NOBODY]] = NOBODY
    return _ranked(block, path, users, about.accounts.calls.program_names)


def hot_payers(block: NamedDag, about: About, path: CriticalPath) -> list[NamedHotGroup]:
    """HOT_MAX payers by what the accounts tie that nobody else's transactions lock."""
    return _ranked(block, path, sole_payers(block.access, about.payers), block.names)


def name_knots(names: Sequence[str], found: Sequence[Knot]) -> list[NamedKnot]:
    """Knots by the names of their accounts."""
    return [
        NamedKnot(knot.accounts, tuple(names[account] for account in knot.accounts), *knot[1:])
        for knot in found
    ]


def _ranked(
    block: NamedDag, path: CriticalPath, owner_of: NDArray[np.int64], owners: Sequence[str]
) -> list[NamedHotGroup]:
    groups: list[AccountGroup] = groups_by_owner(block.access, owner_of)
    found = rank_groups(block.access, block.costs, path, groups, HOT_MAX)
    return [_named(block.names, owners[int(owner_of[group.accounts[0]])], group) for group in found]


def _by_account(block: NamedDag, known: NDArray[np.int64]) -> NDArray[np.int64]:
    """A number for each account; NOBODY for those that a what-if has added."""
    found = np.full(block.access.account_count, NOBODY, dtype=np.int64)
    found[: len(known)] = known
    return found


def _named(names: Sequence[str], owner: str, group: HotGroup) -> NamedHotGroup:
    return NamedHotGroup(owner, tuple(names[account] for account in group.accounts), *group[1:])


def causes_document(
    groups: Sequence[NamedHotGroup],
    knots: Sequence[NamedKnot],
    programs: Sequence[NamedHotGroup],
    payers: Sequence[NamedHotGroup],
    path_cost: int,
) -> dict[str, Any]:
    """As in `sealane plan --json`. `path_cost`: of the critical path as it is."""
    return {
        "hot_groups": _group_documents(groups, path_cost),
        "knots": [knot.to_dict() for knot in knots],
        "programs": _group_documents(programs, path_cost, "program"),
        "payers": _group_documents(payers, path_cost, "payer"),
    }


def names_in_causes(
    groups: Sequence[NamedHotGroup],
    knots: Sequence[NamedKnot],
    programs: Sequence[NamedHotGroup],
    payers: Sequence[NamedHotGroup],
) -> Iterator[str]:
    """The accounts and programs that `causes_document` names."""
    yield from (owned.owner for owned in (*programs, *payers))
    for each in (*groups, *knots, *programs, *payers):
        yield from each.accounts


def _group_documents(
    found: Sequence[NamedHotGroup], path_cost: int, owner: str = ""
) -> list[dict[str, Any]]:
    """The documents of a list; with `owner`, the key that each has its owner under."""
    small = bool(found) and len(found[0].without.block.costs) <= SPEED_UP_TRANSACTIONS_MAX
    rows = SPEED_UP_ROWS if small else 0
    documents = [
        group.to_dict(path_cost, speed_ups=place < rows) for place, group in enumerate(found)
    ]
    if not owner:
        return documents
    return [{owner: it.owner} | document for it, document in zip(found, documents, strict=True)]


def _some(names: Sequence[str]) -> str:
    some = [shortened(name, _NAME_LEN_MAX) for name in names[:_NAMES_SHOWN_MAX]]
    return ", ".join([*some, *["…"] * (len(names) > len(some))])


def _win_document(win: Win, speed_ups: bool) -> dict[str, Any]:
    found = win.speed_ups(SPEED_UP_WORKERS) if speed_ups else {}
    return {
        "critical_path_cost": exact_integer(win.critical_path_cost),
        "parallelism": win.parallelism,
        "speed_up": {str(workers): speed_up for workers, speed_up in found.items()} or None,
    }
