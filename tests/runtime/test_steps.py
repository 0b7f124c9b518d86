"""Setting suspects apart: what was to be executed still is, once, in an order that holds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sealane.runtime.progress import OrderRange
from sealane.runtime.steps import Step, set_apart


def step(*shares: tuple[int, int], alone: bool = False) -> Step:
    return Step(tuple(OrderRange(*share) for share in shares), alone)


def test_a_suspect_in_the_middle_of_a_share() -> None:
    """
    step 1: [0 1 S 3] [4 5]      step 2: [6 7]
    apart:  [4 5] · [0 1] · S · [3] · [6 7]
    """
    steps = [step((0, 4), (4, 6)), step((6, 8))]
    assert set_apart(steps, [OrderRange(2, 3)]) == [
        step((4, 6)),
        step((0, 2)),
        step((2, 3), alone=True),
        step((3, 4)),
        step((6, 8)),
    ]


def test_suspects_at_both_ends_of_the_only_share() -> None:
    suspects = [OrderRange(4, 5), OrderRange(0, 1), OrderRange(0, 1)]
    assert set_apart([step((0, 5))], suspects) == [
        step((0, 1), alone=True),
        step((1, 4)),
        step((4, 5), alone=True),
    ]


def test_a_suspect_group_over_two_shares() -> None:
    """A group of like transactions; each part is executed one by one."""
    assert set_apart([step((0, 3), (3, 6))], [OrderRange(2, 4)]) == [
        step((0, 2)),
        step((2, 3), alone=True),
        step((3, 4), alone=True),
        step((4, 6)),
    ]


def test_without_suspects_nothing_changes() -> None:
    steps = [step((0, 4), (4, 6)), step((6, 8))]
    assert set_apart(steps, []) == steps


@st.composite
def plans(draw: st.DrawFn) -> list[Step]:
    steps: list[Step] = []
    at = 0
    for shares in draw(st.lists(st.lists(st.integers(1, 5), min_size=1, max_size=3), max_size=4)):
        ranges: list[OrderRange] = []
        for length in shares:
            ranges.append(OrderRange(at, at + length))
            at += length
        steps.append(Step(tuple(ranges)))
    return steps


ranges = st.tuples(st.integers(0, 20), st.integers(1, 6)).map(
    lambda pair: OrderRange(pair[0], pair[0] + pair[1])
)


@given(plans(), st.lists(ranges, max_size=4))
def test_nothing_is_lost_doubled_or_moved_past_its_step(
    steps: list[Step], suspects: list[OrderRange]
) -> None:
    apart = set_apart(steps, suspects)
    places = [place for each in apart for low, high in each.shares for place in range(low, high)]
    step_of = {
        place: number
        for number, each in enumerate(steps)
        for low, high in each.shares
        for place in range(low, high)
    }
    assert sorted(places) == sorted(step_of)
    assert [step_of[place] for place in places] == sorted(step_of[place] for place in places)
    share_of = {place: share for each in steps for share in each.shares for place in range(*share)}
    for share in share_of.values():  # within a share the order stays
        assert [p for p in places if share_of[p] == share] == list(range(*share))
    suspected = {place for low, high in suspects for place in range(low, high)}
    for each in apart:
        inside = {place for low, high in each.shares for place in range(low, high)}
        assert inside <= suspected if each.alone else not inside & suspected
        assert not each.alone or len(each.shares) == 1
