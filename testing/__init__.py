"""Test programs: a `Vm` that runs one transaction at a time and tells all about it.

from sealane.testing import Vm

pytest gets it as the fixture `vm` by itself; see plugin.py.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .access import Access, AccountAccess
    from .batch import BatchRow, assert_batch_matches_scalar
    from .failure import TransactionFailed
    from .receipt import VmReceipt
    from .snapshot import Snapshot
    from .vm import Vm

__all__ = [
    "Access",
    "AccountAccess",
    "BatchRow",
    "Snapshot",
    "TransactionFailed",
    "Vm",
    "VmReceipt",
    "assert_batch_matches_scalar",
]

_HOMES: Final = {
    "Access": ".access",
    "AccountAccess": ".access",
    "BatchRow": ".batch",  # its module needs Hypothesis, which nothing else here does
    "Snapshot": ".snapshot",
    "TransactionFailed": ".failure",
    "Vm": ".vm",
    "VmReceipt": ".receipt",
    "assert_batch_matches_scalar": ".batch",
}


def __getattr__(name: str) -> object:
    """Import a name when it is first used: pytest loads the plugin here in every project."""
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name], __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
