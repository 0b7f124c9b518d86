"""The formats that are lines of text, by the name that `--format` has for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from .dot import dot
from .graph_file import GraphFile
from .mermaid import CHARACTERS_MAX, EDGES_MAX, mermaid
from .networkx_formats import graphml
from .svg import svg

TEXT_FORMATS: Final[dict[str, Callable[[GraphFile], Iterator[str]]]] = {
    "dot": dot,
    "mermaid": mermaid,
    "graphml": graphml,
    "svg": svg,
}


def caveat(form: str, lines: Sequence[str]) -> str | None:
    """What a reader of such a file must know; None if there is nothing."""
    if form != "mermaid":
        return None
    edges = sum(line.startswith("  n") for line in lines)
    characters = sum(len(line) + 1 for line in lines)
    if edges <= EDGES_MAX and characters <= CHARACTERS_MAX:
        return None
    return (
        f"{edges:,} edges, {characters:,} characters: Mermaid draws up to {EDGES_MAX} and "
        f"{CHARACTERS_MAX:,} unless its page sets maxEdges and maxTextSize; choose fewer "
        "transactions, as with --top or --account"
    )
