"""What workers may use, as options give it."""

from __future__ import annotations

from dataclasses import replace

from ..runtime import Limits

_MIB = 1024**2


def worker_limits(timeout_s: float | None, memory_mib: int | None) -> Limits:
    """The limits, those that are not given being the runtime's own. Raises UsageError."""
    limits = Limits()
    if timeout_s is not None:
        limits = replace(limits, transaction_timeout_s=timeout_s)
    if memory_mib is not None:
        limits = replace(limits, worker_memory_bytes=memory_mib * _MIB)
    return limits
