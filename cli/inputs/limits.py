"""Limits of the workers, from options."""

from __future__ import annotations

from dataclasses import replace

from ...primitives import UsageError
from ...runtime import Limits
from ...runtime.block.limits import TRANSACTION_TIMEOUT_S_MIN, WORKER_MEMORY_BYTES_MIN

_MIB = 1024**2
_MEMORY_MIB_MIN = -(-WORKER_MEMORY_BYTES_MIN // _MIB)


def worker_limits(timeout_s: float | None, memory_mib: int | None) -> Limits:
    """The limits; options not given default to the runtime's.

    Raises UsageError with the names and units of the options.
    """
    limits = Limits()
    if timeout_s is not None:
        if not timeout_s >= TRANSACTION_TIMEOUT_S_MIN:  # also refuses NaN
            least = f"{TRANSACTION_TIMEOUT_S_MIN:g} seconds"
            raise UsageError(f"--timeout {timeout_s:g}: allow a transaction {least} at least")
        limits = replace(limits, transaction_timeout_s=timeout_s)
    if memory_mib is not None:
        if memory_mib < _MEMORY_MIB_MIN:
            raise UsageError(
                f"--memory {memory_mib}: a worker needs {_MEMORY_MIB_MIN} MiB at least"
            )
        limits = replace(limits, worker_memory_bytes=memory_mib * _MIB)
    return limits
