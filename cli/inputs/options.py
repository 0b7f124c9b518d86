"""Arguments and options shared by several commands, with their help."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from .completion import complete_file

WORKERS_MAX: Final = 1024  # of a simulated machine: a plan of more lanes takes long and says little


def whole_number(text: str | int) -> int:
    """Parse an integer option, in canonical spelling only; a default passes through."""
    from ...primitives.literals import LiteralError, read_integer

    if isinstance(text, int):
        return text
    try:
        return read_integer(text)
    except LiteralError as error:
        raise typer.BadParameter(f"{text!r} is no integer: {error}") from error


class Counts(tuple[int, ...]):
    """Different counts, in the order in which the user named them."""

    __slots__ = ()


def worker_counts(text: str | Counts) -> Counts:
    """Parse numbers of simulated workers, such as 1,2,4; a default passes through."""
    if isinstance(text, Counts):
        return text
    found: list[int] = []
    for word in text.split(","):
        if not word.strip():
            raise typer.BadParameter(f"{text!r}: write numbers with commas between, such as 1,2,4")
        number = whole_number(word.strip())
        if not 1 <= number <= WORKERS_MAX:
            raise typer.BadParameter(f"{number} workers: choose from 1 to {WORKERS_MAX:,}")
        if number in found:
            raise typer.BadParameter(f"{text!r} has {number} twice: leave one of them out")
        found.append(number)
    return Counts(found)


File = Annotated[
    str,
    typer.Argument(
        metavar="FILE",
        help="A fixture (YAML, JSON, JSONL) or a recorded block; - is stdin.",
        autocompletion=complete_file,
    ),
]
Fixtures = Annotated[
    list[str],
    typer.Argument(
        metavar="FILES",
        help="Fixtures (YAML, JSON, JSONL), a block each; - is stdin.",
        autocompletion=complete_file,
    ),
]
RecordedFile = Annotated[
    str,
    typer.Argument(
        metavar="FILE",
        help="A recorded block of Solana or Ethereum; - is stdin.",
        autocompletion=complete_file,
    ),
]
Workers = Annotated[
    int | None,
    typer.Option(
        "--workers",
        "-w",
        parser=whole_number,
        metavar="N",
        help="Worker processes; 0 runs serially, in this process.",
        show_default="the cores",
    ),
]
Case = Annotated[
    str | None,
    typer.Option(
        "--case",
        metavar="NAME",
        help="Which block, in a file with several: its name, or its number, counted from 0.",
        show_default=False,
    ),
]
WorkerCounts = Annotated[
    Counts | None,
    typer.Option(
        "--workers",
        "-w",
        parser=worker_counts,
        metavar="N,N,…",
        help="Predict the block on so many workers, such as 1,2,4: nothing runs.",
        show_default=False,
    ),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="Print one JSON document, and nothing else, on stdout.")
]
Programs = Annotated[
    list[str] | None,
    typer.Option(
        "--program",
        "-p",
        metavar="MODULE:ATTRIBUTE",
        help="A program of yours; repeatable. The current folder is importable.",
        show_default=False,
    ),
]
StoreFolder = Annotated[
    str | None,
    typer.Option(
        "--store",
        "-s",
        metavar="DIR",
        help="Durable state: each file is its next block.",
        show_default="memory",
    ),
]
Expect = Annotated[
    str | None,
    typer.Option(
        "--expect",
        metavar="HEIGHT:ROOT",
        help="A block that the store must have, with this state root: an older copy does not.",
        show_default=False,
    ),
]
RootKind = Annotated[
    str | None,
    typer.Option(
        "--root",
        metavar="KIND",
        help="What the state root commits to: history (cheapest), lattice (all accounts) or merkle "
        "(all accounts, with proofs). A store keeps its kind.",
        show_default="the store's, or history",
    ),
]
Again = Annotated[
    bool, typer.Option("--again", help="Run blocks that the store has run already once more.")
]
Trace = Annotated[
    str | None,
    typer.Option(
        "--trace",
        metavar="OUT.json",
        help="Write Chrome trace events: who ran what, and when. Perfetto opens them.",
        show_default=False,
    ),
]
Timeout = Annotated[
    float | None,
    typer.Option(
        "--timeout",
        metavar="SECONDS",
        help="How long a worker may take for one transaction; without workers, any time.",
        show_default="10",
    ),
]
Memory = Annotated[
    int | None,
    typer.Option(
        "--memory",
        parser=whole_number,
        metavar="MIB",
        help="Memory of a worker, beside the block's accounts; without workers, no bound.",
        show_default="4096",
    ),
]
Quiet = Annotated[
    bool, typer.Option("--quiet", "-q", help="Print only what failed, and no progress.")
]
Verbose = Annotated[
    int,
    typer.Option(
        "--verbose",
        "-v",
        count=True,
        help="Tell on stderr of workers, retries and the store; -vv: of each block's route, too.",
        show_default=False,
    ),
]
Brief = Annotated[
    bool, typer.Option("--quiet", "-q", help="Print only what was asked for, and nothing beside.")
]
NoVotes = Annotated[
    bool, typer.Option("--no-votes", help="Leave out the vote transactions of a Solana block.")
]
Labels = Annotated[
    list[str] | None,
    typer.Option(
        "--labels",
        metavar="FILE",
        help="What you call accounts and programs: YAML or JSON, KEY: LABEL; repeatable.",
        show_default=False,
    ),
]


With = Annotated[
    list[str] | None,
    typer.Option(
        "--with",
        metavar="FILE",
        help="Another file about the same Ethereum block: its traces, header, …; repeatable.",
        show_default=False,
        autocompletion=complete_file,
    ),
]
Granularity = Annotated[
    str,
    typer.Option(
        "--granularity",
        metavar="slot|account",
        help="What counts as one account of Ethereum: each key, or an address with all its keys.",
    ),
]


def require_one_format(*, as_json: bool, other: str | None) -> None:
    """Raise UsageError if `--json` is given together with another `--format`."""
    from ...primitives import UsageError

    if as_json and other is not None:
        raise UsageError(f"--json and --format {other} are two formats: leave one of them out")
