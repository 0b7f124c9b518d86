"""Runs blocks: columns, accounts in shared memory, workers, rules, receipts, state root."""

from .block.block import Block
from .block.block_building import build_block
from .block.limits import Limits
from .engine.result import Result, Timing
from .process.forked_child import watch_forks
from .runtime import Runtime
from .state.block_record import BlockRecord
from .store import Store
from .svm.receipt import Receipt, Receipts

__all__ = [
    "Block",
    "BlockRecord",
    "Limits",
    "Receipt",
    "Receipts",
    "Result",
    "Runtime",
    "Store",
    "Timing",
    "build_block",
]

watch_forks()
