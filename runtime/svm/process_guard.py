"""How handlers are called, so that what one does to its process decides no other's receipt.

    a transaction alone   in a fresh context; then the recursion limit is put back
    a loop, a group       in one for all; then looked at are the context and what costs little
    the end of a block    everything is looked at

What is found changed may have decided other receipts: ProcessChanged, and the block begins again.
Programs that are known for it are *impure*: they are called alone, and everything is restored after
each transaction.

A context here is Python's: decimal's precision, numpy's error state and the like begin as the
language has them. The recursion limit counts from where the guard was entered. It is the one thing
that holds for the whole process while handlers run, so one thread at a time has them run.
"""

from __future__ import annotations

import decimal
import logging
import os
import sys
import threading
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from contextvars import Context
from types import TracebackType
from typing import Any, Final, Self, TypeVar

from ...primitives import InternalError, Pubkey
from ...programs.kit import Program
from ...programs.kit.program.program_set import ProgramSet
from ...programs.kit.program.traits import ProgramTraits
from ..block.limits import PYTHON_FRAMES_MAX
from ..process.interrupts import raise_if_interrupted
from ..process.process_state import CheapState, CostlyState
from .recursion import stack_depth
from .tries import Tries, TryReason

_log = logging.getLogger(__package__)
_T = TypeVar("_T")
_lock = threading.RLock()  # reentrant: a program may use a runtime of its own


class ProcessChanged(Exception):
    """Calls that were not alone changed their process: all of a block's programs, or just one."""

    def __init__(self, programs: Iterable[Pubkey]) -> None:
        self.programs = frozenset(programs)
        super().__init__(self.programs)


class ProcessGuard:
    """Calls the handlers of one block. Enter it to do so.

    `attentive`: whether to look at everything after each transaction, which takes microseconds.
    """

    def __init__(
        self, called: Iterable[Program], programs: ProgramSet, *, attentive: bool = False
    ) -> None:
        self._untrusted = [program.id for program in called if not program.trusted]
        self._attentive = attentive or any(p in programs.impure for p in self._untrusted)
        self._begun = self._changed = False
        self._limit_before = self.limit = sys.getrecursionlimit()

    def __enter__(self) -> Self:
        _lock.acquire()
        if self._untrusted and not self._begun:
            # Not before: what another thread's handlers change is put back by now.
            self._cheap, self._costly, self._begun = CheapState.now(), CostlyState.now(), True
        self._limit_before = sys.getrecursionlimit()
        self.limit = stack_depth() + PYTHON_FRAMES_MAX
        sys.setrecursionlimit(self.limit)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        sys.setrecursionlimit(self._limit_before)
        try:
            # Handlers of another thread, which may come next, begin with what they find.
            if self._untrusted and threading.active_count() > 1 and not self._restore():
                self._changed = True
        finally:
            _lock.release()

    @contextmanager
    def released(self) -> Generator[None]:
        """Let other threads run handlers, while the caller of the block does something else."""
        self.__exit__(None, None, None)
        try:
            yield
        finally:
            _lock.acquire()
            sys.setrecursionlimit(self.limit)

    def run_alone(self, run: Callable[..., _T], *args: Any) -> _T:
        """Execute one transaction."""
        result = Context().run(run, *args)
        if self._untrusted:
            if sys.getrecursionlimit() != self.limit:
                sys.setrecursionlimit(self.limit)
            if self._attentive:
                self._restore()
        return result

    def run_together(
        self, program: ProgramTraits, frames_fewer: int, run: Callable[..., _T], *args: Any
    ) -> _T:
        """Call handlers of one program one after the other.

        They begin `frames_fewer` less deep than those that run alone. Raises ProcessChanged.
        """
        context = Context()
        limit = self.limit - frames_fewer
        sys.setrecursionlimit(limit)
        try:
            result = context.run(run, *args)
            holds = sys.getrecursionlimit() == limit
        finally:
            sys.setrecursionlimit(self.limit)
        if not program.trusted and not (
            holds and self._cheap.is_unchanged() and _is_untouched(context)
        ):
            self._restore()  # all of it: the block's next try would begin with what is left
            raise ProcessChanged([program.id])
        return result

    def require_unchanged(self) -> None:
        """To be called when all transactions are executed. Raises ProcessChanged."""
        if not self._begun:
            return
        with _lock:
            if not self._restore() or self._changed:
                raise ProcessChanged(self._untrusted)

    def _restore(self) -> bool:
        """Restore what was changed; returns whether that was nothing."""
        raise_if_interrupted()  # a handler that ran may have changed others for good
        now, holds = CostlyState.now(), self._cheap.is_unchanged()
        if not holds:
            self._cheap.restore()
        if now != self._costly:
            self._costly.restore(now)
        return holds and now == self._costly


def until_nothing_changes(programs: ProgramSet, execute: Callable[[], _T], tries: Tries) -> _T:
    """Execute a block; again, if that raises ProcessChanged, now that the programs are known."""
    while True:
        try:
            return execute()
        except ProcessChanged as changed:
            if changed.programs <= programs.impure:
                raise InternalError("a program changed its process in a way that escaped") from None
            detail = _named(changed.programs, programs)
            _log.warning("%s: the block is begun again, with its transactions alone", detail)
            tries.give_up(TryReason.IMPURE_PROGRAMS, detail)
            programs.impure |= changed.programs


def _named(changed: frozenset[Pubkey], programs: ProgramSet) -> str:
    """Those programs that were not known for it yet, by name."""
    found = {key: programs.get(key) for key in changed - programs.impure}
    names = sorted(str(key) if program is None else program.name for key, program in found.items())
    return f"{' or '.join(names)} changed its process"


def _is_untouched(context: Context) -> bool:
    """Whether the calls in it left all context variables alone, but for reading decimal's."""
    for value in context.values():
        if not isinstance(value, decimal.Context) or repr(value) != _DECIMAL_DEFAULT:
            return False
    return True


_DECIMAL_DEFAULT: Final = repr(Context().run(decimal.getcontext))


def _forget_in_fork() -> None:
    global _lock
    _lock = threading.RLock()  # it may be held by a thread that the fork did not copy


os.register_at_fork(after_in_child=_forget_in_fork)
