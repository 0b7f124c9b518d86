"""Metrics as the parsers of prometheus-client read them."""

from __future__ import annotations

from typing import Any, cast

from prometheus_client import Metric, parser
from prometheus_client.openmetrics import parser as openmetrics


def families(text: bytes | str) -> list[Metric]:
    """Every family of a text in OpenMetrics; the parser is strict."""
    return _all(openmetrics, text)


def families_of_older(text: bytes | str) -> list[Metric]:
    """Every family of a text in Prometheus' own format."""
    return _all(parser, text)


def _all(module: Any, text: bytes | str) -> list[Metric]:
    given = text.decode() if isinstance(text, bytes) else text
    return cast(list[Metric], list(module.text_string_to_metric_families(given)))
