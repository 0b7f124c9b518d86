"""Work in pieces, done by the caller and a thread that helps it.

For long pieces that leave the interpreter alone: hashing, and numpy on thousands of rows. Then the
other cores are idle: workers wait while a block is loaded or committed.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from threading import Thread


class HelpedWork:
    """Does `piece(0)` … `piece(count - 1)`, in no order; a helper begins at once, if there are two.

    `finish` does what is left and returns when all is done. It raises what a piece raised.
    """

    def __init__(self, piece: Callable[[int], object], count: int) -> None:
        self._piece = piece
        # Both threads take the next number from it, which the interpreter gives to one at a time.
        self._numbers = iter(range(count))
        self._error: BaseException | None = None
        self._helper: Thread | None = None
        if count > 1:
            helper = Thread(target=self._help)
            with suppress(RuntimeError):  # no room for one more thread: `finish` does it all
                helper.start()
                self._helper = helper

    def finish(self) -> None:
        try:
            self._take_pieces()
        finally:
            if self._helper is not None:
                self._helper.join()
        if self._error is not None:
            raise self._error

    def _take_pieces(self) -> None:
        for number in self._numbers:
            self._piece(number)

    def _help(self) -> None:
        try:
            self._take_pieces()
        except BaseException as error:
            self._error = error


def helped_slices(work: Callable[[slice], object], length: int, step: int) -> None:
    """Do `work` on slices of `step` that make up `length`."""
    if length <= step:
        work(slice(0, length))
        return
    HelpedWork(lambda at: work(slice(at * step, (at + 1) * step)), -(-length // step)).finish()
