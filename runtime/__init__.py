"""Runs blocks: columns, accounts in shared memory, workers, rules, receipts, state root."""

from .block import Block, BlockBuilder, build_block
from .limits import Limits
from .receipt import Receipt, Receipts
from .result import Result, Timing
from .runtime import Runtime

__all__ = [
    "Block",
    "BlockBuilder",
    "Limits",
    "Receipt",
    "Receipts",
    "Result",
    "Runtime",
    "Timing",
    "build_block",
]
