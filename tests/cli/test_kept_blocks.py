"""The real blocks in fixtures/blocks: what the table beside them says is what the commands find.

Waves, critical path and parallelism are worked out anew here, by the oracle of the scheduler's
tests, so that the table cannot just repeat what the command says.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import orjson
import pytest

from ..real_data import ALL_BLOCKS, BLOCKS, REPOSITORY, block_name, document, unpacked
from ..scheduler import oracle
from ..scheduler.shapes import Raw
from ..solana_blocks import read_solana
from .command import Ending, in_process_of_its_own

Run = Callable[..., Ending]
ORIGINALS: Final = REPOSITORY.parent / "shared" / "data" / "solana"
README: Final = (BLOCKS / "README.md").read_text(encoding="utf-8")
COLUMNS: Final = (
    *("transactions", "votes", "failed", "accounts", "waves"),
    *("path", "cost", "parallelism", "balances"),
)


def table() -> dict[str, dict[str, float]]:
    """The README's table: figures by column, by the name of the block."""
    rows = re.findall(r"^\| `(\w+)` \| ([\d,]+ \|[\d,.| ]+) \|$", README, re.MULTILINE)
    figures = {name: cells.replace(",", "").split("|") for name, cells in rows}
    return {
        name: dict(zip(COLUMNS, map(float, cells), strict=True)) for name, cells in figures.items()
    }


@pytest.fixture(params=ALL_BLOCKS, ids=block_name)
def block(request: pytest.FixtureRequest) -> Path:
    return request.param


@pytest.fixture
def row(block: Path) -> dict[str, float]:
    return table()[block_name(block)]


def test_every_block_has_a_row_and_every_row_a_block() -> None:
    assert sorted(table()) == sorted(map(block_name, BLOCKS.glob("*.json.gz")))
    assert sorted(table()) == sorted(map(block_name, ALL_BLOCKS))


def test_plan_finds_what_the_table_says(block: Path, row: dict[str, float], sealane: Run) -> None:
    plan = sealane("plan", block, "--json").document
    path = plan["critical_path"]
    assert plan["transactions"] == row["transactions"]
    assert plan["accounts"] == row["accounts"]
    assert len(plan["waves"]) == row["waves"]
    assert (len(path["transactions"]), path["cost"]) == (row["path"], row["cost"])
    assert round(plan["parallelism"], 3) == row["parallelism"]
    without_votes = sealane("plan", block, "--json", "--no-votes").document
    assert plan["transactions"] - without_votes["transactions"] == row["votes"]


@pytest.mark.parametrize("workers", [0, 2])
def test_replay_agrees_with_the_record(
    block: Path, row: dict[str, float], workers: int, sealane: Run
) -> None:
    ending = sealane("replay", block, "--json", "--workers", workers)
    replayed = ending.document
    assert ending.code == 0
    assert replayed["mismatches"] == []
    assert replayed["checked"] == row["balances"]
    assert len(replayed["waves"]) == row["waves"]
    failed = [tx for tx in replayed["transactions"] if tx["status"] == "failed"]
    assert len(failed) == row["failed"]


def test_the_table_is_what_the_rules_make_of_the_record(block: Path, row: dict[str, float]) -> None:
    recorded = read_solana(block)
    accesses = list(zip(recorded.accounts.tolist(), recorded.writable.tolist(), strict=True))
    raw: Raw = [accesses[start:end] for start, end in pairwise(recorded.offsets.tolist())]
    costs = recorded.compute_units.tolist()
    depths, chains = [1] * len(raw), costs.copy()
    for earlier, later in sorted(oracle.edges(raw), key=lambda edge: edge[1]):
        depths[later] = max(depths[later], depths[earlier] + 1)
        chains[later] = max(chains[later], chains[earlier] + costs[later])
    assert max(depths) == row["waves"]
    assert max(chains) == row["cost"]
    assert round(sum(costs) / max(chains), 3) == row["parallelism"]


def test_the_record_itself_has_the_counts(block: Path, row: dict[str, float]) -> None:
    """By the JSON alone: nothing of Sealane has a part in it."""
    answer: Any = document(block)
    transactions = answer.get("result", answer)["transactions"]
    assert len(transactions) == row["transactions"]
    assert sum(entry["meta"]["err"] is not None for entry in transactions) == row["failed"]
    balances = [len(entry["meta"]["preBalances"]) for entry in transactions]
    # One before each transaction for each of its accounts, and one at the end for each account.
    assert sum(balances) + row["accounts"] == row["balances"]


def test_the_readmes_first_question_is_answered_from_the_repository() -> None:
    """As a newcomer types it, in the folder of the clone."""
    ending = in_process_of_its_own(
        "plan", "fixtures/blocks/mainnet_254170887.json.gz", "--quiet", cwd=REPOSITORY
    )
    assert ending.code == 0
    assert "602 transactions" in ending.out
    assert "21 waves, parallelism 7.9" in ending.out


@pytest.mark.skipif(not ORIGINALS.is_dir(), reason="what the blocks were copied from is not here")
def test_nothing_of_a_block_was_changed(block: Path) -> None:
    encoding = re.fullmatch(r"devnet_147078734_(\w+)", block_name(block))
    slot = block_name(block).rpartition("_")[2]
    name = f"get_block_{encoding[1]}_encoding.json" if encoding else f"block_{slot}.json"
    assert orjson.loads((ORIGINALS / name).read_bytes()) == document(block)
    assert (ORIGINALS / name).read_bytes() == unpacked(block)
