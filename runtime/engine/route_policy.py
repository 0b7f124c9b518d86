"""Policies that choose a block's route in a runtime with workers, and the number of lanes.

                       ┌▶ serial       one by one, in the caller's own process    svm/serial.py
                       ├▶ in-process   wave by wave, in the caller's own process  in_process.py
    Runtime.execute ───┤
                       ├▶ one-worker   whole, in a message to the first worker    parallel.py
                       └▶ lanes        by a plan, on all workers                  parallel.py

A policy affects only the time a block takes, never the outcome, which is the same on every route.
The standard policy also keeps programs that could crash the caller's process out of it.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Final, Protocol, runtime_checkable

from ...primitives import UsageError
from ...primitives.one_line import counted, in_one_line
from ..batch.lane_executor import GROUP_LEN_MIN
from ..svm.tries import Route
from .block_facts import BlockFacts
from .worker_choice import lanes_that_pay, should_inline

_log = logging.getLogger(__package__)

MESSAGE_BYTES_MAX: Final = 256 * 1024  # above this, packing a block into shared memory is faster
_ALLOCATED_TIMES: Final = 3  # new data is in an account, in the arena and in the committed state
# The cost of workers: to start them, to wake them, and to pack a transaction for them.
_START_S: Final = 0.4
_WAKE_S: Final = 1e-3
_PACK_S: Final = 0.3e-6


@dataclass(frozen=True, slots=True)
class Lanes:
    """How a block is divided. `count`: the number of lanes, 1 to the number of workers.

    `share_len_min`: a wave is divided into equal shares, and vectorized, if each lane's share has
    at least this many transactions; smaller waves are scheduled transaction by transaction.
    """

    count: int
    share_len_min: int = GROUP_LEN_MIN

    @property
    def barrier_len_min(self) -> int:
        """The number of transactions from which a wave is divided into equal shares."""
        return self.count * self.share_len_min


@runtime_checkable
class RoutePolicy(Protocol):
    """Chooses the route of each block. `Runtime(route=…)` takes one, or a Route.

    Not called when there is no choice: without workers, and when a recorder is passed.

    >>> import sealane
    >>> class NeverLanes(sealane.StandardRoutes):
    ...     def route(self, block: sealane.BlockFacts) -> sealane.Route:
    ...         chosen = super().route(block)
    ...         return sealane.Route.ONE_WORKER if chosen == sealane.Route.LANES else chosen
    >>> with sealane.Runtime(workers=2, route=NeverLanes()) as runtime:
    ...     runtime.execute([]).route
    <Route.IN_PROCESS: 'in-process'>
    """

    def route(self, block: BlockFacts) -> Route:
        """The route of the block's first try.

        IN_PROCESS and SERIAL bound neither the time nor the memory of programs, and a program that
        crashes ends the caller's process. ONE_WORKER applies to the first try only: after a worker
        failed, the block runs in lanes.
        """
        ...

    def lanes(self, block: BlockFacts) -> Lanes:
        """How to divide the block, if it runs in lanes."""
        ...


class StandardRoutes:
    """The default policy of a runtime: the route that is likely to be fastest.

    Blocks that call only library programs, which cannot crash the caller's process, run in it,
    unless workers would save more time than they cost, or the block may allocate more than a
    worker could. All others go to workers; those of few, quick transactions to one worker whole.
    """

    def route(self, block: BlockFacts) -> Route:
        """As RoutePolicy."""
        route, why = self._chosen(block)
        _log.debug("%s, %s: %s", counted(block.transactions, "transaction"), route, why)
        return route

    def lanes(self, block: BlockFacts) -> Lanes:
        """As RoutePolicy: one lane per worker, or a single one if more would not pay."""
        most = Lanes(block.workers)
        paying = lanes_that_pay(block.waves, most.count, most.barrier_len_min, block.measured_s)
        return Lanes(paying)

    def __repr__(self) -> str:
        return in_one_line(type(self).__name__)

    def _chosen(self, block: BlockFacts) -> tuple[Route, str]:
        need = _need_of_workers(block)
        if need is None:
            return Route.IN_PROCESS, "programs of the library, and workers would not pay"
        if not should_inline(block.transactions, block.workers, block.measured_s):
            return Route.LANES, need
        if block.message_bytes > MESSAGE_BYTES_MAX:
            return Route.LANES, f"{need}, with too much data for a message"
        return Route.ONE_WORKER, f"{need}, and more lanes would not pay"


class FixedRoute:
    """The policy that sends every block the same way. `Runtime(route=Route.LANES)` uses it.

    `lanes`: how many lanes blocks are divided into, by default one per worker. `share_len_min`:
    see Lanes.
    """

    def __init__(
        self, route: Route, *, lanes: int | None = None, share_len_min: int = GROUP_LEN_MIN
    ) -> None:
        self._route = Route(route)
        self._lanes = lanes
        self._share_len_min = share_len_min

    def route(self, block: BlockFacts) -> Route:
        """As RoutePolicy."""
        del block
        return self._route

    def lanes(self, block: BlockFacts) -> Lanes:
        """As RoutePolicy."""
        count = block.workers if self._lanes is None else self._lanes
        return Lanes(count, self._share_len_min)

    def __repr__(self) -> str:
        lanes = "" if self._lanes is None else f", lanes={self._lanes}"
        return f"FixedRoute({str(self._route)!r}{lanes})"


def policy_of(route: Route | str | RoutePolicy | None, workers: int) -> RoutePolicy:
    """The policy for a runtime's `route=`. Raises UsageError for a value it cannot follow."""
    if route is None:
        return StandardRoutes()
    if isinstance(route, str):
        if route not in tuple(Route):
            raise UsageError(f"route={str(route)!r}: choose {', '.join(Route)}, or a RoutePolicy")
        if not workers and route != Route.SERIAL:
            raise UsageError(
                f"route={str(route)!r} needs workers=1 or more; a runtime without executes serially"
            )
        return FixedRoute(Route(route))
    if not isinstance(route, RoutePolicy):  # pyright: ignore[reportUnnecessaryIsInstance] - users need not check types
        raise UsageError(f"route={route!r}: choose {', '.join(Route)}, or a RoutePolicy")
    return route


def _need_of_workers(block: BlockFacts) -> str | None:
    """Why the block must go to workers; None if it need not.

    It must if they make it faster, if a program could crash this process, or if the block may
    allocate more than a worker's memory limit, which applies to workers only.
    """
    if not block.trusted:
        return "programs of one's own"
    if block.new_data_bytes * _ALLOCATED_TIMES > block.worker_memory_bytes:
        return "more new data than a worker's memory"
    lanes = min(block.workers, block.transactions / max(1, len(block.waves)))
    if lanes <= 1:
        return None
    saved_s = block.estimated_s * (1 - 1 / lanes)
    costs_s = _WAKE_S + block.transactions * _PACK_S + (0 if block.started else _START_S)
    return "workers pay" if saved_s > costs_s else None
