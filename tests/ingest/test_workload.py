"""Generated workloads: their shapes, their limits, and that they never change."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.ingest.files.document import Misfit
from sealane.ingest.workload.spec import (
    AMOUNT_MAX,
    SHAPES,
    STARTING_LAMPORTS,
    TRANSACTIONS_MAX,
    WorkloadSpec,
    generate,
)

specs = st.builds(
    WorkloadSpec,
    n=st.integers(0, 50),
    accounts=st.integers(100, 200),
    shape=st.sampled_from(SHAPES),
    seed=st.integers(0, 2**64 - 1),
)


@given(specs)
def test_every_transfer_is_between_two_accounts_that_exist(spec: WorkloadSpec) -> None:
    workload = generate(spec)
    for column in (workload.source, workload.destination, workload.amount):
        assert column.shape == (spec.n,)
    assert not np.any(workload.source == workload.destination)
    for column in (workload.source, workload.destination):
        assert np.all((column >= 0) & (column < spec.account_count))
    assert np.all((workload.amount >= 1) & (workload.amount <= AMOUNT_MAX))


@given(specs)
def test_a_spec_always_gives_the_same(spec: WorkloadSpec) -> None:
    first, second = generate(spec), generate(spec)
    assert np.array_equal(first.source, second.source)
    assert np.array_equal(first.destination, second.destination)
    assert np.array_equal(first.amount, second.amount)


def test_the_draws_are_pinned() -> None:
    """What a seed gives is part of the format: fixtures with expectations depend on it."""
    workload = generate(WorkloadSpec(n=4, accounts=10_000, zipf=1.1, seed=7))
    assert workload.source.tolist() == [29, 4, 3930, 1702]
    assert workload.destination.tolist() == [843, 6, 183, 4471]
    assert workload.amount.tolist() == [778, 995, 743, 566]
    workload = generate(WorkloadSpec(n=4, accounts=10_000, seed=7))
    assert workload.source.tolist() == [5243, 3021, 9409, 8832]
    assert workload.destination.tolist() == [3551, 6518, 6447, 8326]


def test_a_seed_changes_all() -> None:
    columns = [generate(WorkloadSpec(n=100, accounts=1000, seed=seed)) for seed in (0, 1)]
    assert np.count_nonzero(columns[0].source == columns[1].source) < 10


def test_chain() -> None:
    # a0 → a1 → a2 → a0 → …: each pays on what it was paid
    workload = generate(WorkloadSpec(n=5, accounts=3, shape="chain"))
    assert workload.source.tolist() == [0, 1, 2, 0, 1]
    assert workload.destination.tolist() == [1, 2, 0, 1, 2]


def test_independent() -> None:
    # a0 → a1   a2 → a3   a4 → a5: nobody waits
    workload = generate(WorkloadSpec(n=3, shape="independent"))
    assert workload.account_count == 6
    assert workload.source.tolist() == [0, 2, 4]
    assert workload.destination.tolist() == [1, 3, 5]


def test_hot() -> None:
    # all of a3 … a9 → one of a0, a1, a2
    workload = generate(WorkloadSpec(n=1000, accounts=10, shape="hot", hot=3))
    assert set(workload.destination.tolist()) == {0, 1, 2}
    assert set(workload.source.tolist()) == set(range(3, 10))


def test_uniform_draws_evenly() -> None:
    workload = generate(WorkloadSpec(n=100_000, accounts=10))
    for column in (workload.source, workload.destination):
        counts = np.bincount(column, minlength=10)
        assert counts.min() > 9_500
        assert counts.max() < 10_500


def test_zipf_draws_by_rank() -> None:
    source = generate(WorkloadSpec(n=100_000, accounts=1000, zipf=1.0)).source
    counts = np.bincount(source, minlength=1000)
    weights = 1 / np.arange(1, 1001)
    expected = 100_000 * weights / weights.sum()
    assert np.allclose(counts[:10], expected[:10], rtol=0.1)


def test_zipf_zero_is_even() -> None:
    counts = np.bincount(generate(WorkloadSpec(n=10_000, accounts=10, zipf=0.0)).source)
    assert counts.min() > 850


def test_no_account_can_run_dry_and_no_sum_overflows() -> None:
    assert TRANSACTIONS_MAX * AMOUNT_MAX <= STARTING_LAMPORTS
    assert TRANSACTIONS_MAX * STARTING_LAMPORTS < 2**64


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ({"n": 10_000_000, "accounts": 2}, {"n": 10_000_001, "accounts": 2}),
        ({"n": 1, "accounts": 10_000_000}, {"n": 1, "accounts": 10_000_001}),
        ({"n": 1, "accounts": 2}, {"n": 1, "accounts": 1}),
        ({"n": 1, "accounts": 2, "zipf": 10.0}, {"n": 1, "accounts": 2, "zipf": 10.1}),
        ({"n": 1, "accounts": 2, "seed": 2**64 - 1}, {"n": 1, "accounts": 2, "seed": 2**64}),
        (
            {"n": 5_000_000, "shape": "independent"},
            {"n": 5_000_001, "shape": "independent"},
        ),
        (
            {"n": 1, "accounts": 4, "shape": "hot", "hot": 3},
            {"n": 1, "accounts": 4, "shape": "hot", "hot": 4},
        ),
        (
            {"n": 1, "accounts": 4, "shape": "hot", "hot": 1},
            {"n": 1, "accounts": 4, "shape": "hot", "hot": 0},
        ),
    ],
)
def test_limits_are_accepted_at_and_refused_beyond(
    good: dict[str, int], bad: dict[str, int]
) -> None:
    WorkloadSpec(**good)  # pyright: ignore
    with pytest.raises(Misfit, match="out of range"):
        WorkloadSpec(**bad)  # pyright: ignore
