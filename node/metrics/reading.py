"""Reads a node's metrics, as Prometheus would, into figures by name.

Guarantees: bounded in time and size, whatever answers. Importing this module without
prometheus-client raises UsageError.
"""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from typing import Any, Final, cast

from ...primitives import InputError, MachineError, UsageError
from ...primitives.extras import how_to_install
from .address import Address
from .catalogue import PREFIX

try:
    from prometheus_client.openmetrics import parser as _parser
except ImportError as error:
    raise UsageError(
        "metrics are read by prometheus-client, which is not installed: " + how_to_install("node")
    ) from error

ANSWER_LEN_MAX: Final = 4 << 20
ANSWER_TIMEOUT_S: Final = 10.0
_ACCEPT: Final = "application/openmetrics-text; version=1.0.0"
_PATH: Final = "/metrics"


class MetricsUnreachable(MachineError):
    """No node serves metrics at `address`. `what` says why."""

    def __init__(self, address: str, what: str) -> None:
        self.address = address
        self.what = what
        super().__init__(f"{address}: {what}; see whether the node runs, with --metrics {address}")


class Figures:
    """The figures of a node at one moment. One that is not there is 0."""

    def __init__(self, samples: Mapping[tuple[str, tuple[tuple[str, str], ...]], float]) -> None:
        self._samples = samples

    def value(self, name: str, **labels: str) -> float:
        """The figure of a series, by its name without the prefix: `value("blocks_total")`."""
        return self._samples.get((PREFIX + name, tuple(sorted(labels.items()))), 0.0)

    def has(self, name: str) -> bool:
        """Whether there is a series of this name without labels."""
        return (PREFIX + name, ()) in self._samples

    def by(self, name: str, label: str) -> dict[str, float]:
        """All figures of a name, by the value of one of its labels."""
        return {
            dict(labels)[label]: value
            for (series, labels), value in self._samples.items()
            if series == PREFIX + name and label in dict(labels)
        }


def read_figures(address: Address, *, timeout_s: float = ANSWER_TIMEOUT_S) -> Figures:
    """Ask a node. Raises MetricsUnreachable if none answers, InputError if no node does."""
    return parse_figures(_fetch(address, timeout_s), str(address))


def parse_figures(text: str, where: str) -> Figures:
    """The figures in a text in OpenMetrics. Raises InputError for any other text."""
    samples: dict[tuple[str, tuple[tuple[str, str], ...]], float] = {}
    try:
        for family in cast(Any, _parser).text_string_to_metric_families(text):
            for sample in family.samples:
                samples[sample.name, tuple(sorted(sample.labels.items()))] = sample.value
    except ValueError as error:
        raise InputError(f"{where}: what answers there serves no metrics: {error}") from error
    figures = Figures(samples)
    if not figures.has("block_height"):
        raise InputError(f"{where}: what answers there is no node of sealane; name its --metrics")
    return figures


def _fetch(address: Address, timeout_s: float) -> str:
    connection = http.client.HTTPConnection(*address, timeout=timeout_s)
    try:
        connection.request("GET", _PATH, headers={"Accept": _ACCEPT})
        answer = connection.getresponse()
        body = answer.read(ANSWER_LEN_MAX + 1)
    except http.client.HTTPException as error:
        raise InputError(f"{address}: what answers there speaks no HTTP") from error
    except TimeoutError as error:
        raise MetricsUnreachable(str(address), f"no answer within {timeout_s:g} s") from error
    except OSError as error:
        raise MetricsUnreachable(str(address), error.strerror or str(error)) from error
    finally:
        connection.close()
    if answer.status != http.HTTPStatus.OK or len(body) > ANSWER_LEN_MAX:
        raise InputError(
            f"{address}: what answers there is no node of sealane: "
            f"{_PATH} gives {answer.status}, {len(body):,} bytes"
        )
    return body.decode("utf-8", errors="replace")
