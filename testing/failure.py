"""The exception that a failed transaction becomes in a test."""

from __future__ import annotations

from ..primitives import Failure, SealaneError
from .receipt import VmReceipt


class TransactionFailed(SealaneError):
    """A transaction that a test sent failed; its text is the whole report.

    `receipt` has everything else; `error` is the receipt's. If the failure is what the test is
    about, use `vm.fails(…)` around the send, or `vm.try_send`.
    """

    def __init__(self, receipt: VmReceipt, error: Failure) -> None:
        self.receipt = receipt
        self.error = error
        super().__init__(receipt.report())
