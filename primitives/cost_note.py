"""Costs that stand in for missing ones, and the notes that say so, told apart from other notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


class CostNote(str):
    """A note that tells of costs which stand in for missing ones; it goes when they do."""

    __slots__ = ()


def without_gaps(costs: Sequence[int | None]) -> list[int]:
    """The costs, with the lower median of the known ones for those missing; 1 if none is known."""
    known = sorted(each for each in costs if each is not None)
    typical = known[(len(known) - 1) // 2] if known else 1
    return [typical if each is None else each for each in costs]


def notes_on_gaps(what: str, missing: int, count: int) -> Iterator[CostNote]:
    """What to say of `without_gaps`, if any were missing. `what`: "no gas is recorded"."""
    if missing and missing == count:
        yield CostNote(f"{what}: every transaction counts 1")
    elif missing:
        yield CostNote(
            f"{what} for {missing:,} of {count:,} transactions: the median of the others stands in"
        )
