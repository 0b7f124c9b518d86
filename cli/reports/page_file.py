"""Writes a page to a file, completely or not at all, or to standard output."""

from __future__ import annotations

from ...ingest.files.writing import whole_file
from ..output.stdout import write_text

STDOUT = "-"


def write_page(path: str, html: str) -> None:
    """Replaces the file at `path`; `-` is standard output. Raises InputError."""
    if path == STDOUT:
        write_text(html)
        return
    with whole_file(path) as file:
        file.write(html)
