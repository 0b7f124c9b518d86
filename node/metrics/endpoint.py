"""The pages that a node serves to those who watch it: /metrics and /healthz."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

from .address import METRICS_PATH, Address
from .health import Health
from .http_server import HttpServer, Page
from .prometheus import NodeMetrics

HEALTH_PATH: Final = "/healthz"
_JSON: Final = "application/json"


def serve_metrics(address: Address, metrics: NodeMetrics) -> HttpServer:
    """Serve a node's figures and health until the server is closed. Raises UsageError."""
    pages: dict[str, Callable[[str], Page]] = {
        METRICS_PATH: lambda accept: Page(200, *metrics.exposition(accept)),
        HEALTH_PATH: lambda _accept: _health_page(metrics.health),
    }
    return HttpServer(address, pages)


def _health_page(health: Health) -> Page:
    code, document = health.answer()
    return Page(code, _JSON, json.dumps(document).encode() + b"\n")
