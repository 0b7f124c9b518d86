"""Sealane: blocks of transactions in parallel, bit for bit as if one by one.

>>> import sealane
>>> from sealane.programs.library import system
>>> with sealane.Runtime(workers=0) as runtime:
...     alice = runtime.set_account("alice", lamports=1_000_000)
...     pay = system.transfer(source=alice, destination="bob", lamports=400_000)
...     result = runtime.execute([sealane.Transaction([pay], payer="alice")])
...     result.transactions[0].ok, runtime.account("bob").lamports
(True, 400000)
"""

from __future__ import annotations

import importlib

# Type checkers take it for true. `typing` would take longer to import than all of this, and the
# command can't answer Ctrl-C in good order before this is imported.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from .primitives import (
        Account,
        AccountMeta,
        Failure,
        InputError,
        Instruction,
        InternalError,
        MachineError,
        OutOfMemory,
        ProgramTimeout,
        Pubkey,
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
        Transaction,
        UsageError,
        WorkerDied,
    )
    from .runtime import (
        Block,
        BlockFacts,
        BlockRecord,
        FixedRoute,
        Lanes,
        Limits,
        Receipt,
        Receipts,
        Result,
        Route,
        RoutePolicy,
        Runtime,
        StandardRoutes,
        Store,
        Timing,
        Try,
        TryReason,
        build_block,
    )

__all__ = [
    "Account",
    "AccountMeta",
    "Block",
    "BlockFacts",
    "BlockRecord",
    "Failure",
    "FixedRoute",
    "InputError",
    "Instruction",
    "InternalError",
    "Lanes",
    "Limits",
    "MachineError",
    "OutOfMemory",
    "ProgramTimeout",
    "Pubkey",
    "Receipt",
    "Receipts",
    "Result",
    "Route",
    "RoutePolicy",
    "Runtime",
    "RuntimeBusy",
    "RuntimeClosed",
    "RuntimeForked",
    "SealaneError",
    "SegmentLost",
    "SharedMemoryFull",
    "StandardRoutes",
    "Store",
    "StoreCorrupt",
    "StoreFailed",
    "StoreFormatError",
    "StoreLocked",
    "StoreMismatch",
    "StoreUnavailable",
    "Timing",
    "Transaction",
    "Try",
    "TryReason",
    "UsageError",
    "WorkerDied",
    "build_block",
]

_HOMES = (".primitives", ".runtime")  # the cheaper import first


def __getattr__(name: str) -> object:
    """Import a public name when it is first used (PEP 562).

    `sealane --help` and `import sealane.scheduler` must not pay for numpy and the runtime.
    """
    if name in __all__:
        for home in _HOMES:
            module = importlib.import_module(home, __name__)
            if name in module.__all__:
                globals()[name] = value = getattr(module, name)
                return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
