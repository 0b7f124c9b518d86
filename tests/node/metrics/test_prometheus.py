"""What a node's figures say, in both text formats, as Prometheus' own parsers read them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sealane.node.metrics.catalogue import BY_NAME, METRICS, PREFIX, SERIES, Kind
from sealane.node.metrics.prometheus import LABEL_VALUES_MAX, OTHER, NodeMetrics
from sealane.node.observer import Observer
from sealane.runtime import Runtime

from .blocks import committed
from .families import families, families_of_older

OPENMETRICS = "application/openmetrics-text; version=1.0.0"
# Those that a node has, of the units that OpenMetrics recommends.
UNITS = {"seconds", "bytes"}


def samples(metrics: NodeMetrics) -> dict[str, float]:
    """`name{label=value}` → value, in OpenMetrics."""
    _, text = metrics.exposition(OPENMETRICS)
    found: dict[str, float] = {}
    for family in families(text):
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sample.labels.items())
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return found


def watched(store: Path | None = None) -> NodeMetrics:
    """A node at which everything has happened once."""
    metrics = NodeMetrics("1.2.3", store=store, clock=lambda: 1_700_000_000.0)
    metrics.serving(41, bytes(32))
    metrics.checked(0, 0.0001)
    metrics.checked(5, 0.0002)
    metrics.prepared(20, 10, 0.003)
    metrics.processed(accepted=True, seconds=0.002)
    metrics.processed(accepted=False, seconds=0.001)
    metrics.committed(committed(42))
    metrics.queue(17, 4_096)
    metrics.connections(3)
    metrics.refused_message("too-large")
    return metrics


def test_it_counts_what_it_hears() -> None:
    found = samples(watched())
    expected = {
        "sealane_block_height": 42,
        "sealane_last_block_timestamp_seconds": 1_700_000_000,
        "sealane_blocks_total": 1,
        "sealane_transactions_total{status=ok}": 90,
        "sealane_transactions_total{status=failed}": 7,
        "sealane_transactions_total{status=refused}": 3,
        "sealane_block_transactions_sum": 100,
        "sealane_stage_seconds_sum{stage=execute}": 0.2,
        "sealane_stage_seconds_count{stage=signatures}": 1,
        "sealane_block_waves_sum": 5,
        "sealane_compute_units_total": 15_000,
        "sealane_critical_path_compute_units_total": 1_500,
        "sealane_workers": 2,
        "sealane_worker_busy_seconds_total": 0.3,
        "sealane_worker_available_seconds_total": 0.4,
        "sealane_retries_total{cause=worker-failed}": 1,
        "sealane_checks_total{result=ok}": 1,
        "sealane_checks_total{result=refused}": 1,
        "sealane_check_seconds_count": 2,
        "sealane_prepare_offered_total": 20,
        "sealane_prepare_chosen_total": 10,
        "sealane_prepare_seconds_sum": 0.003,
        "sealane_proposals_total{result=accepted}": 1,
        "sealane_proposals_total{result=rejected}": 1,
        "sealane_process_seconds_count": 2,
        "sealane_mempool_transactions": 17,
        "sealane_mempool_size_bytes": 4_096,
        "sealane_connections": 3,
        "sealane_refused_messages_total{reason=too-large}": 1,
    }
    assert {name: found.get(name) for name in expected} == expected
    assert any(name.startswith("sealane_build_info{python=3.") for name in found)


def test_a_block_without_lanes_leaves_busy_time_alone() -> None:
    metrics = NodeMetrics("1")
    metrics.committed(committed(busy_s=None))
    found = samples(metrics)
    assert found["sealane_worker_busy_seconds_total"] == 0
    assert found["sealane_worker_available_seconds_total"] == 0


def test_names_types_units_and_help_are_those_of_the_catalogue(tmp_path: Path) -> None:
    with Runtime(store=tmp_path / "state", workers=0):
        _, text = watched(tmp_path / "state").exposition(OPENMETRICS)
    by_name = {family.name: family for family in families(text)}
    assert by_name.keys() == {PREFIX + metric.name for metric in METRICS}
    for metric in METRICS:
        family = by_name[PREFIX + metric.name]
        assert (family.type, family.documentation, family.unit) == (
            metric.kind.value,
            metric.help,
            metric.unit,
        )
        names = {sample.name for sample in family.samples}
        assert names - {f"{family.name}_created"} == set(metric.series)


def test_the_catalogue_follows_openmetrics() -> None:
    assert len(BY_NAME) == len(METRICS)
    for metric in METRICS:
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", metric.name), metric.name
        assert not metric.name.endswith(("_total", "_info", "_created", "_bucket", "_count"))
        assert metric.help.endswith("."), metric.name
        last = metric.name.rpartition("_")[2]
        assert metric.unit == (last if last in UNITS else ""), metric.name
        assert bool(metric.buckets) == (metric.kind is Kind.HISTOGRAM)
        assert list(metric.buckets) == sorted(set(metric.buckets))
        assert not {"account", "transaction", "payer", "id", "key"} & set(metric.labels)


def test_prometheus_reads_the_older_format() -> None:
    content_type, text = watched().exposition("text/plain")
    assert content_type.startswith("text/plain; version=")
    names = {
        sample.name
        for family in families_of_older(text)
        for sample in family.samples
        if not sample.name.endswith("_created")
    }
    assert names <= SERIES
    assert "sealane_transactions_total" in names


def test_the_format_is_negotiated() -> None:
    metrics = NodeMetrics("1")
    content_type, text = metrics.exposition(OPENMETRICS)
    assert content_type.startswith("application/openmetrics-text")
    assert text.endswith(b"# EOF\n")
    assert not metrics.exposition("")[1].endswith(b"# EOF\n")


@pytest.mark.parametrize("count", [LABEL_VALUES_MAX, LABEL_VALUES_MAX + 1])
def test_a_label_has_a_bounded_number_of_values(count: int) -> None:
    metrics = NodeMetrics("1")
    for number in range(count):
        metrics.refused_message(f"reason-{number}")
    metrics.refused_message("reason-0")
    found = {
        name: value
        for name, value in samples(metrics).items()
        if name.startswith("sealane_refused_messages_total")
    }
    other = f"sealane_refused_messages_total{{reason={OTHER}}}"
    assert found.get(other, 0) == count - LABEL_VALUES_MAX
    assert found["sealane_refused_messages_total{reason=reason-0}"] == 2
    assert len(found) == count


def test_the_registry_is_its_own() -> None:
    first, second = NodeMetrics("1"), NodeMetrics("1")
    first.committed(committed(7))
    assert samples(second)["sealane_blocks_total"] == 0


def test_it_hears_everything_that_an_observer_hears() -> None:
    heard = {name for name in vars(Observer) if not name.startswith("_")}
    assert heard <= set(vars(NodeMetrics))


def test_known_series_begin_at_zero() -> None:
    found = samples(NodeMetrics("1"))
    for status in ("ok", "failed", "refused"):
        assert found[f"sealane_transactions_total{{status={status}}}"] == 0
    for stage in ("signatures", "schedule", "execute", "commit"):
        assert found[f"sealane_stage_seconds_count{{stage={stage}}}"] == 0
