"""The exception that a failed transaction raises in a test."""

from __future__ import annotations

from ..primitives import Failure, SealaneError
from .receipt import VmReceipt


class TransactionFailed(SealaneError):
    """A transaction sent by a test failed. The message is the full report.

    `receipt` has all details; `error` is the receipt's. If the test expects the failure, put the
    send in `with vm.fails(…)`, or use `vm.try_send`.
    """

    def __init__(self, receipt: VmReceipt, error: Failure) -> None:
        self.receipt = receipt
        self.error = error
        super().__init__(receipt.report())
