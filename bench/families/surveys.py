"""Surveys of many blocks, by the command: what workers win over reading the blocks one by one."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from ..measure.contestants import COMMAND
from ..measure.rounds import rate
from ..measure.scenario import Scale, Scenario, Side, Target, Unit
from ..workload.recorded import is_real, recorded_json
from .commands import run_command, sealane_command

_SIDES = (("2 workers", 2), ("one by one", 0))


def surveys() -> tuple[Scenario, ...]:
    """Target 13."""
    block = "mainnet blocks" if is_real() else "made-up blocks in getBlock's form"
    return (
        Scenario(
            "survey-blocks",
            f"sealane survey of 10 {block} of 602 transactions",
            _survey,
            (Target(13, "2 workers", "one by one", at_least=1.6),),
        ),
    )


@contextmanager
def _survey(scale: Scale) -> Generator[Sequence[Side]]:
    with TemporaryDirectory(prefix="sealane-bench-") as name:
        folder, blocks = Path(name), Path(name) / "blocks"
        blocks.mkdir()
        raw = recorded_json(transactions=scale.surveyed_transactions)
        for number in range(scale.surveyed_blocks):
            (blocks / f"{number}.json").write_bytes(raw)
        count = scale.surveyed_blocks * scale.surveyed_transactions
        run = partial(run_command, bytecode=folder / "bytecode")
        includes = "from starting the process to its end, modules compiled, output to a pipe"
        yield tuple(
            Side(side, COMMAND, Unit.RATE, includes, rate(count, partial(_line, blocks, n), run))
            for side, n in _SIDES
        )


def _line(blocks: Path, workers: int) -> list[str]:
    return [*sealane_command(), "survey", str(blocks), "--workers", str(workers)]
