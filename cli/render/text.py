"""Text with colours: the one kind that views make, so that all of it is safe to show."""

from __future__ import annotations

from typing import Any

import rich.console
import rich.text
from rich.style import Style

from ..output.escaping import escaped


class Text(rich.text.Text):
    """Rich's, with what a terminal would act on shown as escapes, line breaks among it."""

    def __init__(self, text: str = "", style: str | Style = "", **options: Any) -> None:
        super().__init__(escaped(text), style, **options)

    def append(
        self, text: rich.text.Text | str, style: str | Style | None = None
    ) -> rich.text.Text:
        return super().append(escaped(text) if isinstance(text, str) else text, style)


class Console(rich.console.Console):
    """Rich's, with plain strings made safe in the same way: cells of tables are such."""

    def render_str(self, text: str, **options: Any) -> rich.text.Text:  # pyright: ignore[reportIncompatibleMethodOverride] - the options are passed on
        return super().render_str(escaped(text), **options)
