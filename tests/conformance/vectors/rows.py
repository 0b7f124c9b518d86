"""The rows of program cases: what a reference's own suite does with it, and what it expects.

A row is played by the adapter of its subject, `adapters/SUBJECT.py`, a function `play(row)`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import Any, Final, cast

ADAPTERS: Final = Path(__file__).parent / "adapters"

# Known rows that no program can pass, by id, with the reason. Other rows that are given (--vectors)
# count as failed for the same reasons.
CONTRADICTIONS: Final[dict[str, str]] = {
    "orderbook-openbook:test_ioc:test_ioc": "the reference leaves this test out of its suite: it "
    "expects 0.04% of fees of a taker who owes 0.02%, and figures that the program no longer has",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One case, as in the file: integers above 2^53 are strings."""

    subject: str
    case: str
    source: str
    inputs: Mapping[str, Any]
    expect: Mapping[str, Any]

    @property
    def id(self) -> str:
        return f"{self.subject}-{self.case}"


class Way(Enum):
    """How a row was played.

    RUNTIME: through the program, in a runtime. FUNCTIONS: amounts exceed u64, so it was played
    against the very functions that the instructions call.
    """

    RUNTIME = "in a runtime"
    FUNCTIONS = "by functions"


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a row: the figures that it expects, under the same keys and as deeply nested.

    An error is `{"error": NAME}` with the reference's own name for it. `tolerances`: by the key of
    a figure, how far it may be from the expected one; only what the row itself allows.
    """

    figures: Mapping[str, Any]
    way: Way = Way.RUNTIME
    tolerances: Mapping[str, Any] = field(default_factory=dict[str, Any])


class CannotPlay(Exception):
    """The adapter cannot play this row, which counts as failed; says why."""


def adapted_subjects() -> list[str]:
    """The subjects that have an adapter."""
    return sorted(path.stem for path in ADAPTERS.glob("[a-z]*.py"))


def adapter_of(subject: str) -> Callable[[Row], Played]:
    """Raises CannotPlay for a subject that has none."""
    if subject not in adapted_subjects():
        raise CannotPlay(f"no adapter plays the subject {subject!r}")
    module = import_module(f".adapters.{subject}", __package__)
    return cast("Callable[[Row], Played]", module.play)


def read_rows(folder: Path) -> list[Row]:
    """All rows of all files of a folder, by file name and line."""
    return [
        _row(json.loads(line))
        for path in sorted(folder.glob("*.jsonl"))
        for line in path.read_text().splitlines()
        if line.strip()
    ]


def _row(document: dict[str, Any]) -> Row:
    keys = ("subject", "case", "source", "inputs", "expect")
    return Row(*(document[key] for key in keys))
