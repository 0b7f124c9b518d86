"""The runtime's limits: Solana's, where it has one. Each is enforced, and tested at and past it.

The constants are rules: a transaction that breaks one fails, in the same way everywhere. `Limits`
protect the machine from worker processes: a block that hits one is not committed at all. The limits
of compute units stand in wire/compute_budget.py, as a transaction may ask for others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ...primitives import UsageError

CALL_DEPTH_MAX: Final = 5  # the top-level instruction counts: nested calls go 4 deep
INSTRUCTION_TRACE_MAX: Final = 64  # instructions of a transaction, nested ones included
INSTRUCTION_ACCOUNTS_MAX: Final = 255
# Keys that one transaction may lock, including its programs. Solana allows 128 only with the
# feature increase_tx_account_lock_limit, which mainnet-beta has never activated.
ACCOUNT_LOCKS_MAX: Final = 64
ACCOUNT_DATA_GROWTH_MAX: Final = 20 * 1024 * 1024  # bytes a transaction may add over all accounts
BLOCK_DATA_GROWTH_MAX: Final = 100_000_000  # bytes that a block's transactions may allocate
RETURN_DATA_MAX: Final = 1_024  # bytes
LOG_BYTES_MAX: Final = 10_000  # of one transaction; then a line says that the log was truncated
# Python frames below the executor's own. As many as Python's default for a whole process, so that
# this limit is never stricter than Python's.
PYTHON_FRAMES_MAX: Final = 1_000
WORKER_MEMORY_BYTES_MAX: Final = 1 << 60  # more than an address space has
WORKER_MEMORY_BYTES_MIN: Final = 64 * 1024 * 1024  # a few copies of an account of 10 MiB
TRANSACTION_TIMEOUT_S_MIN: Final = 0.05


@dataclass(frozen=True, slots=True)
class Limits:
    """What a worker process may use. Raises UsageError for values that no worker could run with.

    `worker_memory_bytes`: address space, beside that of the interpreter and the block's accounts.
    `transaction_timeout_s`: seconds that one transaction, or a vectorized group, may take.

    Neither applies when no worker executes. With `workers=0` that is every block; with workers it
    is blocks of library programs that would not be faster on workers. The rules bound what those
    use, and a block that may allocate more than `worker_memory_bytes` always goes to workers.
    """

    worker_memory_bytes: int = 4 * 1024**3
    transaction_timeout_s: float = 10.0

    def __post_init__(self) -> None:
        if type(self.worker_memory_bytes) is not int:
            raise UsageError(f"worker_memory_bytes={self.worker_memory_bytes!r}: give whole bytes")
        if type(self.transaction_timeout_s) not in (int, float):
            raise UsageError(f"transaction_timeout_s={self.transaction_timeout_s!r}: give seconds")
        if not WORKER_MEMORY_BYTES_MIN <= self.worker_memory_bytes <= WORKER_MEMORY_BYTES_MAX:
            raise UsageError(
                f"worker_memory_bytes={self.worker_memory_bytes}: a worker needs "
                f"{WORKER_MEMORY_BYTES_MIN:,} at least, and no machine has more than "
                f"{WORKER_MEMORY_BYTES_MAX:,}"
            )
        # `not >=` refuses NaN, too.
        if not self.transaction_timeout_s >= TRANSACTION_TIMEOUT_S_MIN:
            raise UsageError(
                f"transaction_timeout_s={self.transaction_timeout_s}: allow a transaction "
                f"{TRANSACTION_TIMEOUT_S_MIN} s at least"
            )
