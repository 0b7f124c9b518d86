"""docs/operating.md has every metric as the catalogue says, and every limit as it is."""

from __future__ import annotations

import re
from pathlib import Path

import sealane
from sealane.node.metrics import http_server
from sealane.node.metrics.catalogue import METRICS, PREFIX, Kind
from sealane.node.metrics.prometheus import LABEL_VALUES_MAX

PAGE = (Path(sealane.__file__).parent / "docs" / "operating.md").read_text(encoding="utf-8")
ENDINGS = {Kind.COUNTER: "_total", Kind.INFO: "_info"}


def test_every_metric_has_its_row() -> None:
    rows = re.findall(r"^\| `(sealane_\w+)` \| (\w+) \| (.*?) \| (.*) \|$", PAGE, re.MULTILINE)
    assert rows == [
        (
            f"{PREFIX}{metric.name}{ENDINGS.get(metric.kind, '')}",
            metric.kind.value,
            ", ".join(f"`{label}`" for label in metric.labels),
            metric.help.removesuffix("."),
        )
        for metric in METRICS
    ]


def test_the_limits_are_those_of_the_server() -> None:
    for row in (
        f"| connections | {http_server.CONNECTIONS_MAX}; others get 503 |",
        f"| bytes of a request | {http_server.REQUEST_LEN_MAX:,} |",
        f"| until a request is there | {http_server.REQUEST_TIMEOUT_S:g} s |",
        f"| until its answer is read | {http_server.ANSWER_TIMEOUT_S:g} s |",
        f"at most {LABEL_VALUES_MAX} values",
    ):
        assert row in PAGE
