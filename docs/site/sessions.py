"""Python sessions in docstrings as code: Markdown would take `>>>` for quotes within quotes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

_PROMPT: Final = ">>> "


def with_fences(lines: Iterable[str]) -> Iterator[str]:
    """The lines, with a fence around every session: from a `>>>` to the next empty line.

    An indented session, which Markdown would show as code of no language, comes out flush left.
    """
    in_fence = in_session = False
    indent = 0
    for line in lines:
        if not in_session and line.lstrip().startswith("```"):
            in_fence = not in_fence
        if in_session and not line.strip():
            yield "```"
            in_session = False
        elif not in_fence and not in_session and line.lstrip().startswith(_PROMPT):
            yield "```pycon"
            in_session = True
            indent = len(line) - len(line.lstrip())
        yield line[indent:] if in_session else line
    if in_session:
        yield "```"
