"""Runs blocks: columns, accounts in shared memory, workers, rules, receipts, state root."""

from .block import Block
from .block_building import build_block
from .block_record import BlockRecord
from .forked_child import watch_forks
from .limits import Limits
from .receipt import Receipt, Receipts
from .result import Result, Timing
from .runtime import Runtime
from .store import Store

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
