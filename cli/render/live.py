"""A screen that is redrawn again and again, and given back as it was at the end."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager

from rich.console import RenderableType
from rich.live import Live

from .text import Console


@contextmanager
def live_screen() -> Generator[Callable[[Callable[[int], RenderableType]], None]]:
    """A function that shows what is drawn for a width. For a terminal only."""
    console = Console(
        file=sys.stdout,
        color_system=None if os.environ.get("NO_COLOR") else "auto",
        highlight=False,
        markup=False,
        emoji=False,
    )
    with Live(console=console, screen=True, auto_refresh=False, vertical_overflow="crop") as live:
        yield lambda draw: live.update(draw(console.width), refresh=True)
