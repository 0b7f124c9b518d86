"""Standard output as a page to draw on.

Guarantees: piped, nothing is wrapped, cut or shortened; on a terminal everything fits its width;
on both, nothing that is not ours acts on a terminal (see text). `NO_COLOR` gives plain text,
`FORCE_COLOR` colours in a pipe.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from typing import Final, TypeVar

from rich.console import RenderableType
from rich.table import Table

from ..output.stdout import write_text
from .text import Console, Text

# Piped, lines are as long as they need to be; only drawings keep to a page's usual width.
_PIPED_WIDTH: Final = 1 << 20
_DRAWING_WIDTH: Final = 100
# A space at which no line is broken, as U+00A0 is for Rich. Written as a plain one.
NO_BREAK: Final = "\ufdd0"
_WHOLE: Final = ("", "status")  # columns that are never folded, beside numbers
T = TypeVar("T")

_KEPT_CHARS: Final = 4  # of a key, at either end
_KEY_LEN_MIN: Final = 32  # base58 of 32 bytes
_KEY: Final = re.compile(r"\b[1-9A-HJ-NP-Za-km-z]{32,88}\b")  # of 64 bytes, a signature, too


class Page:
    """Collects what a command shows, and writes it all at once."""

    def __init__(self, *, width: int | None = None, is_terminal: bool | None = None) -> None:
        self.is_terminal = sys.stdout.isatty() if is_terminal is None else is_terminal
        self.console = Console(
            file=sys.stdout,
            width=width if self.is_terminal else _PIPED_WIDTH,
            color_system=None if os.environ.get("NO_COLOR") else "auto",
            force_terminal=True if is_terminal else None,
            highlight=False,
            markup=False,
            emoji=False,
        )
        self.console.begin_capture()
        self._is_empty = True

    @property
    def width(self) -> int:
        """The width for drawings: bars, lanes."""
        return min(self.console.width, _DRAWING_WIDTH)

    def show(self, *parts: RenderableType) -> None:
        """Put parts on the page, one below the other."""
        for part in parts:
            self.console.print(part)
            self._is_empty = False

    def heading(self, text: str, remark: str = "") -> None:
        """A heading, with an empty line before it, unless the page begins here."""
        if not self._is_empty:
            self.show("")
        self.show(Text.assemble((text, "bold"), ("  " + remark if remark else "", "dim")))

    def write(self) -> None:
        """Write the page to stdout."""
        lines = self.console.end_capture().replace(NO_BREAK, " ").split("\n")
        write_text("\n".join(line.rstrip() for line in lines))

    def fitting(self, items: Sequence[T], most: int) -> Sequence[T]:
        """Those to show: all in a pipe, the first `most` on a terminal."""
        return items[:most] if self.is_terminal else items

    def show_rest(self, items: Sequence[object], shown: Sequence[object]) -> None:
        """Say how many were left out, where any were."""
        rest = len(items) - len(shown)
        if rest:
            self.show(Text(f"… and {count(rest)} more; --json has all", "dim"))

    def key(self, name: str) -> str:
        """An account or id, shortened to its ends if it is a long key and this is a terminal."""
        if not self.is_terminal or len(name) < _KEY_LEN_MIN or not _KEY.fullmatch(name):
            return name
        return f"{name[:_KEPT_CHARS]}…{name[-_KEPT_CHARS:]}"

    def message(self, text: str) -> str:
        """Text whose keys are shortened."""
        return _KEY.sub(lambda found: self.key(found[0]), text)


def count(number: int) -> str:
    """1234567 → 1,234,567"""
    return f"{number:,}"


def plural(number: int, noun: str) -> str:
    """1 wave, 2 waves"""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def entries(*rows: tuple[str | Text, ...]) -> Table:
    """Rows whose last cell is a sentence: it is folded beside the others, which never are."""
    table = Table.grid(padding=(0, 2, 0, 0))
    for _ in rows[0][:-1]:
        table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table


def columns(*headers: str, right: str = "") -> Table:
    """A table without lines; the headers named in `right` (separated by spaces) align right.

    Numbers, words and drawings (which have no header) keep their width; names and sentences are
    folded where a terminal is too narrow for them.
    """
    table = Table(
        box=None, pad_edge=False, header_style="dim", show_header=any(headers), padding=(0, 2, 0, 0)
    )
    for header in headers:
        numbers = header in right.split()
        whole = numbers or header in _WHOLE
        table.add_column(
            header,
            justify="right" if numbers else "left",
            no_wrap=whole,
            overflow="fold",
        )
    return table
