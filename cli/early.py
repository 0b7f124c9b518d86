"""Begins, before the command line is read, what takes long and can go on meanwhile.

To read a command line takes a fifth of a second, and to start the processes of a survey a third.
Does not: report anything. What cannot begin now begins later, and then says why it cannot.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from itertools import pairwise
from typing import Final

_HELP: Final = frozenset({"-h", "--help"})
_IN_THIS_PROCESS: Final = frozenset({"-w0", "--workers=0"})
_WORKERS: Final = frozenset({"-w", "--workers"})


def begin_early(words: Sequence[str]) -> None:
    """Start the fork server of a survey that will have workers. It ends with this process."""
    if words[:1] != ["survey"] or not _HELP.union(_IN_THIS_PROCESS).isdisjoint(words):
        return
    if any(option in _WORKERS and value == "0" for option, value in pairwise(words)):
        return
    from ..analysis.survey.server import SERVER

    with suppress(OSError):
        SERVER.start()
