"""Standard output as a page, written at once.

Guarantees: piped, nothing is wrapped, cut or shortened; on a terminal, everything fits its width;
in both cases untrusted text is escaped (see text.py). `NO_COLOR` gives plain text, `FORCE_COLOR`
colours in a pipe.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, TypeVar

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table

from ..output.stdout import write_text
from .text import Console, Text

if TYPE_CHECKING:
    from ...scheduler.schedule.about import About

# Piped, lines have any length; only drawings are limited to this width.
_PIPED_WIDTH: Final = 1 << 20
_DRAWING_WIDTH: Final = 100
_FRAME_WIDTH: Final = 4  # of its two edges, with the spaces inside
# A no-break space, which Rich respects. Written out as a plain space.
NO_BREAK: Final = "\ufdd0"
_WHOLE_KEYS_WIDTH: Final = 120  # from here on, a row has room for a key and figures beside it
_WHOLE_KEY_LEN_MAX: Final = 88  # a slot of Ethereum with its address has more
_WHOLE: Final = ("", "status")  # columns that are never folded, besides numbers
T = TypeVar("T")

_KEPT_CHARS: Final = 4  # of a key, at each end
_KEY_LEN_MIN: Final = 32  # base58 of 32 bytes
_KEY: Final = re.compile(r"\b[1-9A-HJ-NP-Za-km-z]{32,88}\b")  # also signatures, of 64 bytes
# Of Ethereum: an address, a slot, a hash. In a key, both parts are shortened.
_HEX: Final = re.compile(r"\b(0x[0-9a-f]{4})[0-9a-f]{16,56}([0-9a-f]{4})\b")


def framed(title: str, content: RenderableType, *, height: int | None = None) -> Panel:
    """Content in a frame. `height`: rows between its edges; as many as needed by default."""
    return Panel(
        content,
        title=Text(title, "bold"),
        title_align="left",
        border_style="dim",
        height=None if height is None else height + 2,
    )


class Page:
    """Collects the parts that a command shows, and writes them at once."""

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

    @property
    def drawing_width(self) -> int:
        """The width for pictures: as wide as the terminal, since more of them fits."""
        return self.console.width if self.is_terminal else _DRAWING_WIDTH

    def show(self, *parts: RenderableType) -> None:
        """Append parts to the page."""
        for part in parts:
            self.console.print(part)
            self._is_empty = False

    def show_framed(self, title: str, *parts: RenderableType) -> None:
        """Append parts, in a frame that is as wide as they are if this is a terminal."""
        if not self.is_terminal:
            self.show(*parts)
            return
        whole = Group(*parts)
        width = min(self.console.width, self.console.measure(whole).maximum + _FRAME_WIDTH)
        frame = framed(title, whole)
        frame.width = width
        self.show(frame)

    def clear(self) -> None:
        """Begin at the top of an empty screen, on a terminal."""
        self.console.clear()

    def heading(self, text: str, remark: str = "") -> None:
        """Append a heading, preceded by an empty line unless the page is empty."""
        if not self._is_empty:
            self.show("")
        self.show(Text.assemble((text, "bold"), ("  " + remark if remark else "", "dim")))

    def write(self) -> None:
        """Write the page to stdout."""
        lines = self.console.end_capture().replace(NO_BREAK, " ").split("\n")
        write_text("\n".join(line.rstrip() for line in lines))

    def fitting(self, items: Sequence[T], most: int) -> Sequence[T]:
        """The items to show: all if piped, the first `most` on a terminal."""
        return items[:most] if self.is_terminal else items

    def show_rest(self, items: Sequence[object], shown: Sequence[object]) -> None:
        """Show how many were left out, if any."""
        rest = len(items) - len(shown)
        if rest:
            self.show(Text(f"… and {count(rest)} more; --json has all", "dim"))

    def key(self, name: str) -> str:
        """An account or id; on a terminal, a long key is shortened to its ends."""
        if not self.is_terminal or len(name) < _KEY_LEN_MIN:
            return name
        if _KEY.fullmatch(name):
            return f"{name[:_KEPT_CHARS]}…{name[-_KEPT_CHARS:]}"
        return _HEX.sub(r"\1…\2", name)

    def named(self, name: str, about: About, *, style: str = "", whole: bool = False) -> Text:
        """An account or program: its label, if it has one, and its key: `wrapped SOL So11…1112`.

        `whole`: with the key as it is, also on a terminal.
        """
        label = about.label(name)
        key = name if whole else self.key(name)
        text = Text()
        text.append(key if label is None else self.key(label), style)
        if label is not None:
            text.append(f" {key}", "dim")
        return text

    def account(self, name: str, about: About, account: int = -1, *, style: str = "") -> Text:
        """As `named`, and what the account of this id belongs to: `7Ytt…LkHD  used by Whirlpool`.

        For a line or a column of its own: the key is whole where there is room.
        """
        whole = self.console.width >= _WHOLE_KEYS_WIDTH and len(name) <= _WHOLE_KEY_LEN_MAX
        text = self.named(name, about, style=style, whole=whole)
        is_told = account >= 0 and about.label(name) is None
        belongs = about.belongs_to(account) if is_told else ""
        if belongs:
            text.append("  " + self.message(belongs), "dim")
        return text

    def called(self, name: str, about: About) -> str:
        """An account or program in a word, as for a drawing: its label, else its key."""
        return self.key(about.label(name) or name)

    def message(self, text: str) -> str:
        """Text with keys shortened."""
        return _KEY.sub(lambda found: self.key(found[0]), self.key(text))


def count(number: int) -> str:
    """1234567 → 1,234,567"""
    return f"{number:,}"


def entries(*rows: tuple[str | Text, ...]) -> Table:
    """Rows whose last cell is a sentence; only that cell is folded."""
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
    folded if the terminal is too narrow for them.
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
