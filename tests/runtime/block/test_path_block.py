"""Blocks over paths: their accounts as a hierarchy, held to all pairs of texts."""

from __future__ import annotations

import pytest
from hypothesis import given

from sealane import Transaction
from sealane.primitives import Pubkey
from sealane.runtime import Block, build_block
from sealane.runtime.block.path_block import over_paths
from sealane.scheduler import build_dag

from ...scheduler import path_oracle as oracle
from ...scheduler.path_oracle import PathBlock, is_below, path_blocks


def built(rows: list[dict[str, str]]) -> tuple[Block, list[str]]:
    """The block over paths, and the path of each account."""
    block = build_block(
        [
            Transaction(
                writes=[path for path, kind in row.items() if kind == "W"],
                reads=[path for path, kind in row.items() if kind == "R"],
                adds=[path for path, kind in row.items() if kind == "A"],
            )
            for row in rows
        ]
    )
    names = {Pubkey.of(path): path for row in rows for path in row}

    def key_of(path: str) -> Pubkey:
        key = Pubkey.of(path)
        names[key] = path
        return key

    found = over_paths(block, [names[key] for key in block.keys], key_of)
    return found, [names[key] for key in found.keys]


@given(path_blocks())
def test_it_is_ordered_as_all_its_paths_demand(block: PathBlock) -> None:
    rows = [oracle.merged(row) for row in block]
    found, paths = built(rows)
    assert build_dag(found.access).waves.wave_of.tolist() == oracle.levels(rows)
    assert found.access.account_count == len(paths) == len(set(paths))
    assert found.access.parents is not None
    for path, parent in zip(paths, found.access.parents.tolist(), strict=True):
        above = [other for other in paths if other != path and is_below(path, other)]
        nearest = max(above, key=lambda other: other.count("/") + (other != "*"), default=None)
        assert (paths[parent] if parent >= 0 else None) == nearest


def test_what_is_no_path_is_refused() -> None:
    block = build_block([Transaction(writes=["a"])])
    with pytest.raises(ValueError, match="the path 'a//b' has an empty part"):
        over_paths(block, ["a//b"], Pubkey.of)
