"""Asks workers for answers that depend on nothing but the question, and asks again if one dies."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import NamedTuple

from ...primitives import WorkerDied
from .pool import LaneFailed, WorkerPool
from .retry import TRIES_MAX

_log = logging.getLogger(__package__)


class Asked(NamedTuple):
    """The workers that are asked, and what they do, for the log: "verified signatures".

    `restarted` is called after the workers were replaced.
    """

    pool: WorkerPool
    restarted: Callable[[], None]
    doing: str

    def answers(
        self, messages: Sequence[bytes], meanwhile: Callable[[], object] | None = None
    ) -> list[bytes]:
        """The answers to a message for each of the first workers, in order.

        `meanwhile` is called when the messages are sent. Raises WorkerDied the third time that a
        worker fails.
        """
        tries = 0
        while True:
            tries += 1
            try:
                lanes = dict(enumerate(messages, start=1))
                return self.pool.exchange(lanes, meanwhile=meanwhile)
            except LaneFailed as failed:
                if tries == TRIES_MAX:
                    raise WorkerDied(failed.how, None, tries) from None
                _log.warning(
                    "%s while it %s: try %d of %d begins", failed, self.doing, tries + 1, TRIES_MAX
                )
                self.pool.restart(len(self.pool))
                self.restarted()
