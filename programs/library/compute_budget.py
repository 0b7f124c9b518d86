"""The compute budget program: limits that a transaction requests before it runs.

Its instructions do nothing when executed: the runtime reads them beforehand, and refuses a
transaction with repeated or invalid requests. Encoding: a 1-byte tag and one integer.

    >>> from sealane.programs.library import compute_budget
    >>> compute_budget.set_compute_unit_limit(units=1_000).data.hex()
    '02e8030000'
"""

from __future__ import annotations

from typing import Final

from ..kit import Program, u32, u64

_COMPUTE_UNITS: Final = 150

compute_budget = Program(
    "compute_budget",
    compute_units=_COMPUTE_UNITS,
    about="what a transaction asks for before it runs: compute units, account data",
    trusted=True,
)


@compute_budget.instruction(tag=1)
def request_heap_frame(bytes_asked: u32) -> None:
    """Request a heap of this size. Checked, but without effect: Python has no such heap."""
    del bytes_asked


@compute_budget.instruction(tag=2)
def set_compute_unit_limit(units: u32) -> None:
    """Limit the transaction to this many compute units, instead of the default."""
    del units


@compute_budget.instruction(tag=3)
def set_compute_unit_price(micro_lamports: u64) -> None:
    """Offer a price per compute unit. Without effect: fees are given with the block."""
    del micro_lamports


@compute_budget.instruction(tag=4)
def set_loaded_accounts_data_size_limit(bytes_max: u32) -> None:
    """Limit the account data that the transaction loads."""
    del bytes_max
