"""What every file of the graph says: nodes with short labels and colours, edges with accounts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final, NamedTuple

from ....primitives import UsageError
from ....primitives.one_line import shortened
from ....scheduler.picture.all_conflicts import TRANSACTIONS_COUNTED_MAX, list_conflicts
from ....scheduler.picture.kinds import OTHER, Kinds, kinds_of
from ....scheduler.picture.part import Part
from ....scheduler.schedule.named_explanations import NamedConflict

CONFLICTS_MAX: Final = 100_000  # of --all-conflicts: each pair is a line of the file
# Fills that black text is read on, told apart by most people who see few colours.
COLOURS: Final = (
    "#8ecae6",
    "#f4b860",
    "#a7d49b",
    "#f2a7c3",
    "#c3b1e1",
    "#e9e27a",
    "#9ad9cf",
    "#d9b99b",
)
OTHER_COLOUR: Final = "#e4e4e4"
ON_PATH_COLOUR: Final = "#d08700"
_LABEL_LEN_MAX: Final = 11
_ACCOUNT_LEN_MAX: Final = 13
_KEY_LEN_MIN: Final = 32


class Edge(NamedTuple):
    """Between places in the part. `is_direct`: no path of other edges implies it."""

    earlier: int
    later: int
    conflicts: tuple[NamedConflict, ...]
    is_direct: bool = True


@dataclass(frozen=True)
class GraphFile:
    """A part of a block, to be written; with `all_conflicts`, implied edges are written, too."""

    part: Part
    all_conflicts: bool = False

    @cached_property
    def ids(self) -> list[str]:
        """The whole ids, by place."""
        return list(self.part.block.ids)

    @cached_property
    def labels(self) -> list[str]:
        """The ids, shortened, by place: not unique."""
        return [shortened(name, _LABEL_LEN_MAX) for name in self.ids]

    @cached_property
    def kinds(self) -> Kinds:
        """What nodes are coloured by."""
        return kinds_of(self.part, len(COLOURS))

    def colour(self, place: int) -> str:
        """The fill of a node."""
        kind = self.kinds.of[place]
        return OTHER_COLOUR if kind == OTHER else COLOURS[kind]

    def kind_name(self, kind: int) -> str:
        """What people call the program or account that a colour stands for."""
        return "others" if kind == OTHER else self.account(self.kinds.names[kind])

    def account(self, name: str) -> str:
        """An account or program in short: its label, else both ends of its key."""
        return self.part.block.about.label(name) or shortened(name, _ACCOUNT_LEN_MAX)

    def described(self, place: int) -> str:
        """All that there is to say of a transaction, a line each."""
        part = self.part
        lines = [
            self.ids[place],
            f"cost {int(part.block.costs[place]):,}, wave {part.wave_of[place]}",
        ]
        programs = ", ".join(map(self.account, part.block.about.programs[place]))
        return "\n".join([*lines, f"calls {programs}"] if programs else lines)

    def is_on_path(self, edge: Edge) -> bool:
        """Whether an edge is a step of the critical path."""
        return (edge.earlier, edge.later) in self._steps

    @cached_property
    def _steps(self) -> frozenset[tuple[int, int]]:
        path = self.part.whole.critical_positions.transactions
        place_of = {position: n for n, position in enumerate(self.part.positions.tolist())}
        return frozenset(
            (place_of[a], place_of[b]) for a, b in pairwise(path) if a in place_of and b in place_of
        )

    @cached_property
    def title(self) -> str:
        """What is in the file, in a line."""
        part = self.part
        words = " and ".join(part.said).split(" ")
        short = " ".join(
            shortened(word, _ACCOUNT_LEN_MAX) if len(word) >= _KEY_LEN_MIN else word
            for word in words
        )
        said = f", only those that {short}" if part.said else ""
        return f"{part.whole.source}: {len(part):,} of {len(part.whole):,} transactions{said}"

    def short_reason(self, edge: Edge) -> str:
        """The first account, and how many more there are."""
        more = f" +{len(edge.conflicts) - 1}" if len(edge.conflicts) > 1 else ""
        return self.account(next(iter(edge.conflicts)).account) + more

    def edges(self) -> Iterator[Edge]:
        """All edges, by the earlier end; then, if they are wanted, the implied ones.

        Raises UsageError where there are too many to list.
        """
        block = self.part.block
        pairs: list[tuple[int, int]] = block.every_edge.tolist()
        for earlier, later in pairs:
            yield Edge(earlier, later, block.conflicts(earlier, later))
        if not self.all_conflicts:
            return
        direct = {(earlier, later) for earlier, later in pairs}
        for earlier, later in self._conflicting():
            if (earlier, later) not in direct:
                yield Edge(earlier, later, block.conflicts(earlier, later), is_direct=False)

    def _conflicting(self) -> list[tuple[int, int]]:
        block = self.part.block
        path = block.source or None
        if len(block) > TRANSACTIONS_COUNTED_MAX:
            raise UsageError(
                f"--all-conflicts takes up to {TRANSACTIONS_COUNTED_MAX:,} transactions: choose "
                "some, as with --account or --top",
                path=path,
            )
        found = list_conflicts(block.access, CONFLICTS_MAX)
        if found.total > CONFLICTS_MAX:
            raise UsageError(
                f"--all-conflicts: {found.total:,} pairs conflict, and a file takes "
                f"{CONFLICTS_MAX:,}; choose some transactions, as with --account or --top",
                path=path,
            )
        pairs: list[tuple[int, int]] = found.listed.tolist()
        return pairs


def reason(conflicts: tuple[NamedConflict, ...]) -> str:
    """All accounts and kinds: "write after write on alice; read after write on bob"."""
    return "; ".join(map(str, conflicts))
