"""Whether a node can serve, and since when there was no block: what /healthz says.

    starting ──▶ serving ──▶ failed

A node that failed stays so: after a store failure nothing is certain until it is restarted.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from enum import StrEnum
from time import monotonic
from typing import NamedTuple

OK = 200
UNAVAILABLE = 503


class Status(StrEnum):
    """Where a node is in its life."""

    STARTING = "starting"
    SERVING = "serving"
    FAILED = "failed"


class Standing(NamedTuple):
    """A status; height and state root (hex) of the last committed block; why it failed."""

    status: Status
    height: int | None = None
    root: str | None = None
    why: str | None = None


class Health:
    """What is known of a node. Safe to ask from another thread.

    `clock`: seconds on the monotonic clock, for tests.
    """

    def __init__(self, version: str, *, clock: Callable[[], float] = monotonic) -> None:
        self._version = version
        self._clock = clock
        self._started_s = clock()
        self._block_s: float | None = None
        self._standing = Standing(Status.STARTING)
        self._changing = threading.Lock()

    def serving(self, height: int, root: bytes) -> None:
        """It has opened its store, and answers from now on."""
        self._change(Standing(Status.SERVING, height, root.hex()))

    def committed(self, height: int, root: bytes) -> None:
        """It has committed a block."""
        self._block_s = self._clock()
        self._change(Standing(Status.SERVING, height, root.hex()))

    def failed(self, why: str) -> None:
        """It cannot answer any more. The first reason stays."""
        with self._changing:
            if self._standing.status is not Status.FAILED:
                self._standing = self._standing._replace(status=Status.FAILED, why=why)

    def answer(self) -> tuple[int, dict[str, object]]:
        """The status code of HTTP, and a document for JSON."""
        with self._changing:
            standing, block_s = self._standing, self._block_s
        now = self._clock()
        document: dict[str, object] = {
            "status": standing.status.value,
            "height": standing.height,
            "root": standing.root,
            "seconds_since_block": None if block_s is None else round(now - block_s, 3),
            "uptime_seconds": round(now - self._started_s, 3),
            "version": self._version,
        }
        if standing.why is not None:
            document["why"] = standing.why
        return OK if standing.status is Status.SERVING else UNAVAILABLE, document

    def _change(self, standing: Standing) -> None:
        with self._changing:
            if self._standing.status is not Status.FAILED:
                self._standing = standing
