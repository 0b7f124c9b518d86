"""The sets of limits, held to firedancer's vectors and to the proposals' numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

import sealane
from sealane.errors import UsageError
from sealane.scheduler.packing import (
    AGAVE_4_3,
    BEFORE_0207,
    LIMITS_BY_SIMD,
    SIMD_0207,
    SIMD_0256,
    SIMD_0286,
    SIMD_0306,
    BlockLimits,
)


@pytest.mark.parametrize(
    ("limits", "block", "account"),
    [
        (BEFORE_0207, 48_000_000, 12_000_000),
        (SIMD_0207, 50_000_000, 12_000_000),
        (SIMD_0256, 60_000_000, 12_000_000),
        (SIMD_0306, 60_000_000, 24_000_000),
        (SIMD_0286, 100_000_000, 40_000_000),
        (SIMD_0207.with_account_share(), 50_000_000, 20_000_000),
    ],
)
def test_each_proposal_has_its_numbers(limits: BlockLimits, block: int, account: int) -> None:
    assert (limits.cost_max, limits.account_cost_max) == (block, account)
    assert (limits.vote_cost_max, limits.allocated_bytes_max) == (36_000_000, 100_000_000)
    assert (limits.transactions_max, limits.bytes_max) == (None, None)


def test_limits_are_found_by_proposal() -> None:
    assert list(LIMITS_BY_SIMD) == ["before-0207", "0207", "0256", "0306", "0286", "0458"]
    assert LIMITS_BY_SIMD["0306"] is AGAVE_4_3
    assert LIMITS_BY_SIMD["0458"] == AGAVE_4_3.without_vote_limit()
    assert LIMITS_BY_SIMD["0458"].vote_cost_max is None


@pytest.mark.parametrize(
    ("slot_ms", "raised", "block", "account", "data"),
    [
        (400, False, 60_000_000, 24_000_000, 100_000_000),
        (400, True, 100_000_000, 40_000_000, 100_000_000),
        (200, True, 50_000_000, 20_000_000, 50_000_000),
        (200, False, 30_000_000, 12_000_000, 50_000_000),
        (350, True, 87_500_000, 35_000_000, 87_500_000),
    ],
)
def test_limits_scale_with_the_slot(
    slot_ms: int, raised: bool, block: int, account: int, data: int
) -> None:
    """cost_tracker_init of firedancer@178b48fe, src/flamenco/runtime/test_cost_tracker.c."""
    limits = (SIMD_0286 if raised else SIMD_0306).in_slots_of(slot_ms)
    found = (limits.cost_max, limits.account_cost_max, limits.allocated_bytes_max)
    assert found == (block, account, data)
    if slot_ms == 400:
        assert limits.vote_cost_max == 36_000_000


def test_the_vote_limit_scales_where_there_is_one() -> None:
    assert SIMD_0306.in_slots_of(250).vote_cost_max == 22_500_000
    assert SIMD_0306.without_vote_limit().in_slots_of(250).vote_cost_max is None


@pytest.mark.parametrize("slot_ms", [0, 199, 401])
def test_other_slots_are_refused(slot_ms: int) -> None:
    with pytest.raises(UsageError, match=f"slot_ms={slot_ms}: SIMD-0525 has slots of 400, 350"):
        SIMD_0306.in_slots_of(slot_ms)


def test_an_engine_adds_its_own_limits() -> None:
    limits = SIMD_0306.of_engine(transactions_max=5, bytes_max=None)
    assert (limits.transactions_max, limits.bytes_max, limits.cost_max) == (5, None, 60_000_000)


def test_the_page_has_every_set() -> None:
    page = (Path(sealane.__file__).parent / "docs" / "packing.md").read_text(encoding="utf-8")
    for name, limits in LIMITS_BY_SIMD.items():
        votes = "none" if limits.vote_cost_max is None else f"{limits.vote_cost_max:,}"
        row = f"| `{name}` | {limits.cost_max:,} | {limits.account_cost_max:,} | {votes} |"
        assert row in page
