"""Executes blocks: columns, accounts in shared memory, workers, rules, receipts, state root."""

import importlib
import logging
from typing import TYPE_CHECKING

from .process.forked_child import watch_forks

if TYPE_CHECKING:
    from .block.block import Block
    from .block.block_building import build_block
    from .block.done import Done, LaneDone
    from .block.limits import Limits
    from .engine.block_facts import BlockFacts
    from .engine.result import Result, Timing
    from .engine.route_policy import FixedRoute, Lanes, RoutePolicy, StandardRoutes
    from .runtime import Runtime
    from .state.block_record import BlockRecord
    from .state.snapshot import Snapshot
    from .store import Store
    from .svm.measured_timeline import MeasuredSlice, MeasuredTimeline, Stage
    from .svm.receipt import Receipt, Receipts
    from .svm.tries import Route, Try, TryReason

__all__ = [
    "Block",
    "BlockFacts",
    "BlockRecord",
    "Done",
    "FixedRoute",
    "LaneDone",
    "Lanes",
    "Limits",
    "MeasuredSlice",
    "MeasuredTimeline",
    "Receipt",
    "Receipts",
    "Result",
    "Route",
    "RoutePolicy",
    "Runtime",
    "Snapshot",
    "Stage",
    "StandardRoutes",
    "Store",
    "Timing",
    "Try",
    "TryReason",
    "build_block",
]

# A block is planned without what executes one, which takes longer to import than that.
_HOMES = {
    "Block": ".block.block",
    "BlockFacts": ".engine.block_facts",
    "BlockRecord": ".state.block_record",
    "Done": ".block.done",
    "FixedRoute": ".engine.route_policy",
    "LaneDone": ".block.done",
    "Lanes": ".engine.route_policy",
    "Limits": ".block.limits",
    "MeasuredSlice": ".svm.measured_timeline",
    "MeasuredTimeline": ".svm.measured_timeline",
    "Receipt": ".svm.receipt",
    "Receipts": ".svm.receipt",
    "Result": ".engine.result",
    "Route": ".svm.tries",
    "RoutePolicy": ".engine.route_policy",
    "Runtime": ".runtime",
    "Snapshot": ".state.snapshot",
    "Stage": ".svm.measured_timeline",
    "StandardRoutes": ".engine.route_policy",
    "Store": ".store",
    "Timing": ".engine.result",
    "Try": ".svm.tries",
    "TryReason": ".svm.tries",
    "build_block": ".block.block_building",
}

# As usual for a library: logs go nowhere unless the application configures logging.
logging.getLogger(__name__.partition(".")[0]).addHandler(logging.NullHandler())
watch_forks()


def __getattr__(name: str) -> object:
    """Import a public name when it is first used (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = importlib.import_module(_HOMES[name], __name__)
    globals()[name] = value = getattr(module, name)
    return value


def __dir__() -> list[str]:
    return __all__
