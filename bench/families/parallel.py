"""The speed-up from workers: handlers of known duration, on two workers and serially."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from typing import Final

import numpy as np

from ...runtime import Block, Runtime
from ..measure.contestants import SEALANE
from ..measure.rounds import rate
from ..measure.scenario import FULL, Scale, Scenario, Side, Target, Unit
from ..workload.access import Shape, drawn_pairs, shapes
from ..workload.calls import Calls, fresh
from ..workload.running import executed
from ..workload.toil import toiling, toils

_WORKERS: Final = 2
_PARALLEL: Final = "2 workers"
_SERIAL: Final = "serial"
_IN_LANES: Final = (
    "prepared block → DAG, plan, execution, calls of a kind in one loop; receipts, root"
)
_ONE_BY_ONE: Final = "prepared block → execution one by one in file order, receipts, root"
# A single worker shows how much of the ratio to serial execution is due to the loop.
_SIDES: Final = (
    (_PARALLEL, _WORKERS, _IN_LANES),
    (_SERIAL, 0, _ONE_BY_ONE),
    ("1 worker", 1, _IN_LANES),
)
_NEVER_BELOW: Final = 0.95
_HANDLERS_US: Final = (1, 10, 100)
_SMALL_BLOCKS: Final = (10, 100, 1_000)
_TRANSACTIONS_MAX: Final = 20_000
_TRANSACTIONS_MIN: Final = 20


def parallel() -> tuple[Scenario, ...]:
    """Targets 6 and 7."""
    speed_ups = [("independent", None, 1.85), ("1k", 1_000, 1.8), ("30", 30, 1.4)]
    return (
        *(
            Scenario(
                f"speed-up-{name}-{us}us",
                f"a handler of {us} µs, "
                + ("independent transactions" if accounts is None else f"{accounts:,} accounts"),
                partial(_speed_up, accounts, us),
                (Target(6, _PARALLEL, _SERIAL, at_least=wanted),) if us == _HANDLERS_US[-1] else (),
            )
            for name, accounts, wanted in speed_ups
            for us in reversed(_HANDLERS_US)
        ),
        *(
            Scenario(
                f"workers-{shape.name}-{us}us",
                f"a handler of {us} µs; writes over {shape.title}",
                partial(_shape, number, us),
                (Target(7, _PARALLEL, _SERIAL, at_least=_NEVER_BELOW),),
            )
            for number, shape in enumerate(shapes(FULL))
            for us in _HANDLERS_US
        ),
        *(
            Scenario(
                f"blocks-of-{size}-{us}us",
                f"a handler of {us} µs, block after block of {size:,} transactions",
                partial(_small_blocks, size, us),
                (Target(7, _PARALLEL, _SERIAL, at_least=_NEVER_BELOW),),
            )
            for size in _SMALL_BLOCKS
            for us in _HANDLERS_US
        ),
    )


@contextmanager
def _speed_up(accounts: int | None, us: int, scale: Scale) -> Generator[Sequence[Side]]:
    count = _transaction_count(us, scale)
    if accounts is None:
        pairs = np.arange(2 * count, dtype=np.int64).reshape(count, 2)
    else:
        pairs = drawn_pairs(Shape("even", "", accounts), count)
    with _sides([toils(pairs, us)]) as sides:
        yield sides


@contextmanager
def _shape(number: int, us: int, scale: Scale) -> Generator[Sequence[Side]]:
    pairs = drawn_pairs(shapes(scale)[number], _transaction_count(us, scale))
    with _sides([toils(pairs, us)]) as sides:
        yield sides


@contextmanager
def _small_blocks(size: int, us: int, scale: Scale) -> Generator[Sequence[Side]]:
    count = max(1, scale.small_blocks_transactions // size) * size
    whole = toils(drawn_pairs(shapes(scale)[0], count), us)
    blocks = [
        replace(whole, accounts=whole.accounts[at : at + size], data=whole.data[at : at + size])
        for at in range(0, count, size)
    ]
    with _sides(blocks) as sides:
        yield sides


def _transaction_count(us: int, scale: Scale) -> int:
    return min(_TRANSACTIONS_MAX, max(_TRANSACTIONS_MIN, scale.work_us // us))


@contextmanager
def _sides(calls: Sequence[Calls]) -> Generator[Sequence[Side]]:
    """The same blocks on two workers, serially, and on one worker."""
    blocks = [each.block() for each in calls]
    with ExitStack() as stack:
        yield [
            _side(name, includes, stack.enter_context(toiling(calls, workers)), blocks)
            for name, workers, includes in _SIDES
        ]


def _side(name: str, includes: str, runtime: Runtime, blocks: Sequence[Block]) -> Side:
    def prepare() -> list[Block]:
        return [runtime.prepare(fresh(block)) for block in blocks]

    def run(fresh_blocks: Sequence[Block]) -> None:
        for block in fresh_blocks:
            executed(runtime, block)

    return Side(
        name,
        SEALANE,
        Unit.RATE,
        includes,
        rate(sum(map(len, blocks)), prepare, run),
    )
