"""Each workload of a library program: it runs, and comes out alike on any number of workers."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

import sealane
from sealane.ingest.fixture.workload import WorkloadSpec
from sealane.ingest.fixture.workload_lines import workload_lines
from sealane.ingest.naive_locks import naive_lines
from sealane.ingest.workloads.registry import MARKET_INSTRUCTIONS
from sealane.primitives import UsageError
from sealane.programs import builtin_programs
from sealane.programs.kit.program.program_set import ProgramSet

N = 120
USERS = 40
# Where chance decides, some fail: an order that nobody takes, a loan beyond its limit.
FAILED_MAX = N // 10


def block_of(lines: Iterator[str]) -> sealane.LoadedBlock:
    return sealane.load("\n".join(lines).encode())


def spec_of(instruction: str, zipf: float | None = 1.1) -> WorkloadSpec:
    return WorkloadSpec(N, USERS, instruction, zipf=zipf, seed=3)


@pytest.mark.slow
@pytest.mark.parametrize("instruction", MARKET_INSTRUCTIONS)
def test_it_ends_alike_on_any_number_of_workers(instruction: str) -> None:
    block = block_of(workload_lines(spec_of(instruction)))
    outcomes: set[str] = set()
    for workers in (0, 1, 2, 4):
        with block.runtime(workers=workers) as runtime:
            result = runtime.execute(block.block)
        failed = [str(each.error) for each in result.transactions if not each.ok]
        assert len(failed) <= FAILED_MAX, failed[:3]
        outcomes.add(result.state_root)
    assert len(outcomes) == 1


@pytest.mark.parametrize("instruction", MARKET_INSTRUCTIONS)
def test_a_fixture_that_generates_it_is_the_same_block(instruction: str) -> None:
    generate = {"program": instruction, "n": N, "accounts": USERS, "zipf": 1.1, "seed": 3}
    generated = sealane.load(json.dumps({"sealane": 1, "generate": generate}).encode())
    written = block_of(workload_lines(spec_of(instruction)))
    assert generated.ids == written.ids
    assert generated.schedule().waves == written.schedule().waves


@pytest.mark.parametrize("instruction", MARKET_INSTRUCTIONS)
def test_a_naive_layout_is_no_more_parallel(instruction: str) -> None:
    spec = spec_of(instruction, zipf=None)
    naive = block_of(naive_lines(spec, ProgramSet(builtin_programs()))).schedule()
    as_built = block_of(workload_lines(spec)).schedule()
    assert naive.parallelism <= as_built.parallelism


@pytest.mark.parametrize("instruction", MARKET_INSTRUCTIONS)
def test_every_reader_of_json_keeps_its_integers(instruction: str) -> None:
    seen: list[int] = []

    def noted(digits: str) -> int:
        seen.append(abs(int(digits)))
        return seen[-1]

    for line in workload_lines(spec_of(instruction)):
        json.loads(line, parse_int=noted)
    assert max(seen) <= 2**53


def test_transfers_have_no_naive_layout() -> None:
    with pytest.raises(UsageError, match="--naive"):
        naive_lines(WorkloadSpec(5, 5), ProgramSet(builtin_programs()))
