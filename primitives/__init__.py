"""The leaf that all layers share: keys, accounts, instructions, errors. It imports none of them."""

from .account import Account
from .errors import (
    DefinitionError,
    InputError,
    InternalError,
    MachineError,
    OutOfMemory,
    ProgramTimeout,
    RuntimeBusy,
    RuntimeClosed,
    RuntimeForked,
    SealaneError,
    SegmentLost,
    SharedMemoryFull,
    StoreCorrupt,
    StoreFailed,
    StoreFormatError,
    StoreLocked,
    StoreMismatch,
    StoreUnavailable,
    UsageError,
    WorkerDied,
)
from .failure import Errors, Failure, InstructionErrors, ProgramFailure, TransactionErrors
from .known_keys import SYSTEM_PROGRAM_ID
from .pubkey import Pubkey
from .transaction import AccountMeta, Instruction, Transaction

__all__ = [
    "SYSTEM_PROGRAM_ID",
    "Account",
    "AccountMeta",
    "DefinitionError",
    "Errors",
    "Failure",
    "InputError",
    "Instruction",
    "InstructionErrors",
    "InternalError",
    "MachineError",
    "OutOfMemory",
    "ProgramFailure",
    "ProgramTimeout",
    "Pubkey",
    "RuntimeBusy",
    "RuntimeClosed",
    "RuntimeForked",
    "SealaneError",
    "SegmentLost",
    "SharedMemoryFull",
    "StoreCorrupt",
    "StoreFailed",
    "StoreFormatError",
    "StoreLocked",
    "StoreMismatch",
    "StoreUnavailable",
    "Transaction",
    "TransactionErrors",
    "UsageError",
    "WorkerDied",
]
