"""`--program` where it says two things: a program of the user's, or one to look at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def split_programs(options: Iterable[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Those that name a module, MODULE:ATTRIBUTE, and those that name a program of the block.

    >>> split_programs(["counter:counter", "token"])
    (['counter:counter'], ['token'])
    """
    own: list[str] = []
    called: list[str] = []
    for option in options:
        (own if ":" in option else called).append(option)
    return own, called
