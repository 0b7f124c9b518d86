"""Looks at nodes that answer, that do not, and that do again."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import islice

import pytest

from sealane.errors import InputError, UsageError
from sealane.node.metrics.address import Address
from sealane.node.metrics.endpoint import serve_metrics
from sealane.node.metrics.http_server import HttpServer, Page
from sealane.node.metrics.prometheus import NodeMetrics
from sealane.node.metrics.reading import (
    ANSWER_LEN_MAX,
    Figures,
    MetricsUnreachable,
    read_figures,
)
from sealane.node.metrics.watching import (
    AGAIN_MAX_S,
    INTERVAL_MAX_S,
    INTERVAL_MIN_S,
    Clock,
    require_interval,
    watch,
)

from .blocks import committed
from .looks import figures

HERE = Address("127.0.0.1", 0)


class Slept(Clock):
    """Time that passes in sleep only."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.slept: list[float] = []

    def monotonic_s(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now_s += seconds


def test_a_look_every_interval() -> None:
    metrics, clock = NodeMetrics("1"), Slept()

    def read() -> Figures:
        metrics.committed(committed(1))
        return figures(metrics)

    looks = list(islice(watch(read, 2.0, clock=clock), 3))
    rates = [look.vitals.throughput.transactions for look in looks if look.vitals]
    assert rates == pytest.approx([50, 50, 50])
    assert clock.slept == [2.0, 2.0, 2.0]


def test_a_node_that_is_gone_is_asked_less_and_less_and_comes_back() -> None:
    clock, now = Slept(), figures(NodeMetrics("1"))
    answers: list[Figures | None] = [now, *[None] * 6, now, now, None]

    def read() -> Figures:
        answer = answers.pop(0)
        if answer is None:
            raise MetricsUnreachable("here", "gone")
        return answer

    looks = list(islice(watch(read, 0.5, clock=clock), 9))
    assert [look.again_s for look in looks] == [1, 2, 4, 8, AGAIN_MAX_S, AGAIN_MAX_S, 0.5, 0.5, 1]
    assert [look.vitals is None for look in looks] == [True] * 6 + [False, False, True]


@pytest.mark.parametrize("interval_s", [INTERVAL_MIN_S, INTERVAL_MAX_S])
def test_intervals(interval_s: float) -> None:
    require_interval(interval_s)
    beyond = interval_s * (0.9 if interval_s == INTERVAL_MIN_S else 1.1)
    with pytest.raises(UsageError, match="between two looks: choose"):
        require_interval(beyond)


def test_a_node_is_read_over_http() -> None:
    metrics = NodeMetrics("1")
    metrics.serving(7, bytes(32))
    with serve_metrics(HERE, metrics) as server:
        assert read_figures(server.address).value("block_height") == 7


def test_nobody_answers() -> None:
    with socket.create_server(HERE) as listener:
        address = Address("127.0.0.1", listener.getsockname()[1])
        with pytest.raises(MetricsUnreachable, match="no answer within"):
            read_figures(address, timeout_s=0.05)
    with pytest.raises(MetricsUnreachable, match="refused"):
        read_figures(address)


def test_an_answer_that_never_ends_has_a_deadline() -> None:
    """A byte now and then does not put it off."""
    done = threading.Event()

    def drip(listener: socket.socket) -> None:
        client, _ = listener.accept()
        with client, suppress(OSError):
            client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            while not done.wait(0.01):
                client.sendall(b"#")

    with socket.create_server(HERE) as listener:
        address = Address("127.0.0.1", listener.getsockname()[1])
        dripping = threading.Thread(target=drip, args=(listener,), daemon=True)
        dripping.start()
        with pytest.raises(MetricsUnreachable, match="no answer within"):
            read_figures(address, timeout_s=0.1)
        done.set()
        dripping.join()


def page(body: bytes, status: int = 200) -> Callable[[str], Page]:
    return lambda _accept: Page(status, "text/plain", body)


@pytest.mark.parametrize(
    "made",
    [
        page(b"hello\n"),
        page(b"", 404),
        page(b"# EOF\n"),
        page(b"#" * (ANSWER_LEN_MAX + 1)),
        page(b"\xff\xfe\n# EOF\n"),
    ],
)
def test_another_service_answers(made: Callable[[str], Page]) -> None:
    with HttpServer(HERE, {"/metrics": made}) as server:
        looks = watch(partial(read_figures, server.address), 1.0, clock=Slept())
        with pytest.raises(InputError, match="what answers there"):
            next(looks)
