"""Executes blocks: columns, accounts in shared memory, workers, rules, receipts, state root."""

import logging

from .block.block import Block
from .block.block_building import build_block
from .block.limits import Limits
from .engine.block_facts import BlockFacts
from .engine.result import Result, Timing
from .engine.route_policy import FixedRoute, Lanes, RoutePolicy, StandardRoutes
from .process.forked_child import watch_forks
from .runtime import Runtime
from .state.block_record import BlockRecord
from .state.snapshot import Snapshot
from .store import Store
from .svm.receipt import Receipt, Receipts
from .svm.tries import Route, Try, TryReason

__all__ = [
    "Block",
    "BlockFacts",
    "BlockRecord",
    "FixedRoute",
    "Lanes",
    "Limits",
    "Receipt",
    "Receipts",
    "Result",
    "Route",
    "RoutePolicy",
    "Runtime",
    "Snapshot",
    "StandardRoutes",
    "Store",
    "Timing",
    "Try",
    "TryReason",
    "build_block",
]

# As usual for a library: logs go nowhere unless the application configures logging.
logging.getLogger(__name__.partition(".")[0]).addHandler(logging.NullHandler())
watch_forks()
