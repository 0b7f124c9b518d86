"""The lists of mainnet blocks, in the format of early experiments: what there is to plan."""

from __future__ import annotations

from pathlib import Path
from statistics import median_low

import pytest

import sealane
from sealane.ingest.ethereum.access_list.from_rlp import access_list_of_rlp
from sealane.ingest.ethereum.access_list.to_block import block_of_list
from sealane.ingest.ethereum.keys import BALANCE, NONCE
from sealane.ingest.ethereum.model import EthereumBlock
from sealane.scheduler import Schedule

from ....real_data import shared_files


@pytest.fixture(scope="module")
def blocks() -> dict[str, EthereumBlock]:
    def read(path: Path) -> EthereumBlock:
        return block_of_list(access_list_of_rlp(path.read_bytes()))

    return {path.name: read(path) for path in shared_files("ethereum/mainnet-bal")}


def schedules() -> list[Schedule]:
    return [sealane.load(path).schedule() for path in shared_files("ethereum/mainnet-bal")]


def with_an_ordinary_coinbase(schedule: Schedule, coinbase: str | None) -> Schedule:
    return schedule.changed(ordinary=f"{coinbase}:{BALANCE}")


def test_half_of_the_blocks_take_23_waves_or_less_and_as_many_as_transactions_if_they_wait_to_pay(
    blocks: dict[str, EthereumBlock],
) -> None:
    found = schedules()
    coinbases = [block.coinbase for block in blocks.values()]
    ordinary = list(map(with_an_ordinary_coinbase, found, coinbases))
    assert median_low(map(len, found)) == 170
    assert median_low(len(each.waves) for each in found) == 23
    assert median_low(len(each.waves) for each in ordinary) == 170


def test_each_list_tells_who_is_paid(blocks: dict[str, EthereumBlock]) -> None:
    for name, block in blocks.items():
        paid = sum(bool(step.adds) for step in block.steps)
        assert block.coinbase_is_inferred, name
        assert paid > len(block) / 2, name


def test_each_transaction_pays_and_nothing_runs_before_or_after_them(
    blocks: dict[str, EthereumBlock],
) -> None:
    for name, block in blocks.items():
        assert not block.before.writes, name
        assert not block.after.writes, name
        for step in block.steps:
            assert any(key.part == BALANCE for key in [*step.writes, *step.adds]), name


def test_whoever_sends_a_transaction_writes_the_coinbase_if_it_is_the_coinbase(
    blocks: dict[str, EthereumBlock],
) -> None:
    for name, block in blocks.items():
        for step in block.steps:
            sent = any(key == (block.coinbase, NONCE) for key in step.writes)
            assert not (sent and step.adds), name
