"""Explanations with the names that people know, as `explain` gives and prints them.

Each shows itself in a line (`repr`), says all there is (`str`), and has the command's JSON
(`to_dict`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from ...primitives.exact_integers import exact_integer
from ...primitives.one_line import counted, in_one_line, shortened
from .named import NamedPath

_ID_LEN_MAX: Final = 14
_ACCOUNT_LEN_MAX: Final = 20
_LISTED_MAX: Final = 20


class NamedConflict(NamedTuple):
    """An account that orders two transactions, and how: "read after write" and the like.

    `ancestor`: where one of them accesses the account and the other a path above it, that path.
    """

    account: str
    kind: str
    ancestor: str | None = None

    def __str__(self) -> str:
        below = "" if self.ancestor is None else f", below {self.ancestor}"
        return f"{self.kind} on {self.account}{below}"

    def in_short(self) -> str:
        """With the two ends of names that are long."""
        account, above = (
            name and shortened(name, _ACCOUNT_LEN_MAX) for name in (self.account, self.ancestor)
        )
        return str(NamedConflict(account or "", self.kind, above))

    def to_dict(self) -> dict[str, Any]:
        """With the key `ancestor` only where there is one."""
        found = self._asdict()
        if self.ancestor is None:
            del found["ancestor"]
        return found


class NamedPredecessor(NamedTuple):
    """A transaction directly before another, all that they conflict on, and its own wave."""

    transaction: str
    conflicts: tuple[NamedConflict, ...]
    wave: int

    def __str__(self) -> str:
        return f"{self.transaction} (wave {self.wave}): {_listed(self.conflicts)}"

    def to_dict(self) -> dict[str, Any]:
        return {
            "transaction": self.transaction,
            "conflicts": [conflict.to_dict() for conflict in self.conflicts],
        }


class NamedStep(NamedTuple):
    """One step back along a chain: a transaction, and what the one that follows waits for.

    `also`: the other accounts that the two conflict on. `ancestor`: as in NamedConflict.
    """

    transaction: str
    account: str
    kind: str
    also: tuple[NamedConflict, ...] = ()
    ancestor: str | None = None

    def __str__(self) -> str:
        return f"{self.transaction}: {_listed(self.conflicts)}"

    @property
    def conflict(self) -> NamedConflict:
        return NamedConflict(self.account, self.kind, self.ancestor)

    @property
    def conflicts(self) -> tuple[NamedConflict, ...]:
        """All accounts that the two conflict on."""
        return (self.conflict, *self.also)

    def to_dict(self) -> dict[str, Any]:
        also = [conflict.to_dict() for conflict in self.also]
        return {"transaction": self.transaction, **self.conflict.to_dict(), "also": also}


@dataclass(frozen=True, repr=False)
class ExplainedTransaction:
    """Why transaction `id` runs in wave `wave`.

    `blocked_by`: direct predecessors in the wave just before, the reason for this wave.
    `also_after`: the other direct predecessors, in earlier waves. `chain`: one way back to wave 0,
    a step a wave, nearest first. `waiting`: ids of those that wait directly for this one.
    `phrase`: who sent it where, where the file tells; see About.phrase.
    """

    id: str
    wave: int
    blocked_by: tuple[NamedPredecessor, ...]
    also_after: tuple[NamedPredecessor, ...]
    chain: tuple[NamedStep, ...]
    waiting: tuple[str, ...]
    phrase: str = ""

    def to_dict(self) -> dict[str, Any]:
        """As `sealane explain ID --json` prints it, `phrase` only where there is one."""
        return {
            "id": self.id,
            **({"phrase": self.phrase} if self.phrase else {}),
            "wave": self.wave,
            "held_by": [each.to_dict() for each in self.blocked_by],
            "also_after": [each.to_dict() for each in self.also_after],
            "chain": [step.to_dict() for step in self.chain],
            "waiting": list(self.waiting),
        }

    def __repr__(self) -> str:
        why = "conflicts with nothing before it"
        if self.blocked_by:
            first = self.blocked_by[0]
            rest = len(self.blocked_by) + len(self.also_after) - 1
            more = f" and {rest} more" if rest else ""
            after = shortened(first.transaction, _ID_LEN_MAX)
            why = f"after {after}{more}: {first.conflicts[0].in_short()}"
        return in_one_line(f"{shortened(self.id, _ID_LEN_MAX)} in wave {self.wave}, {why}")

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"{self.id} runs in wave {self.wave}"
        if self.phrase:
            yield self.phrase
        if not self.blocked_by:
            yield "nothing before it conflicts with it"
        yield from _section("held back by", self.blocked_by)
        yield from _section("also after", self.also_after)
        yield from _section("back to wave 0", self.chain)
        yield from _section("waiting for it", self.waiting)


@dataclass(frozen=True, repr=False)
class ExplainedPair:
    """Whether and how two transactions are ordered.

    By `conflicts` of their own, or through `chain`, which steps back from `later` to `earlier`;
    where both are empty, nothing orders them, and the value is false.
    """

    earlier: str
    later: str
    conflicts: tuple[NamedConflict, ...]
    chain: tuple[NamedStep, ...]

    def __bool__(self) -> bool:
        return bool(self.conflicts or self.chain)

    def to_dict(self) -> dict[str, Any]:
        """As `sealane explain ID ID2 --json` prints it."""
        return {
            "earlier": self.earlier,
            "later": self.later,
            "ordered": bool(self),
            "conflicts": [conflict.to_dict() for conflict in self.conflicts],
            "chain": [step.to_dict() for step in self.chain],
        }

    def __repr__(self) -> str:
        later, earlier = shortened(self.later, _ID_LEN_MAX), shortened(self.earlier, _ID_LEN_MAX)
        if not self:
            return in_one_line(f"{earlier} and {later} may run together")
        for conflict in self.conflicts[:1]:
            more = f" and {len(self.conflicts) - 1} more" if len(self.conflicts) > 1 else ""
            return in_one_line(f"{later} after {earlier}: {conflict.in_short()}{more}")
        steps = counted(len(self.chain), "step")
        return in_one_line(f"{later} after {earlier}, through {steps}")

    def __str__(self) -> str:
        if not self:
            return f"nothing orders {self.earlier} and {self.later}: they may run together"
        lines = [f"{self.later} runs after {self.earlier}"]
        lines += _section("conflicts", self.conflicts)
        return "\n".join([*lines, *_section("a chain back", self.chain)])


class QueuedAccess(NamedTuple):
    """One transaction that locks an account, in which wave, and whether it writes or only adds.

    `cost`: its own, in the block's unit. `position`: its place in the file. `accounts`: of paths,
    those that it locks: the one that was asked for, or some above or below it.
    """

    transaction: str
    wave: int
    writes: bool
    cost: int
    position: int
    adds: bool = False
    accounts: tuple[str, ...] = ()

    @property
    def does(self) -> str:
        """What it does to the account: "writes", "adds" or "reads"."""
        return "writes" if self.writes else "adds" if self.adds else "reads"

    def __str__(self) -> str:
        which = f" {', '.join(self.accounts)}" if self.accounts else ""
        return f"wave {self.wave}: {self.transaction} {self.does}{which}"

    def to_dict(self) -> dict[str, Any]:
        """With the key `accounts` only for paths."""
        found = self._asdict() | {"cost": exact_integer(self.cost)}
        del found["accounts"]
        return found | ({"accounts": list(self.accounts)} if self.accounts else {})


@dataclass(frozen=True, repr=False)
class AccountQueue:
    """Who locks one account, in file order: each write waits for all before it.

    Of paths, also who locks one above or below it. `longest_run`: the costliest part of it that
    must run one after another: every write, and of reads, or adds, between two writes the
    costliest. No number of workers gets through the queue faster.
    """

    account: str
    queue: tuple[QueuedAccess, ...]
    longest_run: NamedPath

    @property
    def cost(self) -> int:
        """What all of them cost, in the block's unit."""
        return sum(each.cost for each in self.queue)

    @property
    def write_count(self) -> int:
        """How many of them write the account."""
        return sum(each.writes for each in self.queue)

    @property
    def add_count(self) -> int:
        """How many of them only add to it."""
        return sum(each.adds for each in self.queue)

    @property
    def read_count(self) -> int:
        """How many of them only read it."""
        return len(self) - self.write_count - self.add_count

    @property
    def counts(self) -> tuple[str, str]:
        """How many write it, and what the others do: "2 write", "1 only read"."""
        added = f", {self.add_count:,} only add" if self.add_count else ""
        return f"{self.write_count:,} write", f"{self.read_count:,} only read{added}"

    @property
    def wave_count(self) -> int:
        """In how many waves they run."""
        return len({each.wave for each in self.queue})

    def to_dict(self) -> dict[str, Any]:
        """As `sealane explain --account --json` prints it."""
        return {
            "account": self.account,
            "cost": exact_integer(self.cost),
            "longest_run": self.longest_run.to_dict(),
            "queue": [each.to_dict() for each in self.queue],
        }

    def __len__(self) -> int:
        """How many lock it."""
        return len(self.queue)

    def __repr__(self) -> str:
        return in_one_line(
            f"queue of {shortened(self.account, _ACCOUNT_LEN_MAX)}: {', '.join(self.counts)}, "
            f"in {counted(self.wave_count, 'wave')}"
        )

    def __str__(self) -> str:
        return "\n".join([f"queue of {self.account}", *map(str, self.queue)])


def _listed(conflicts: Iterable[NamedConflict]) -> str:
    return "; ".join(map(str, conflicts))


def _section(title: str, parts: tuple[object, ...]) -> Iterator[str]:
    """The parts, a line each; of many, the first."""
    if not parts:
        return
    yield f"{title}:"
    yield from (f"  {part}" for part in parts[:_LISTED_MAX])
    if len(parts) > _LISTED_MAX:
        yield f"  … {len(parts) - _LISTED_MAX:,} more"
