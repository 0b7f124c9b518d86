"""Recorded Solana blocks: reading and planning."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from ...ingest.fixture.model import FixtureFile
from ...ingest.read_input import read_input
from ...ingest.solana.recorded import RecordedBlock
from ...ingest.solana.recorded_columns import plan_only_block
from ...ingest.solana.recording import SolanaRecording
from ...primitives import InternalError
from ...scheduler import build_dag, critical_path, hot_accounts, parallelism
from ..measure.contestants import SEALANE
from ..measure.rounds import duration
from ..measure.scenario import Scale, Scenario, Side, Target, Unit
from ..workload.recorded import is_real, recorded_json, source

_HOT_ACCOUNTS: Final = 10


def recorded() -> tuple[Scenario, ...]:
    """Target 9."""
    block = "a mainnet block" if is_real() else "a made-up block in getBlock's form"
    return (
        Scenario(
            "plan-recorded",
            f"plan {block} of 1,800 transactions, once it is parsed",
            _plan,
            (Target(9, "plan", at_most=0.06),),
        ),
        Scenario(
            "parse-recorded",
            "parse 7 MB of getBlock JSON",
            _parse,
            (Target(9, "parse", at_most=0.4),),
        ),
    )


@contextmanager
def _plan(scale: Scale) -> Generator[Sequence[Side]]:
    with _file(recorded_json(transactions=scale.recorded_transactions)) as path:
        block = _read(path)
    includes = (
        f"{len(block.ids):,} transactions ({source()}) → DAG, waves of ids, critical path, "
        "parallelism, hottest accounts"
    )
    measure = duration(lambda: block, _planned)
    yield (Side("plan", SEALANE, Unit.SECONDS, includes, measure),)


@contextmanager
def _parse(scale: Scale) -> Generator[Sequence[Side]]:
    raw = recorded_json(length=scale.recorded_len)
    with _file(raw) as path:
        includes = (
            f"{len(raw) / 1e6:.1f} MB in base64 encoding ({source()}): file → checked columns"
        )
        measure = duration(lambda: path, _read)
        yield (Side("parse", SEALANE, Unit.SECONDS, includes, measure),)


@contextmanager
def _file(raw: bytes) -> Generator[Path]:
    with TemporaryDirectory(prefix="sealane-bench-") as folder:
        path = Path(folder) / "block.json"
        path.write_bytes(raw)
        yield path


def _read(path: Path) -> RecordedBlock:
    found = read_input(path)
    recording = None if isinstance(found, FixtureFile) else found[0]
    if not isinstance(recording, SolanaRecording):
        raise InternalError("a scenario is set up wrongly: this is no recorded Solana block")
    return recording.block


def _planned(recorded: RecordedBlock) -> object:
    """Everything that `sealane plan --json` reports about a block."""
    block = plan_only_block(recorded)
    dag = build_dag(block.access)
    waves: list[list[int]] = [wave.tolist() for wave in dag.waves]
    ids = block.ids
    path = critical_path(dag, block.costs)
    return (
        [[ids[position] for position in wave] for wave in waves],
        [ids[position] for position in path.transactions],
        parallelism(int(block.costs.sum()), path.cost),
        [(str(block.keys[hot.account]), hot) for hot in hot_accounts(block.access, _HOT_ACCOUNTS)],
    )
