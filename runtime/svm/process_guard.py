"""How handlers are called, so that what one does to its process cannot affect another's receipt.

    a transaction alone   in a fresh context; then the recursion limit is restored
    a loop, a group       all in one context; then it is checked, with what is cheap to check
    the end of a block    everything is checked

A change may have affected other receipts, so ProcessChanged is raised and the block begins again.
Programs that are known to change the process are *impure*: they are called alone, and everything
is restored after each transaction.

A context here is a `contextvars.Context`: decimal's precision, numpy's error state and the like
have their defaults in it. The recursion limit counts from where the guard was entered. It is the
one setting that applies to the whole process while handlers run, so only one thread at a time may
run them.
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
_lock = threading.RLock()  # reentrant: a program may use another runtime


class ProcessChanged(Exception):
    """Handlers called together changed their process. `programs`: those that may have done it,
    one of them or all that the block calls."""

    def __init__(self, programs: Iterable[Pubkey]) -> None:
        self.programs = frozenset(programs)
        super().__init__(self.programs)


class ProcessGuard:
    """Calls the handlers of one block, while entered.

    `attentive`: check everything after each transaction, which takes microseconds.
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
            # Not earlier: with the lock held, changes by another thread's handlers are undone.
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
            # The handlers of another thread may run next, and would see the changes.
            if self._untrusted and threading.active_count() > 1 and not self._restore():
                self._changed = True
        finally:
            _lock.release()

    @contextmanager
    def released(self) -> Generator[None]:
        """Let other threads run handlers while this one does something else."""
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
        """Call handlers of one program one after another.

        They begin `frames_fewer` stack frames higher than those that run alone. Raises
        ProcessChanged.
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
            self._restore()  # everything, as the next try must not see any of it
            raise ProcessChanged([program.id])
        return result

    def require_unchanged(self) -> None:
        """Call this after the last transaction. Raises ProcessChanged."""
        if not self._begun:
            return
        with _lock:
            if not self._restore() or self._changed:
                raise ProcessChanged(self._untrusted)

    def _restore(self) -> bool:
        """Restore what was changed; returns True if nothing was."""
        raise_if_interrupted()  # a signal handler that ran may have set others that are to stay
        now, holds = CostlyState.now(), self._cheap.is_unchanged()
        if not holds:
            self._cheap.restore()
        if now != self._costly:
            self._costly.restore(now)
        return holds and now == self._costly


def until_nothing_changes(programs: ProgramSet, execute: Callable[[], _T], tries: Tries) -> _T:
    """Execute a block, and repeat it with the programs marked as impure on ProcessChanged."""
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
    """The detail for a new try: the names of the programs that were not yet known as impure."""
    found = {key: programs.get(key) for key in changed - programs.impure}
    names = sorted(str(key) if program is None else program.name for key, program in found.items())
    return f"{' or '.join(names)} changed its process"


def _is_untouched(context: Context) -> bool:
    """Whether the calls in this context changed no context variable. Reading decimal's sets it
    to the default, which is not a change."""
    for value in context.values():
        if not isinstance(value, decimal.Context) or repr(value) != _DECIMAL_DEFAULT:
            return False
    return True


_DECIMAL_DEFAULT: Final = repr(Context().run(decimal.getcontext))


def _forget_in_fork() -> None:
    global _lock
    _lock = threading.RLock()  # a thread that the fork did not copy may hold it


os.register_at_fork(after_in_child=_forget_in_fork)
