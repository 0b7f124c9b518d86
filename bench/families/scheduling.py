"""From access columns to waves, including the DAG in rustworkx."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from functools import partial
from math import prod
from typing import Final

from ...scheduler import AccessLists, build_dag
from ..measure.contestants import NETWORKX, SCHEDULER
from ..measure.rounds import duration, rate
from ..measure.scenario import FULL, Scale, Scenario, Side, Target, Unit
from ..peers import networkx_dag
from ..workload.access import access_lists, shapes
from .probe import probe

_SEALANE: Final = "sealane"
_NETWORKX: Final = "networkx"
_RATES_WANTED: Final = (4e6, 1.5e6, 1.5e6, 1.5e6)
# The Rust crate prio-graph on a similar machine; quoted, not measured here.
_PRIO_GRAPH: Final = (2.4e6, 2.2e6, 1.5e6, 3.5e6)
_TEN_TIMES: Final = "ten times as many"
_ONCE: Final = "as many"
_TIME_FOR_TEN_TIMES: Final = 12
_FASTER_THAN_NETWORKX: Final = 30
_INCLUDES: Final = "access columns → edges, rustworkx graph, waves"


def scheduling() -> tuple[Scenario, ...]:
    """Targets 1 and 2."""
    each = [
        Scenario(
            f"schedule-{shape.name}",
            f"schedule 2 writes and 2 reads; writes over {shape.title}",
            partial(_one_shape, number),
            (
                Target(1, _SEALANE, at_least=wanted),
                Target(1, _SEALANE, _NETWORKX, at_least=_FASTER_THAN_NETWORKX),
            ),
        )
        for number, (shape, wanted) in enumerate(zip(shapes(FULL), _RATES_WANTED, strict=True))
    ]
    mean = Scenario(
        "schedule-mean",
        "schedule the four shapes: the geometric mean (prio-graph, in Rust: quoted as the target)",
        _all_shapes,
        (Target(1, _SEALANE, at_least=_geometric_mean(_PRIO_GRAPH)),),
    )
    growth = [
        Scenario(
            f"schedule-growth-{shape.name}",
            f"schedule ten times the transactions; writes over {shape.title}",
            partial(_growth, number),
            (Target(2, _TEN_TIMES, _ONCE, at_most=_TIME_FOR_TEN_TIMES),),
        )
        for number, shape in enumerate(shapes(FULL))
    ]
    memory = Scenario(
        "schedule-memory",
        "the most memory that a process takes to schedule ten times the transactions, each shape",
        _memory,
        (Target(2, _SEALANE, at_most=1500),),
        rounds_max=1,
    )
    return (*each, mean, *growth, memory)


@contextmanager
def _one_shape(number: int, scale: Scale) -> Generator[Sequence[Side]]:
    access = access_lists(shapes(scale)[number], scale.transactions)
    sides = [Side(_SEALANE, SCHEDULER, Unit.RATE, _INCLUDES, _scheduling_rate(access))]
    if networkx_dag.why_absent() is None:
        measure = rate(len(access), lambda: access, networkx_dag.networkx_waves)
        includes = "access columns → edges, DiGraph, waves"
        sides.append(Side(_NETWORKX, NETWORKX, Unit.RATE, includes, measure))
    yield sides


@contextmanager
def _all_shapes(scale: Scale) -> Generator[Sequence[Side]]:
    rates = [_scheduling_rate(access_lists(each, scale.transactions)) for each in shapes(scale)]

    def mean() -> float:
        return _geometric_mean([measure() for measure in rates])

    yield (Side(_SEALANE, SCHEDULER, Unit.RATE, _INCLUDES, mean),)


@contextmanager
def _growth(number: int, scale: Scale) -> Generator[Sequence[Side]]:
    shape = shapes(scale)[number]
    many, few = (
        access_lists(shape, count)
        for count in (scale.transactions * scale.growth, scale.transactions)
    )
    sides = ((_TEN_TIMES, many), (_ONCE, few))
    yield tuple(
        Side(
            name,
            SCHEDULER,
            Unit.SECONDS,
            f"{_INCLUDES}, {len(access):,} transactions",
            duration(partial(_unprepared, access), build_dag),
        )
        for name, access in sides
    )


@contextmanager
def _memory(scale: Scale) -> Generator[Sequence[Side]]:
    transactions = scale.transactions * scale.growth
    yield (
        Side(
            _SEALANE,
            SCHEDULER,
            Unit.MEGABYTES,
            f"interpreter, imports, {transactions:,} access lists, their DAG and waves",
            lambda: probe("schedule", transactions),
        ),
    )


def _scheduling_rate(access: AccessLists) -> Callable[[], float]:
    return rate(len(access), partial(_unprepared, access), build_dag)


def _unprepared(access: AccessLists) -> AccessLists:
    """The same columns, without anything cached by an earlier round."""
    return AccessLists(access.offsets, access.accounts, access.writes, access.account_count)


def _geometric_mean(values: Sequence[float]) -> float:
    return prod(values) ** (1 / len(values))
