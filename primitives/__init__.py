"""The leaf that all layers share: keys, accounts, instructions, errors. It imports none of them."""

from .account import SYSTEM_PROGRAM_ID, Account
from .errors import (
    DefinitionError,
    InputError,
    InternalError,
    MachineError,
    ProgramFailure,
    RuntimeClosed,
    SealaneError,
    SharedMemoryFull,
    UsageError,
    WorkerDied,
)
from .failure import Errors, Failure, InstructionErrors, TransactionErrors
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
    "ProgramFailure",
    "Pubkey",
    "RuntimeClosed",
    "SealaneError",
    "SharedMemoryFull",
    "Transaction",
    "TransactionErrors",
    "UsageError",
    "WorkerDied",
]
