"""Sealane: blocks of transactions in parallel, bit for bit as if one by one.

import sealane
with sealane.Runtime(workers=2) as runtime:
    result = runtime.execute([sealane.Transaction([...], payer="alice")])
"""

from .primitives import (
    Account,
    AccountMeta,
    Failure,
    InputError,
    Instruction,
    InternalError,
    MachineError,
    Pubkey,
    SealaneError,
    SharedMemoryFull,
    Transaction,
    UsageError,
    WorkerDied,
)
from .runtime import Block, Receipt, Receipts, Result, Runtime, Timing, build_block

__all__ = [
    "Account",
    "AccountMeta",
    "Block",
    "Failure",
    "InputError",
    "Instruction",
    "InternalError",
    "MachineError",
    "Pubkey",
    "Receipt",
    "Receipts",
    "Result",
    "Runtime",
    "SealaneError",
    "SharedMemoryFull",
    "Timing",
    "Transaction",
    "UsageError",
    "WorkerDied",
    "build_block",
]
