"""Everything that Sealane raises on purpose, in one tree; the names are in `sealane` as well.

>>> import sealane
>>> try:
...     sealane.load("missing.yaml")
... except sealane.errors.InputError as error:
...     print(error)
missing.yaml: no such file; check the path
"""

from .primitives import (
    DefinitionError,
    InputError,
    InternalError,
    MachineError,
    NothingFinalized,
    OutOfMemory,
    ProgramFailure,
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
    WrongHeight,
)
from .primitives import errors as _tree

__all__ = [
    "DefinitionError",
    "InputError",
    "InternalError",
    "MachineError",
    "NothingFinalized",
    "OutOfMemory",
    "ProgramFailure",
    "ProgramTimeout",
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
    "UsageError",
    "WorkerDied",
    "WrongHeight",
]

__doc__ = f"{__doc__}\n{_tree.__doc__}"  # the tree is drawn once, where the errors are


def __dir__() -> list[str]:
    return __all__
