"""`sealane gen`: a generated workload, written out as a fixture."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from ..inputs.completion import complete_generated, complete_shape
from ..inputs.options import whole_number


class Format(StrEnum):
    """How the fixture is written."""

    jsonl = "jsonl"
    yaml = "yaml"


_SHAPES = "uniform, zipf, hot, chain or independent"


def gen_command(
    n: Annotated[
        int,
        typer.Option("--n", "-n", parser=whole_number, metavar="N", help="How many transactions."),
    ] = 1000,
    accounts: Annotated[
        int | None,
        typer.Option(
            parser=whole_number,
            metavar="N",
            help="How many accounts take part.",
            show_default="as many as transactions, twice that for independent",
        ),
    ] = None,
    shape: Annotated[
        str | None,
        typer.Option(
            metavar="SHAPE",
            help=f"Who pays whom: {_SHAPES}.",
            show_default="uniform",
            autocompletion=complete_shape,
        ),
    ] = None,
    zipf: Annotated[
        float | None, typer.Option(metavar="S", help="Exponent of shape zipf.", show_default="1.1")
    ] = None,
    hot: Annotated[
        int | None,
        typer.Option(
            parser=whole_number, metavar="N", help="Hot accounts of shape hot.", show_default="1"
        ),
    ] = None,
    seed: Annotated[
        int, typer.Option(parser=whole_number, metavar="N", help="Another seed, other draws.")
    ] = 0,
    program: Annotated[
        str,
        typer.Option(
            metavar="PROGRAM.INSTRUCTION",
            help="What each transaction calls: amm.swap, …; market.day mixes several.",
            autocompletion=complete_generated,
        ),
    ] = "system.transfer",
    written_as: Annotated[
        Format, typer.Option("--format", help="YAML is for people, and for editors.")
    ] = Format.jsonl,
    naive: Annotated[
        bool,
        typer.Option("--naive", help="Only the locks, as of a program laid out without care."),
    ] = False,
) -> None:
    """Print a generated workload as a fixture.

    As JSONL: one transaction a line, which is quick to read however many there are. YAML begins
    with a line that tells editors where the schema is.

    For programs of the library, --accounts says how many users there are, with a pool or market for
    every ten; --zipf, how much they prefer the same ones.
    """
    from ...ingest.files.document import ValidationError
    from ...ingest.fixture.workload import WorkloadSpec
    from ...ingest.fixture.workload_lines import workload_lines, workload_yaml
    from ...ingest.naive_locks import naive_lines
    from ...primitives import UsageError
    from ..inputs.known_programs import known_programs
    from ..output.stdout import write_lines

    named = shape or ("uniform" if zipf is None else "zipf")
    if accounts is None and named != "independent":
        accounts = max(2, n)
    try:
        spec = WorkloadSpec(n, accounts, program, shape, zipf, hot, seed)
    except ValidationError as invalid:
        raise UsageError(f"--{invalid}") from None
    if naive:
        write_lines(naive_lines(spec, known_programs(None)))
    else:
        write_lines((workload_yaml if written_as is Format.yaml else workload_lines)(spec))
