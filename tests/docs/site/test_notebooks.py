"""What cells of a notebook show, as Markdown."""

from __future__ import annotations

import pytest

from sealane.docs.site.notebooks import Cell, shown


def code(*outputs: Cell) -> Cell:
    return {"cell_type": "code", "source": ["x = 1\n", "x"], "outputs": outputs}


def test_text_is_taken_as_it_is() -> None:
    assert list(shown({"cell_type": "markdown", "source": ["# A\n", "b"]})) == ["# A\nb\n"]


def test_code_without_output() -> None:
    assert list(shown(code())) == ["````python\nx = 1\nx\n````\n"]


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        (
            {"output_type": "stream", "name": "stdout", "text": ["a\n", "b\n"]},
            "````text\na\nb\n````\n",
        ),
        (
            {"output_type": "execute_result", "data": {"text/plain": "1"}},
            "````text\n1\n````\n",
        ),
        (
            {
                "output_type": "display_data",
                "data": {"text/plain": "?", "text/html": ["<p>\n", "\n", "b</p>"]},
            },
            '<div class="notebook-output">\n<p>\nb</p>\n</div>\n',
        ),
        (
            {"output_type": "display_data", "data": {"text/plain": "?", "text/markdown": "*b*"}},
            "*b*\n",
        ),
    ],
)
def test_the_richest_output_is_shown(output: Cell, expected: str) -> None:
    assert list(shown(code(output)))[1:] == [expected]
