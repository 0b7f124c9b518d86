"""How many workers to predict for: `--workers 1,2,4`, repeatable."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Final

import typer

from ...primitives import UsageError

COUNTS_MAX: Final = 32  # of them: each is a simulation, and a column of a table
WORKERS_MAX: Final = 1_000_000  # more than a block has transactions

WorkerCounts = Annotated[
    list[str] | None,
    typer.Option(
        "--workers",
        "-w",
        metavar="N,N…",
        help="Numbers of workers to predict for.",
        show_default="1,2,4,8,16,32,64",
    ),
]


def read_worker_counts(options: Sequence[str] | None) -> Sequence[int]:
    """The numbers, ascending, each once; the usual ones if none is asked for.

    Raises UsageError for what is no number of workers.
    """
    from ...scheduler.simulation import WORKER_COUNTS

    if not options:
        return WORKER_COUNTS
    counts = sorted({count for option in options for count in _counts(option)})
    if len(counts) > COUNTS_MAX:
        raise UsageError(f"--workers: {len(counts)} numbers; give {COUNTS_MAX} at most")
    return counts


def _counts(option: str) -> Iterator[int]:
    for word in option.split(","):
        text = word.strip()
        if not (text.isascii() and text.isdigit()):
            raise UsageError(f"--workers {option}: write whole numbers, such as 1,2,4")
        # Its length first: Python refuses to read thousands of digits.
        if len(text) > len(str(WORKERS_MAX)) or not 1 <= int(text) <= WORKERS_MAX:
            raise UsageError(f"--workers {option}: {text} is not within 1 to {WORKERS_MAX:,}")
        yield int(text)
