"""Blocks over paths: no policy runs two transactions at once that all pairs of texts forbid."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sealane.scheduler import AccessLists, build_dag
from sealane.scheduler.simulation.policies import POLICIES
from sealane.scheduler.simulation.workload import Workload

from ... import path_oracle as oracle
from ...path_oracle import PathBlock, path_blocks
from .test_bounds import IN_FILE_ORDER


@pytest.mark.parametrize("policy", POLICIES)
@settings(max_examples=30)  # for each of the policies
@given(block=path_blocks(), workers=st.integers(1, 5), data=st.data())
def test_related_paths_are_not_accessed_at_once(
    policy: str, block: PathBlock, workers: int, data: st.DataObject
) -> None:
    rows = [oracle.merged(row) for row in block]
    each = st.lists(st.integers(1, 5), min_size=len(rows), max_size=len(rows))
    costs, priorities = data.draw(each, label="costs"), data.draw(each, label="priorities")
    access, _ = AccessLists.from_paths(oracle.given(block))
    found = POLICIES[policy](Workload(build_dag(access), costs, priorities), workers)
    for earlier, later in oracle.conflicting_pairs(rows):
        first, second = earlier, later
        if policy not in IN_FILE_ORDER and found.starts[later] < found.starts[earlier]:
            first, second = later, earlier
        assert found.ends[first] <= found.starts[second]
