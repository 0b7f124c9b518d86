"""Warnings about the names in a fixture, on stderr."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from .exit_codes import warn

SHOWN_MAX: Final = 10


def show_name_warnings(path: str, warnings: Sequence[str]) -> None:
    """Print the first warnings, and how many more there are."""
    for warning in warnings[:SHOWN_MAX]:
        warn(warning)
    if len(warnings) > SHOWN_MAX:
        warn(f"{path}: {len(warnings) - SHOWN_MAX:,} more names like these")
