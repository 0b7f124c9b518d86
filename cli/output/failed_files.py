"""Files of a command that could not be done while the others were: told at its end, on stderr."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ...primitives.one_line import counted
from .exit_codes import complain
from .stderr import say

SHOWN_MAX: Final = 10


def show_failed_files(failed: Sequence[tuple[str, str]], total: int) -> None:
    """Print how many of `total` failed, and the first of them with their errors."""
    complain(f"{len(failed):,} of {counted(total, 'file')} could not be read")
    for file, error in failed[:SHOWN_MAX]:
        say(f"  {file}: {error}")
    if len(failed) > SHOWN_MAX:
        say(f"  and {len(failed) - SHOWN_MAX:,} more")
