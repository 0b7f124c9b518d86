"""What to colour transactions by: the program that each is about, or what it waits on."""

from __future__ import annotations

from collections import Counter
from typing import Final, NamedTuple

from ..causes import blocking_accounts, worst_bottlenecks
from ..schedule.about import About
from .part import Part

OTHER: Final = -1


class Kinds(NamedTuple):
    """`what` they are: "calls" or "waits on". `names` of the kinds, the commonest first.

    `of`: by place in a part, an index into `names`, or OTHER.
    """

    what: str
    names: list[str]
    of: list[int]


def kinds_of(part: Part, limit: int) -> Kinds:
    """At most `limit` kinds: by program where the block tells what is called, else by bottleneck.

    Names are those in the file; of equally common ones, the first in the file comes first.
    """
    about = part.block.about
    return _by_program(about, limit) if len(about.called) else _by_bottleneck(part, limit)


def _by_program(about: About, limit: int) -> Kinds:
    mains = [main_program(about, position) for position in range(len(about))]
    counts = Counter(name for name in mains if name)
    names = [name for name, _ in counts.most_common(limit)]
    number = {name: place for place, name in enumerate(names)}
    return Kinds("calls", names, [number.get(name, OTHER) for name in mains])


def main_program(about: About, position: int) -> str:
    """The program that says most of what a transaction is about; empty if it calls none."""
    incidental = about.accounts.incidental
    return min(about.programs[position], key=lambda name: incidental.get(name, 0), default="")


def _by_bottleneck(part: Part, limit: int) -> Kinds:
    whole = part.whole
    pairs = blocking_accounts(whole.access, whole.dag.waves)
    found, kind_of = worst_bottlenecks(pairs, len(whole), limit)
    kinds: list[int] = kind_of[part.positions].tolist()
    names = [whole.names[each.account] for each in found]
    return Kinds("waits on", names, [kind if kind < len(names) else OTHER for kind in kinds])
