"""The routes that a block can take through a runtime with workers, each forced, and watched.

                       ┌▶ in process   by the caller's own process        engine/in_process.py
    Runtime.execute ───┼▶ one worker   whole, in a message to the first   workers/small_blocks.py
                       └▶ lanes        a plan, by all workers             engine/parallel.py

The runtime picks by what a block calls and how long it may take, so a test that says nothing takes
whichever route suits it just now, and goes on passing when that is another one.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any, Final, cast

import pytest

from sealane.runtime import runtime
from sealane.runtime.engine import parallel
from sealane.runtime.workers import small_blocks
from sealane.scheduler import Waves


class Route(StrEnum):
    IN_PROCESS = "in process"
    ONE_WORKER = "one worker"
    LANES = "lanes"


# Those that programs of one's own take: they could take the caller's process down.
WITH_WORKERS: Final = (Route.ONE_WORKER, Route.LANES)


@contextmanager
def forced(route: Route | None) -> Generator[list[Route]]:
    """Have every block take `route`, where there are workers; gives the routes of all tries so far.

    Only a first try can go to one worker whole: what comes after a failure runs in lanes. Fails
    unless blocks were executed here, and all as said. None forces nothing: serially, there is but
    one way.
    """
    taken: list[Route] = []
    if route is None:
        yield taken
        return
    block_run = cast(Any, parallel)._BlockRun
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(runtime, "needs_workers", _always(route is not Route.IN_PROCESS))
        patched.setattr(parallel, "is_small", _always(route is Route.ONE_WORKER))
        patched.setattr(parallel, "lanes_that_pay", _all_lanes)
        patched.setattr(small_blocks, "_BYTES_MAX", 1 << 30)
        _watch(patched, runtime, "execute_in_process", taken, Route.IN_PROCESS)
        _watch(patched, block_run, "execute_small", taken, Route.ONE_WORKER)
        _watch(patched, block_run, "execute", taken, Route.LANES)
        yield taken
    assert route in taken
    assert set(taken) <= {route} | ({Route.LANES} if route is Route.ONE_WORKER else set())


def _all_lanes(waves: Waves, lane_count: int, wide_from: int, transaction_s: float) -> int:
    del waves, wide_from, transaction_s
    return lane_count


def _always(answer: bool) -> Callable[..., bool]:
    return lambda *_, **__: answer


def _watch(
    patched: pytest.MonkeyPatch, owner: object, name: str, taken: list[Route], route: Route
) -> None:
    """Have a function note the route when it is called; one that returns None has declined."""
    function: Callable[..., Any] = getattr(owner, name)

    def noting(*arguments: Any, **named: Any) -> Any:
        taken.append(route)
        result = function(*arguments, **named)
        if result is None:
            taken.pop()
        return result

    patched.setattr(owner, name, noting)
