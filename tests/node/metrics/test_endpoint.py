"""The two pages of a node, as clients see them, also while its process is busy."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator

import pytest

from sealane import Runtime, Transaction
from sealane.node.metrics.address import Address
from sealane.node.metrics.endpoint import serve_metrics
from sealane.node.metrics.http_server import HttpServer
from sealane.node.metrics.prometheus import NodeMetrics
from sealane.programs.library.system import transfer

from .blocks import ROOT, committed
from .families import families

DEADLINE_S = 30


@pytest.fixture
def metrics() -> NodeMetrics:
    return NodeMetrics("1.2.3")


@pytest.fixture
def server(metrics: NodeMetrics) -> Iterator[HttpServer]:
    with serve_metrics(Address("127.0.0.1", 0), metrics) as server:
        yield server


def got(server: HttpServer, path: str, accept: str = "*/*") -> tuple[int, str, str]:
    return get(server.address, path, accept)


def get(address: Address, path: str, accept: str = "*/*") -> tuple[int, str, str]:
    """Status, content type and body of a page."""
    client = http.client.HTTPConnection(*address, timeout=DEADLINE_S)
    client.request("GET", path, headers={"Accept": accept})
    answer = client.getresponse()
    body = answer.read().decode()
    client.close()
    return answer.status, answer.headers["Content-Type"], body


def test_health(server: HttpServer, metrics: NodeMetrics) -> None:
    status, content_type, body = got(server, "/healthz")
    assert (status, content_type) == (503, "application/json")
    assert json.loads(body)["status"] == "starting"
    metrics.serving(3, bytes(32))
    metrics.committed(committed(4))
    status, _, body = got(server, "/healthz")
    assert (status, json.loads(body)["height"], json.loads(body)["root"]) == (200, 4, ROOT.hex())
    metrics.failed("the disk is full")
    status, _, body = got(server, "/healthz")
    assert (status, json.loads(body)["why"]) == (503, "the disk is full")


def test_metrics_in_the_format_that_is_asked_for(server: HttpServer) -> None:
    accept = "application/openmetrics-text;version=1.0.0,text/plain;q=0.5"
    status, content_type, body = got(server, "/metrics", accept)
    assert status == 200
    assert content_type.startswith("application/openmetrics-text")
    assert families(body)
    assert got(server, "/metrics")[1].startswith("text/plain")


def test_it_answers_while_a_block_executes(server: HttpServer) -> None:
    """`progress` is called in the midst of a block."""
    answers: list[int] = []

    def ask(_done: int) -> None:
        if not answers:
            answers.extend(got(server, path)[0] for path in ("/metrics", "/healthz"))

    with Runtime(workers=0) as runtime:
        runtime.set_account("alice", lamports=10**9)
        pay = transfer(source="alice", destination="bob", lamports=1)
        runtime.execute([Transaction([pay], payer="alice")], progress=ask)
    assert answers == [200, 503]
