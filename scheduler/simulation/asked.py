"""What a user asks of a simulation: policies by name, and one of anything for a list of it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import cast

from ...primitives import UsageError
from .policies import POLICIES


def checked_policies(policies: str | Iterable[str]) -> list[str]:
    """The policies, each once. Raises UsageError, with the nearest, for one that is not there."""
    named = list(dict.fromkeys([policies] if isinstance(policies, str) else policies))
    for name in named:
        if name not in POLICIES:
            near = difflib.get_close_matches(str(name), POLICIES, n=1)
            hint = f"did you mean {near[0]}? " if near else ""
            raise UsageError(
                f"there is no policy {name!r}; {hint}choose from {', '.join(POLICIES)}"
            )
    return named


def listed_workers(workers: int | Sequence[int]) -> Sequence[int]:
    """A number of workers as a list of one; several as they are."""
    # Texts are refused as numbers are, not letter by letter.
    one = isinstance(workers, str) or not isinstance(workers, Iterable)
    return cast("Sequence[int]", [workers] if one else workers)


def checked_crossing_cost(cost: int) -> int:
    """The cost. Raises UsageError for one below 0."""
    if cost < 0:
        raise UsageError(f"crossing cost {cost}: waiting for another lane cannot take less than 0")
    return cost
