"""Testing programs: a `Vm` runs one transaction at a time and records everything about it.

>>> from sealane.programs.library import system
>>> from sealane.testing import Vm
>>> with Vm() as vm:
...     alice = vm.airdrop("alice", 10)
...     receipt = vm.send(system.transfer(source=alice, destination="bob", lamports=4))
...     vm.account("bob").lamports
4

In pytest it is the fixture `vm`, with no setup; see plugin.py.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ..runtime.state.snapshot import Snapshot
    from .access import Access, AccountAccess
    from .batch import BatchComparison, assert_batch_matches_scalar
    from .batch_rows import BatchRow
    from .failure import TransactionFailed
    from .receipt import VmReceipt
    from .vm import Vm

__all__ = [
    "Access",
    "AccountAccess",
    "BatchComparison",
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
    "BatchComparison": ".batch",  # needs Hypothesis
    "BatchRow": ".batch_rows",  # needs Hypothesis
    "Snapshot": "..runtime.state.snapshot",
    "TransactionFailed": ".failure",
    "Vm": ".vm",
    "VmReceipt": ".receipt",
    "assert_batch_matches_scalar": ".batch",
}


def __getattr__(name: str) -> object:
    """Import a name on first use, since pytest loads this package's plugin in every project."""
    if name in _HOMES:
        try:
            return getattr(importlib.import_module(_HOMES[name], __name__), name)
        except ModuleNotFoundError as error:
            if error.name != "hypothesis":
                raise
            from ..primitives.extras import how_to_install

            raise ImportError(
                f"{name} needs Hypothesis, which the extra `test` brings: " + how_to_install("test")
            ) from error
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
