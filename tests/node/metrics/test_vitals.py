"""How a node does, held to what happened between the two readings."""

from __future__ import annotations

import pytest

from sealane.errors import InputError
from sealane.node.metrics.prometheus import NodeMetrics
from sealane.node.metrics.reading import parse_figures
from sealane.node.metrics.vitals import vitals_of

from .blocks import committed
from .looks import NOW_S, busy_vitals, figures


def test_rates_and_means() -> None:
    vitals = busy_vitals()
    assert (vitals.version, vitals.height) == ("1.2.3", 1_010)
    assert vitals.block_age_s == 0.5
    assert vitals.throughput == pytest.approx((500, 35, 15, 5))
    assert vitals.block_transactions == 100
    assert vitals.stages == pytest.approx(
        {"signatures": 0.01, "schedule": 0.002, "execute": 0.2, "commit": 0.004}
    )
    assert vitals.parallel == pytest.approx((2, 0.75, 10, 5))
    assert vitals.queue[:2] == (1_024, 812_345)
    assert (vitals.queue.checks, vitals.queue.refused) == (500, 10)
    assert vitals.queue.latency == (0.00025, 0.00025)
    assert vitals.prepare_s == pytest.approx(0.011)
    assert vitals.process_s == pytest.approx(0.21)
    assert vitals.store is None
    assert vitals.connections == 4
    assert vitals.retries == {"worker-failed": 10}
    assert vitals.refused == {"too large": 1}


def test_a_node_at_which_nothing_happens() -> None:
    quiet = figures(NodeMetrics("1"))
    vitals = vitals_of(quiet, quiet, 1.0, now_s=NOW_S)
    assert vitals.block_age_s is None
    assert vitals.throughput == (0, 0, 0, 0)
    assert vitals.block_transactions is None
    assert set(vitals.stages.values()) == {None}
    assert vitals.parallel == (0, None, None, None)
    assert vitals.queue.latency is None
    assert (vitals.retries, vitals.refused) == ({}, {})
    assert vitals_of(quiet, quiet, 0.0, now_s=NOW_S).throughput.transactions == 0


def test_a_node_that_was_started_anew_counts_from_zero() -> None:
    before, after = NodeMetrics("1"), NodeMetrics("1")
    for height in range(5):
        before.committed(committed(height))
    after.committed(committed(6))
    vitals = vitals_of(figures(before), figures(after), 1.0, now_s=NOW_S)
    assert vitals.throughput.transactions == pytest.approx(100)
    assert vitals.block_transactions == 100


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html>",
        "up 1\n",
        "# EOF\n",
        "other_metric 1\n# EOF\n",
        "# TYPE sealane_block_height gauge\nsealane_block_height NaN\n# EOF\n",
        "# TYPE sealane_block_height gauge\nsealane_block_height +Inf\n# EOF\n",
        # The parser itself stumbles here: a KeyError.
        '# TYPE a histogram\na_b# {trace_id="x"} 1.0 2.0',
    ],
)
def test_what_is_no_node(text: str) -> None:
    with pytest.raises(InputError, match="here: what answers there"):
        parse_figures(text, "here")
