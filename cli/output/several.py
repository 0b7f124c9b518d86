"""What commands print of several files, or of a file with several blocks."""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")


def one_or_list(documents: list[T]) -> T | list[T]:
    """The document of one block, as it is; a list for several."""
    return documents[0] if len(documents) == 1 else documents
