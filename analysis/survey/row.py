"""A row of a survey: a block of a file, and its figures or why there are none.

Plain values only: reading rows from a journal must not take the time to import a scheduler.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from ...primitives.exact_integers import exact_integer

# Numbers of workers for which a speed-up is predicted.
SPEED_UP_WORKERS: Final = (2, 4, 16, 64)


@dataclass(frozen=True, slots=True)
class HottestGroup:
    """The accounts that hold a block back most; figures as in `sealane.scheduler.HotGroup`.

    `label`: what people call the first of them that has a name. `program`: what most transactions
    that lock them call, or their owner. Both None if unknown.
    """

    accounts: tuple[str, ...]
    label: str | None
    program: str | None
    transactions: int
    critical_path_share: float
    parallelism_without: float

    def to_dict(self) -> dict[str, Any]:
        return {
            "accounts": list(self.accounts),
            "label": self.label,
            "program": self.program,
            "transactions": self.transactions,
            "critical_path_share": self.critical_path_share,
            "parallelism_without": self.parallelism_without,
        }

    @classmethod
    def from_dict(cls, found: dict[str, Any]) -> HottestGroup:
        """The inverse of `to_dict`. Raises KeyError or TypeError for anything else."""
        rest = {name: value for name, value in found.items() if name != "accounts"}
        return cls(accounts=tuple(found["accounts"]), **rest)


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known of one block. Costs are in the block's own unit.

    `chain`: where it comes from. `slot`, `height`, `votes`, `failed`: None where not recorded.
    `conflicts`: pairs of transactions of which one waits directly for the other. `speed_up`:
    predicted for lanes, by number of workers.
    """

    chain: str
    slot: int | None
    height: int | None
    transactions: int
    votes: int | None
    failed: int | None
    accounts: int
    conflicts: int
    waves: int
    total_cost: int
    critical_path_cost: int
    hottest_group: HottestGroup | None
    speed_up: dict[int, float]
    notes: tuple[str, ...]

    @property
    def critical_path_share(self) -> float:
        """The part of the total cost, 0 to 1, that must run in turn; 1 if nothing costs."""
        return self.critical_path_cost / self.total_cost if self.total_cost else 1.0

    @property
    def parallelism_by_count(self) -> float:
        """Transactions / waves; 1 in an empty block."""
        return self.transactions / self.waves if self.waves else 1.0

    @property
    def parallelism_by_cost(self) -> float:
        """Total cost / critical path cost: the speed-up that no workers exceed; 1 if no cost."""
        return self.total_cost / self.critical_path_cost if self.critical_path_cost else 1.0

    def to_dict(self) -> dict[str, Any]:
        """As JSON holds it, derived figures included."""
        group = self.hottest_group
        return {
            "chain": self.chain,
            "slot": self.slot,
            "height": self.height,
            "transactions": self.transactions,
            "votes": self.votes,
            "failed": self.failed,
            "accounts": self.accounts,
            "conflicts": self.conflicts,
            "waves": self.waves,
            "total_cost": exact_integer(self.total_cost),
            "critical_path_cost": exact_integer(self.critical_path_cost),
            "critical_path_share": self.critical_path_share,
            "parallelism_by_count": self.parallelism_by_count,
            "parallelism_by_cost": self.parallelism_by_cost,
            "hottest_group": None if group is None else group.to_dict(),
            "speed_up": {str(workers): value for workers, value in self.speed_up.items()},
            "notes": list(self.notes),
        }

    @classmethod
    def from_dict(cls, found: dict[str, Any]) -> Figures:
        """The inverse of `to_dict`. Raises KeyError, TypeError or ValueError for anything else."""
        group = found["hottest_group"]
        return cls(
            **{name: found[name] for name in _AS_THEY_ARE},
            total_cost=int(found["total_cost"]),
            critical_path_cost=int(found["critical_path_cost"]),
            hottest_group=None if group is None else HottestGroup.from_dict(group),
            speed_up={int(workers): value for workers, value in found["speed_up"].items()},
            notes=tuple(found["notes"]),
        )


_AS_THEY_ARE: Final = (
    "chain",
    "slot",
    "height",
    "transactions",
    "votes",
    "failed",
    "accounts",
    "conflicts",
    "waves",
)


@dataclass(frozen=True, slots=True)
class Row:
    """`file` as it was given; `case`: which of its blocks, by name, where it has several.

    Either `figures` or `error` is None.
    """

    file: str
    figures: Figures | None = None
    error: str | None = None
    case: str | None = None

    @property
    def name(self) -> str:
        """The file and, where it has several blocks, the case."""
        return self.file if self.case is None else f"{self.file} {self.case}"

    def to_dict(self) -> dict[str, Any]:
        """As `sealane survey --json` prints it: without figures, only the file and the error."""
        figures = {} if self.figures is None else self.figures.to_dict()
        return {"file": self.file, "case": self.case, "error": self.error, **figures}
