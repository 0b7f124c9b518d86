"""`with vm.fails(…)`: a send in the block must fail with exactly this error."""

from __future__ import annotations

from types import TracebackType
from typing import Protocol

from ..primitives import Errors, Failure
from ..programs.kit.program.program_set import ProgramSet
from .expected_error import ExpectedError, failure_text
from .failure import TransactionFailed
from .receipt import VmReceipt


class Sender(Protocol):
    """The part of a Vm that `fails` needs."""

    @property
    def sent(self) -> int: ...

    @property
    def last(self) -> VmReceipt | None: ...

    @property
    def programs(self) -> ProgramSet: ...

    def raised(self, error: BaseException) -> bool: ...

    def shown(self, text: str) -> str: ...


class Fails:
    """The context manager. After it ends, `error` and `receipt` are those of the failed send.

    It catches only what a send of its own Vm raises.
    """

    def __init__(self, vm: Sender, error: Errors | str, account: str | None) -> None:
        self._vm = vm
        self._wanted = error
        self._account = account
        self._failed: TransactionFailed | None = None

    @property
    def receipt(self) -> VmReceipt:
        return self._ended().receipt

    @property
    def error(self) -> Failure:
        return self._ended().error

    def __enter__(self) -> Fails:
        self._sent_before = self._vm.sent
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        __tracebackhide__ = True
        if error is not None and not self._vm.raised(error):
            return False
        # Not earlier: the send itself may have made the program known.
        expected = ExpectedError.of(self._wanted, self._account, self._vm.programs)
        if not isinstance(error, TransactionFailed):
            raise AssertionError(self._succeeded(expected))
        if not expected.matches(error.receipt):
            raise AssertionError(
                f"expected {expected}\n"
                f"but got  {self._vm.shown(failure_text(error.error))}\n\n"
                f"{error.receipt.report()}"
            ) from None
        self._failed = error
        return True

    def _succeeded(self, expected: ExpectedError) -> str:
        count = self._vm.sent - self._sent_before
        last = self._vm.last
        if count == 0 or last is None:
            return f"expected {expected}\nbut there was no vm.send inside the block"
        what = "the transaction" if count == 1 else f"all {count} transactions"
        return f"expected {expected}\nbut {what} inside succeeded\n\n{last.report()}"

    def _ended(self) -> TransactionFailed:
        if self._failed is None:
            raise AssertionError("the block of vm.fails(…) has not ended yet")
        return self._failed
