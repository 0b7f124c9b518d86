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
    from . import errors as errors
    from . import programs as programs
    from . import scheduler as scheduler
    from . import testing as testing
    from .ingest.loaded_block import LoadedBlock, load, load_all
    from .primitives import (
        Account,
        AccountMeta,
        Failure,
        InputError,
        Instruction,
        InternalError,
        MachineError,
        NothingFinalized,
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
        WrongHeight,
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
    from .scheduler import Schedule

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
    "LoadedBlock",
    "MachineError",
    "NothingFinalized",
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
    "Schedule",
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
    "WrongHeight",
    "build_block",
    "load",
    "load_all",
]

# All others are in `primitives` or in `runtime`, looked for in this order: the cheaper one first.
_HOMES = {
    "LoadedBlock": ".ingest.loaded_block",
    "Schedule": ".scheduler",
    "load": ".ingest.loaded_block",
    "load_all": ".ingest.loaded_block",
}
_MODULES = ("errors", "programs", "scheduler", "testing")


def __getattr__(name: str) -> object:
    """Import a public name when it is first used (PEP 562).

    `sealane --help` and `import sealane.scheduler` must not pay for numpy and the runtime.
    """
    if name == "__version__":
        from .primitives.version import find_version

        return find_version()
    if name in _MODULES:
        return importlib.import_module(f".{name}", __name__)
    if name in __all__:
        for home in (_HOMES[name],) if name in _HOMES else (".primitives", ".runtime"):
            module = importlib.import_module(home, __name__)
            if hasattr(module, name):
                globals()[name] = value = getattr(module, name)
                return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """What is public, for completion: neither what is imported here nor what is not exported."""
    return sorted([*__all__, *_MODULES, "__version__"])
