"""The runtime's limits, Solana's where it has one. Each is enforced, and tested at and past it.

The constants are rules: a transaction that breaks one fails, the same way everywhere. `Limits` are
guards on worker processes: a block that runs into one is not committed at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ...primitives import UsageError

COMPUTE_UNITS_PER_INSTRUCTION: Final = 200_000  # default budget, times top-level instructions
COMPUTE_UNITS_MAX: Final = 1_400_000  # a transaction
CALL_DEPTH_MAX: Final = 5  # the top-level instruction counts: nested calls go 4 deep
INSTRUCTION_TRACE_MAX: Final = 64  # instructions of a transaction, nested ones included
INSTRUCTION_ACCOUNTS_MAX: Final = 255
# Keys that one transaction may lock, those of its programs included. 128 on Solana only with the
# feature increase_tx_account_lock_limit, which mainnet-beta has never activated.
ACCOUNT_LOCKS_MAX: Final = 64
ACCOUNT_DATA_GROWTH_MAX: Final = 20 * 1024 * 1024  # bytes a transaction may add over all accounts
BLOCK_DATA_GROWTH_MAX: Final = 100_000_000  # bytes that a block's transactions may ask for
RETURN_DATA_MAX: Final = 1_024  # bytes
LOG_BYTES_MAX: Final = 10_000  # of one transaction; then one line says that logs were cut
# Python frames below the executor's own. At least Python's default for a whole process, so that
# pinning it never takes a frame from anybody.
PYTHON_FRAMES_MAX: Final = 1_000
WORKER_MEMORY_BYTES_MAX: Final = 1 << 60  # more than an address space has
WORKER_MEMORY_BYTES_MIN: Final = 64 * 1024 * 1024  # a few copies of an account of 10 MiB
TRANSACTION_TIMEOUT_S_MIN: Final = 0.05


@dataclass(frozen=True, slots=True)
class Limits:
    """What a worker process may use. Raises UsageError for what no worker could live with.

    `worker_memory_bytes`: address space beside the interpreter's own and the block's accounts.
    `transaction_timeout_s`: how long one transaction, or a vectorized group, may take.

    Neither holds where no worker executes. With `workers=0` that is every block. With workers it is
    blocks of library programs that would not gain by them: what these take is bounded by the rules,
    and a block that may allocate more than `worker_memory_bytes` goes to workers all the same.
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
        # Written so that NaN is refused, too.
        if not self.transaction_timeout_s >= TRANSACTION_TIMEOUT_S_MIN:
            raise UsageError(
                f"transaction_timeout_s={self.transaction_timeout_s}: allow a transaction "
                f"{TRANSACTION_TIMEOUT_S_MIN} s at least"
            )
