"""Packing a block of 10,000 that wait: all cheap enough to go in, which takes longest."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Final

import numpy as np

from ...scheduler import AccessLists
from ...scheduler.packing import AGAVE_4_3, Packed, Pending, Policy, pack
from ..measure.contestants import PACKER
from ..measure.rounds import duration
from ..measure.scenario import Scale, Scenario, Side, Target, Unit
from ..workload.access import Shape, access_lists

_WAITING: Final = 10_000
_SECONDS_MAX: Final = 0.1
_COST: Final = 5_000  # of each: 10,000 take 50 of the block's 60 million
_SEED: Final = 20_240_613
_PRIORITIES: Final = 1_000_000
_THREADS: Final = 4  # as agave has
_SHAPES: Final = (
    Shape("uniform", "20,000 accounts, evenly", 20_000),
    Shape("zipf", "10,000 accounts, zipf 1.0", 10_000, 1.0),
    Shape("10", "10 accounts, evenly", 10),
    Shape("one", "one account, which is full when 4,800 are in", 1),
)


def packing() -> tuple[Scenario, ...]:
    """Target 15."""
    return tuple(
        Scenario(
            f"packing-{shape.name}",
            f"pack a block of 10,000 that wait; writes over {shape.title}",
            partial(_packing, shape),
            tuple(Target(15, policy.value, at_most=_SECONDS_MAX) for policy in Policy),
        )
        for shape in _SHAPES
    )


@contextmanager
def _packing(shape: Shape, scale: Scale) -> Generator[Sequence[Side]]:
    count = min(_WAITING, scale.transactions)
    access = _lists(shape, count)
    priorities: list[int] = np.random.default_rng(_SEED).integers(0, _PRIORITIES, count).tolist()
    yield tuple(
        Side(
            policy.value if threads == 1 else f"{policy.value}, {threads} threads",
            PACKER,
            Unit.SECONDS,
            "columns → the positions that go in, in order",
            duration(
                partial(_unprepared, access),
                partial(packed, priorities=priorities, policy=policy, threads=threads),
            ),
        )
        for threads in (1, _THREADS)
        for policy in Policy
    )


def packed(access: AccessLists, priorities: Sequence[int], policy: Policy, threads: int) -> Packed:
    """A block of these, from their columns on."""
    pending = Pending.of(access, [_COST] * len(access), priorities)
    return pack(pending, AGAVE_4_3, policy, threads=threads)


def _lists(shape: Shape, count: int) -> AccessLists:
    """Two writes and two reads each; of a single account, one write of it and one of their own."""
    if shape.accounts > 1:
        return access_lists(shape, count)
    rows = np.stack([np.zeros(count, dtype=np.int64), np.arange(1, count + 1)], axis=1)
    writes = np.ones(2 * count, dtype=np.bool_)
    return AccessLists.from_columns(np.arange(count + 1) * 2, rows.ravel(), writes, count + 1)


def _unprepared(access: AccessLists) -> AccessLists:
    """The same columns, without anything cached by an earlier round."""
    return AccessLists(access.offsets, access.accounts, access.writes, access.account_count)
