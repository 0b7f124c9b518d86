"""A node at two moments, and how it did in between, without a node."""

from __future__ import annotations

from sealane.node.metrics.prometheus import NodeMetrics
from sealane.node.metrics.reading import Figures, MetricsUnreachable, parse_figures
from sealane.node.metrics.vitals import Vitals, vitals_of
from sealane.node.metrics.watching import Look

from .blocks import committed

NOW_S = 1_700_000_000.0
GONE = Look(None, MetricsUnreachable("127.0.0.1:9464", "Connection refused"), 4.0)


def figures(metrics: NodeMetrics) -> Figures:
    return parse_figures(metrics.exposition("application/openmetrics-text")[1].decode(), "here")


def busy_vitals() -> Vitals:
    """Ten blocks of 100 in two seconds, the last of them half a second ago."""
    metrics = NodeMetrics("1.2.3", clock=lambda: NOW_S - 0.5)
    metrics.serving(1_000, bytes(32))
    before = figures(metrics)
    for height in range(1_001, 1_011):
        for number in range(100):
            metrics.checked(int(number >= 98), 0.00012 if number else 0.004)
        metrics.prepared(200, 100, 0.011)
        metrics.processed(accepted=True, seconds=0.21)
        metrics.committed(committed(height))
    metrics.queue(1_024, 812_345)
    metrics.connections(4)
    metrics.refused_message("too large")
    return vitals_of(before, figures(metrics), 2.0, now_s=NOW_S)
