"""Timelines: on every route each transaction is timed once, and after those that it waits for."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from time import monotonic_ns

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sealane import FixedRoute, Result, Route, Runtime, Transaction, TryReason
from sealane.programs import Program, UncheckedAccount, u64
from sealane.programs.library import system
from sealane.runtime import MeasuredTimeline
from sealane.runtime.state.state import MemoryState

local = Program("local_to_timelines")
ROUTES = [
    (0, None),
    (1, Route.IN_PROCESS),
    (1, Route.ONE_WORKER),
    (1, Route.LANES),
    (2, FixedRoute(Route.LANES, share_len_min=1)),
    (4, FixedRoute(Route.LANES, share_len_min=1 << 20)),
]


@local.instruction(tag=0)
def note(account: UncheckedAccount, by: u64) -> None:
    """Not vectorized; fails for 13."""
    if by == 13:
        raise ValueError("unlucky")


@local.instruction(tag=1)
def die_once(account: UncheckedAccount, marker: bytes) -> None:
    """Kill the worker, unless it did so before."""
    path = Path(os.fsdecode(marker))
    if not path.exists():
        path.touch()
        os.kill(os.getpid(), signal.SIGKILL)


def pay(source: int, target: int, lamports: int = 1) -> Transaction:
    """Vectorized where many may run together."""
    names = {"source": f"a{source}", "destination": f"a{target}"}
    return Transaction([system.transfer(**names, lamports=lamports)])


def touch(account: int, by: int) -> Transaction:
    return Transaction([note(account=f"a{account}", by=by)])


accounts = st.integers(0, 30)
blocks = st.one_of(
    st.lists(st.builds(pay, accounts, accounts, st.sampled_from([1, 1, 10_000])), max_size=120),
    st.lists(st.builds(touch, accounts, st.sampled_from([1, 13])), max_size=40),
    st.lists(
        st.builds(pay, accounts, accounts) | st.builds(touch, accounts, st.just(1)), max_size=60
    ),
)


@pytest.fixture(scope="module")
def runtimes() -> Iterator[list[Runtime]]:
    with ExitStack() as stack:
        yield [
            stack.enter_context(Runtime(workers=n, programs=[local], route=route))
            for n, route in ROUTES
        ]


def timed(runtime: Runtime, block: list[Transaction]) -> tuple[Result, MeasuredTimeline]:
    runtime.state = MemoryState()
    for account in range(200):
        runtime.set_account(f"a{account}", lamports=1_000)
    result = runtime.execute(block, timeline=True)
    assert result.timeline is not None
    return result, result.timeline


def require_sound(result: Result, timeline: MeasuredTimeline) -> None:
    """All that a timeline guarantees, whatever the route."""
    count = len(result.transactions)
    slices = list(timeline.slices())
    assert sorted(position for each in slices for position in each.positions) == [*range(count)]
    for one, other in pairwise(slices):
        assert one.worker < other.worker or one.end_ns <= other.start_ns
    assert all(0 < each.start_ns <= each.end_ns for each in slices)
    earlier, later = result.dag.edges[:, 0], result.dag.edges[:, 1]
    assert (timeline.end_ns[earlier] <= timeline.start_ns[later]).all()
    before, after = timeline.waits[:, 0], timeline.waits[:, 1]
    assert (timeline.end_ns[before] <= timeline.start_ns[after]).all()
    assert (timeline.workers[before] != timeline.workers[after]).all()
    assert set(timeline.workers.tolist()) <= {*range(1, result.workers + 1)} or not result.workers
    assert timeline.stages[0].name == "schedule"
    assert timeline.stages[-1].name == "commit"
    assert all(one.end_ns == other.start_ns for one, other in pairwise(timeline.stages))
    executing = [stage for stage in timeline.stages if stage.name == "execute"]
    if count:
        assert executing[0].start_ns <= timeline.tries_ns[-1] <= timeline.start_ns.min()
        assert timeline.end_ns.max() <= timeline.stages[-1].start_ns


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(block=blocks)
def test_a_timeline_respects_the_dag(runtimes: list[Runtime], block: list[Transaction]) -> None:
    for runtime in runtimes:
        require_sound(*timed(runtime, block))


@pytest.mark.parametrize("place", range(len(ROUTES)))
def test_transactions_that_run_at_once_share_their_time(
    runtimes: list[Runtime], place: int
) -> None:
    block = [pay(2 * n, 2 * n + 1, 10_000 if n == 7 else 1) for n in range(100)]
    result, timeline = timed(runtimes[place], block)
    require_sound(result, timeline)
    lengths = [len(each.positions) for each in timeline.slices()]
    vectorized = result.route is Route.IN_PROCESS or (
        result.route is Route.LANES and result.workers == 1
    )
    assert max(lengths) == (99 if vectorized else 1), "t7 fails, which only it alone can"
    assert timeline.costs_ns.sum() <= (timeline.end_ns - timeline.start_ns).max() * len(lengths)
    if vectorized:
        alike = set(timeline.costs_ns.tolist()) - {int(timeline.costs_ns[7])}
        assert len(alike) == 1


def test_times_count_from_the_call_in_seconds_and_nanoseconds(runtimes: list[Runtime]) -> None:
    before = monotonic_ns()
    _, timeline = timed(runtimes[0], [pay(0, 1), pay(1, 2)])
    assert before <= timeline.origin_ns <= monotonic_ns()
    assert np.allclose(timeline.start_s * 1e9, timeline.start_ns)
    assert 0 < timeline.start_s[0] <= timeline.end_s[0] <= timeline.start_s[1] < 60
    assert timeline.makespan_ns == timeline.end_ns[1] - timeline.start_ns[0]
    assert repr(timeline).startswith("<MeasuredTimeline of 2 transactions, 1 workers, makespan ")


@pytest.mark.slow
def test_after_a_worker_died_the_try_that_succeeded_counts(tmp_path: Path) -> None:
    block = [touch(n, 1) for n in range(20)]
    block.insert(10, Transaction([die_once(account="a3", marker=os.fsencode(tmp_path / "died"))]))
    with Runtime(workers=2, programs=[local], route=Route.LANES) as runtime:
        result, timeline = timed(runtime, block)
    assert [each.reason for each in result.tries] == [TryReason.FIRST, TryReason.WORKER_FAILED]
    require_sound(result, timeline)
    assert len(timeline.tries_ns) == 2
    assert timeline.start_ns.min() > timeline.tries_ns[1] > timeline.tries_ns[0] > 0


@pytest.mark.parametrize("place", range(len(ROUTES)))
def test_an_empty_block(runtimes: list[Runtime], place: int) -> None:
    result, timeline = timed(runtimes[place], [])
    require_sound(result, timeline)
    assert (len(timeline), timeline.makespan_ns, list(timeline.slices())) == (0, 0, [])


def test_a_block_is_timed_only_if_asked(runtimes: list[Runtime]) -> None:
    for runtime in runtimes:
        assert runtime.execute([pay(0, 1)]).timeline is None
