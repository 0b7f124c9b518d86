"""Divides work in chunks between the caller and a second thread.

For long chunks that release the interpreter lock: hashing, and numpy on thousands of rows. Other
cores are idle meanwhile, as workers wait while a block is loaded or committed.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from threading import Thread


class TwoThreadWork:
    """Calls `chunk(0)` … `chunk(count - 1)` in any order. With two chunks or more, a second thread
    begins at once.

    `finish` helps with the rest and returns when all are done. It raises what a chunk raised.
    """

    def __init__(self, chunk: Callable[[int], object], count: int) -> None:
        self._chunk = chunk
        # Both threads take numbers from it; the interpreter lock makes `next` atomic.
        self._numbers = iter(range(count))
        self._error: BaseException | None = None
        self._helper: Thread | None = None
        if count > 1:
            helper = Thread(target=self._help)
            with suppress(RuntimeError):  # no more threads possible: `finish` does everything
                helper.start()
                self._helper = helper

    def finish(self) -> None:
        try:
            self._run_chunks()
        finally:
            if self._helper is not None:
                self._helper.join()
        if self._error is not None:
            raise self._error

    def _run_chunks(self) -> None:
        for number in self._numbers:
            self._chunk(number)

    def _help(self) -> None:
        try:
            self._run_chunks()
        except BaseException as error:
            self._error = error


def run_slices(work: Callable[[slice], object], length: int, step: int) -> None:
    """Call `work` on consecutive slices of length `step` that cover `length`."""
    if length <= step:
        work(slice(0, length))
        return
    TwoThreadWork(lambda at: work(slice(at * step, (at + 1) * step)), -(-length // step)).finish()
