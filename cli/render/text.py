"""Text with colours. Views use only these classes, so that everything shown is escaped."""

from __future__ import annotations

from typing import Any

import rich.console
import rich.text
from rich.style import Style

from ..output.escaping import escaped


class Text(rich.text.Text):
    """Rich's Text, with everything escaped that a terminal would act on, line breaks included."""

    def __init__(self, text: str = "", style: str | Style = "", **options: Any) -> None:
        super().__init__(escaped(text), style, **options)

    def append(
        self, text: rich.text.Text | str, style: str | Style | None = None
    ) -> rich.text.Text:
        return super().append(escaped(text) if isinstance(text, str) else text, style)


class Console(rich.console.Console):
    """Rich's Console, with plain strings, such as cells of tables, escaped in the same way."""

    def render_str(self, text: str, **options: Any) -> rich.text.Text:  # pyright: ignore[reportIncompatibleMethodOverride] - the options are passed on
        return super().render_str(escaped(text), **options)
