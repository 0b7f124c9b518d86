"""Looks at a node again and again: how it does, or that it does not answer, and when to try again.

Guarantees: a node that does not answer is asked less and less often, at least every AGAIN_MAX_S.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from ...primitives import UsageError
from .reading import Figures, MetricsUnreachable
from .vitals import Vitals, vitals_of

INTERVAL_MIN_S: Final = 0.1
INTERVAL_MAX_S: Final = 3600.0
AGAIN_MAX_S: Final = 10.0


class Clock:
    """Time, in seconds; replaced in tests."""

    def monotonic_s(self) -> float:
        return time.monotonic()

    def unix_s(self) -> float:
        return time.time()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class Look(NamedTuple):
    """What was seen: `vitals`, or `gone`, why there are none. `again_s`: until the next look."""

    vitals: Vitals | None
    gone: MetricsUnreachable | None
    again_s: float


def require_interval(interval_s: float) -> None:
    """Raise UsageError for an interval that is too short or too long."""
    if not INTERVAL_MIN_S <= interval_s <= INTERVAL_MAX_S:
        raise UsageError(
            f"{interval_s:g} s between two looks: choose {INTERVAL_MIN_S:g} to {INTERVAL_MAX_S:g}"
        )


def watch(
    read: Callable[[], Figures], interval_s: float, *, clock: Clock | None = None
) -> Iterator[Look]:
    """A look every `interval_s`, without end; the first after one, since rates take two readings.

    Raises InputError if something else than a node answers.
    """
    clock = Clock() if clock is None else clock
    before: tuple[Figures, float] | None = None
    failures = 0
    while True:
        at_s = clock.monotonic_s()
        try:
            after = read()
        except MetricsUnreachable as error:
            again_s = min(AGAIN_MAX_S, max(interval_s, 1.0) * 2**failures)
            failures = min(failures + 1, 10)  # 2**10 is beyond any AGAIN_MAX_S
            yield Look(None, error, again_s)
            clock.sleep(again_s)
            continue
        failures = 0
        if before is not None:
            passed_s = at_s - before[1]
            vitals = vitals_of(before[0], after, passed_s, now_s=clock.unix_s())
            yield Look(vitals, None, interval_s)
        before = after, at_s
        clock.sleep(interval_s)
