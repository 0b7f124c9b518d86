"""Reads a node's metrics, as Prometheus would, into figures by name.

Guarantees: bounded in time and size, whatever answers. Importing this module without
prometheus-client raises UsageError.
"""

from __future__ import annotations

import http.client
import socket
from collections.abc import Mapping
from io import BytesIO
from math import isfinite
from time import monotonic
from typing import Any, Final, cast

from ...primitives import InputError, MachineError, UsageError
from ...primitives.extras import how_to_install
from .address import METRICS_PATH, Address
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
_REQUEST: Final = (
    f"GET {METRICS_PATH} HTTP/1.1\r\nHost: {{address}}\r\nAccept: {_ACCEPT}\r\n"
    "Connection: close\r\n\r\n"
)
_HEAD_LEN_MAX: Final = 64 * 1024
_CHUNK_LEN: Final = 64 * 1024


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
                if not isfinite(sample.value):
                    raise ValueError(f"{sample.name} is {sample.value}")
                samples[sample.name, tuple(sorted(sample.labels.items()))] = sample.value
    # The parser's own checks raise ValueError; some texts are too strange even for those.
    except (ValueError, LookupError, TypeError) as error:
        raise InputError(f"{where}: what answers there serves no metrics: {error}") from error
    figures = Figures(samples)
    if not figures.has("block_height"):
        raise InputError(f"{where}: what answers there is not a node; name its --metrics")
    return figures


def _fetch(address: Address, timeout_s: float) -> str:
    try:
        raw = _all_that_comes(address, timeout_s)
        answer = http.client.HTTPResponse(cast(Any, _Received(raw)))
        answer.begin()
        body = answer.read(ANSWER_LEN_MAX + 1)
    except http.client.HTTPException as error:
        raise InputError(f"{address}: what answers there does not speak HTTP") from error
    except TimeoutError as error:
        raise MetricsUnreachable(str(address), f"no answer within {timeout_s:g} s") from error
    except OSError as error:
        raise MetricsUnreachable(str(address), error.strerror or str(error)) from error
    if answer.status != http.HTTPStatus.OK or len(body) > ANSWER_LEN_MAX:
        raise InputError(
            f"{address}: what answers there is not a node: "
            f"{METRICS_PATH} gives {answer.status}, {len(body):,} bytes"
        )
    return body.decode("utf-8", errors="replace")


def _all_that_comes(address: Address, timeout_s: float) -> bytes:
    """What is answered, up to its end or to more than an answer has. Raises OSError.

    A timeout of http.client is for each part that comes: a byte now and then would put it off.
    """
    deadline_s = monotonic() + timeout_s
    received = bytearray()
    with socket.create_connection(address, timeout_s) as connection:
        connection.sendall(_REQUEST.format(address=address).encode())
        while len(received) <= _HEAD_LEN_MAX + ANSWER_LEN_MAX:
            left_s = deadline_s - monotonic()
            if left_s <= 0:
                raise TimeoutError
            connection.settimeout(left_s)
            chunk = connection.recv(_CHUNK_LEN)
            if not chunk:
                break
            received += chunk
    return bytes(received)


class _Received:
    """A connection of which all has come, as http.client reads one."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw

    def makefile(self, _mode: str) -> BytesIO:
        return BytesIO(self._raw)
