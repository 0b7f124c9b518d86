"""Sessions in docstrings get fences."""

from __future__ import annotations

import pytest

from sealane.docs.site.sessions import with_fences


@pytest.mark.parametrize(
    ("text", "fenced"),
    [
        ("a\n>>> 1\n1\n\nb", "a\n```pycon\n>>> 1\n1\n```\n\nb"),
        (">>> 1\n1", "```pycon\n>>> 1\n1\n```"),
        (">>> 1\n\n>>> 2", "```pycon\n>>> 1\n```\n\n```pycon\n>>> 2\n```"),
        (">>> f(\n... 1)\n>>> 2\n\nb", "```pycon\n>>> f(\n... 1)\n>>> 2\n```\n\nb"),
        ("```pycon\n>>> 1\n```\n>>> 2", "```pycon\n>>> 1\n```\n```pycon\n>>> 2\n```"),
        ("a\n\n    >>> f(\n    ... 1)\n    1\n\nb", "a\n\n```pycon\n>>> f(\n... 1)\n1\n```\n\nb"),
        ("a > b\n> quote", "a > b\n> quote"),
    ],
)
def test_sessions_get_fences(text: str, fenced: str) -> None:
    assert "\n".join(with_fences(text.splitlines())) == fenced
