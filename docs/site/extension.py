"""An extension of Python-Markdown, named in mkdocs.yml: sessions in docstrings become code."""

from __future__ import annotations

from typing import Any, Final

from markdown import Extension, Markdown
from markdown.preprocessors import Preprocessor

from .sessions import with_fences

_BEFORE_FENCES: Final = 60  # superfences, at 25, must find the fences that this makes


class _Sessions(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        return list(with_fences(lines))


class _SessionsExtension(Extension):
    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        md.preprocessors.register(_Sessions(md), "sealane_sessions", _BEFORE_FENCES)


def makeExtension(**options: Any) -> Extension:  # noqa: N802 - Python-Markdown's name
    """What Python-Markdown calls to have the extension."""
    return _SessionsExtension(**options)
