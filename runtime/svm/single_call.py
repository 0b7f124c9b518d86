"""The host of a transaction's only call when a loop calls the handler; see row_calls.py.

It is an InvokeContext that starts in the middle: it does not bind accounts or call the handler, but
checks the rules afterwards.
"""

from __future__ import annotations

from ...primitives import ProgramFailure
from ...programs.kit.accounts.sysvars import Sysvars
from ...programs.kit.handlers.frame import Frame
from ...programs.kit.program.program_set import ProgramSet
from ...wire.compute_budget import COMPUTE_UNITS_PER_INSTRUCTION
from .invoke_context import InstructionContext, InvokeContext
from .log_collector import LogCollector


class SingleCall(InvokeContext):
    """`level`: the call's accounts when it begins. `units`: compute units used at that point."""

    def __init__(
        self, programs: ProgramSet, sysvars: Sysvars, level: InstructionContext, units: int
    ) -> None:
        super().__init__(programs, sysvars, COMPUTE_UNITS_PER_INSTRUCTION)
        self.consume(units)
        self.level = level
        self._units_at_first: int = self.units_left
        self._trace_len = 1
        self._stack.append(level)

    @property
    def units_used(self) -> int:
        return COMPUTE_UNITS_PER_INSTRUCTION - self.units_left

    @property
    def is_doomed(self) -> bool:
        """Whether the transaction will fail in any case."""
        return self._fatal is not None

    @property
    def touched(self) -> bool:
        """Whether the handler used its context in a way that shows in the receipt."""
        return (
            self.units_left != self._units_at_first
            or self._returned is not None
            or bool(self._logs.lines)
            or self._trace_len > 1
            or self._fatal is not None
        )

    def reset(self) -> None:
        """Prepare for the next call, on the same records."""
        self.units_left = self._units_at_first
        self.failed_program = None
        self._returned = None
        self._fatal = None
        self._logs = LogCollector()
        self._trace_len = 1
        self._data_growth = 0

    def conclude(self, frame: Frame, raised: BaseException | None) -> None:
        """End the call. `raised`: the handler's exception, if any. Raises as `run` would have."""
        try:
            if raised is not None:
                self._raise_failure(raised, frame)
            self._judge(frame, self.level)
        except ProgramFailure as failure:
            self._note_failure(failure, self.level.program)
            raise
        finally:
            frame.close()
