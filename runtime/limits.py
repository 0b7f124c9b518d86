"""The runtime's limits, Solana's where it has one. Each is enforced, and tested at and past it."""

from __future__ import annotations

from typing import Final

COMPUTE_UNITS_PER_INSTRUCTION: Final = 200_000  # default budget, times top-level instructions
COMPUTE_UNITS_MAX: Final = 1_400_000  # a transaction
CALL_DEPTH_MAX: Final = 5  # the top-level instruction counts: nested calls go 4 deep
INSTRUCTION_TRACE_MAX: Final = 64  # instructions of a transaction, nested ones included
INSTRUCTION_ACCOUNTS_MAX: Final = 255
ACCOUNT_LOCKS_MAX: Final = 128  # accounts that one transaction may lock
ACCOUNT_DATA_GROWTH_MAX: Final = 20 * 1024 * 1024  # bytes a transaction may add over all accounts
RETURN_DATA_MAX: Final = 1_024  # bytes
LOG_BYTES_MAX: Final = 10_000  # of one transaction; then one line says that logs were cut
