"""The host of a transaction's only call, where a loop calls the handler; see row_calls.py.

An InvokeContext that is under way already: it never binds accounts or calls the handler itself, and
judges what the handler left.
"""

from __future__ import annotations

from ...primitives import ProgramFailure
from ...programs.kit.accounts.sysvars import Sysvars
from ...programs.kit.handlers.frame import Frame
from ...programs.kit.program.program_set import ProgramSet
from ..block.limits import COMPUTE_UNITS_PER_INSTRUCTION
from .invoke_context import InstructionContext, InvokeContext
from .log_collector import LogCollector


class SingleCall(InvokeContext):
    """`level`: what the call's accounts are when it begins. It begins with `units` used."""

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
    def went_on(self) -> bool:
        """Whether the handler made nested calls, or the transaction fails whatever it returns."""
        return self._trace_len > 1 or self._fatal is not None

    @property
    def touched(self) -> bool:
        """Whether the handler did anything that its receipt must tell, through its context."""
        return (
            self.units_left != self._units_at_first
            or self._returned is not None
            or bool(self._logs.lines)
            or self.went_on
        )

    def reset(self) -> None:
        """Begin the next call, on the same records."""
        self.units_left = self._units_at_first
        self.failed_program = None
        self._returned = None
        self._fatal = None
        self._logs = LogCollector()
        self._trace_len = 1
        self._data_growth = 0

    def conclude(self, frame: Frame, raised: BaseException | None) -> None:
        """End the call, whose handler `raised` this. Raises what `run` would have raised."""
        try:
            if raised is not None:
                self._raise_failure(raised, frame)
            self._judge(frame, self.level)
        except ProgramFailure as failure:
            self._note_failure(failure, self.level.program)
            raise
        finally:
            frame.close()
