"""The HTTP server against well-behaved and hostile clients, over real sockets."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack

import pytest

from sealane.errors import UsageError
from sealane.node.metrics.address import Address
from sealane.node.metrics.http_server import (
    CONNECTIONS_MAX,
    REQUEST_LEN_MAX,
    HttpServer,
    Page,
    Timeouts,
)

from ...faults.aftermath import until

DEADLINE_S = 30
LARGE_LEN = 32 << 20  # more than the system keeps for a client that does not read
HERE = Address("127.0.0.1", 0)


def broken(_accept: str) -> Page:
    raise RuntimeError("a bug")


PAGES: Mapping[str, Callable[[str], Page]] = {
    "/metrics": lambda accept: Page(200, "text/plain", f"for {accept}".encode()),
    "/large": lambda _accept: Page(200, "text/plain", b"x" * LARGE_LEN),
    "/broken": broken,
}


@pytest.fixture
def server() -> Iterator[HttpServer]:
    with HttpServer(HERE, PAGES) as server:
        yield server


def connected(server: HttpServer) -> socket.socket:
    return socket.create_connection(server.address, timeout=DEADLINE_S)


def said(server: HttpServer, request: bytes) -> bytes:
    """The whole answer to a request, until the server closes the connection."""
    with connected(server) as client:
        client.sendall(request)
        return rest_of(client)


def rest_of(client: socket.socket) -> bytes:
    parts: list[bytes] = []
    try:
        while part := client.recv(65_536):
            parts.append(part)
    except ConnectionResetError:
        pass  # it closed without reading all that was sent
    return b"".join(parts)


def flood(client: socket.socket) -> None:
    while True:
        client.sendall(b"X: y\r\n" * 1_000)


def status_of(server: HttpServer, request: bytes) -> int:
    return int(said(server, request).split()[1])


def test_a_page(server: HttpServer) -> None:
    client = http.client.HTTPConnection(*server.address, timeout=DEADLINE_S)
    client.request("GET", "/metrics?x=1", headers={"Accept": "text/html"})
    answer = client.getresponse()
    assert (answer.status, answer.read()) == (200, b"for text/html")
    assert answer.headers["Content-Type"] == "text/plain"
    assert answer.headers["Connection"] == "close"
    client.close()


def test_head_has_no_body(server: HttpServer) -> None:
    answer = said(server, b"HEAD /metrics HTTP/1.1\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert answer.endswith(b"\r\n\r\n")
    assert b"Content-Length: 4\r\n" in answer


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        (b"GET / HTTP/1.1", 404),
        (b"GET /metrics/ HTTP/1.1", 404),
        (b"GET //metrics HTTP/1.1", 404),
        (b"GET /../metrics HTTP/1.1", 404),
        (b"GET /%6detrics HTTP/1.1", 404),
        (b"GET /../../etc/passwd HTTP/1.1", 404),
        (b"GET http://elsewhere/metrics HTTP/1.1", 404),
        (b"POST /metrics HTTP/1.1", 405),
        (b"CONNECT h:1 HTTP/1.1", 405),
        (b"GET /metrics HTTP/2.0", 400),
        (b"GET /metrics", 400),
        (b"\x16\x03\x01\x00\xff", 400),
        (b"", 400),
        (b"GET /broken HTTP/1.1", 500),
    ],
)
def test_what_is_refused(server: HttpServer, request_line: bytes, status: int) -> None:
    assert status_of(server, request_line + b"\r\n\r\n") == status
    assert status_of(server, b"GET /metrics HTTP/1.0\r\n\r\n") == 200


@pytest.mark.parametrize(("extra", "status"), [(0, 200), (1, 431)])
def test_the_length_of_a_request(server: HttpServer, extra: int, status: int) -> None:
    head, end = b"GET /metrics HTTP/1.1\r\nX: ", b"\r\n\r\n"
    filled = head + b"x" * (REQUEST_LEN_MAX - len(head) - len(end) + extra) + end
    assert status_of(server, filled) == status


def test_endless_headers_are_cut_off(server: HttpServer) -> None:
    with connected(server) as client:
        client.sendall(b"GET /metrics HTTP/1.1\r\n")
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            flood(client)
    assert status_of(server, b"GET /metrics HTTP/1.1\r\n\r\n") == 200


def test_a_client_that_says_nothing_is_timed_out() -> None:
    timeouts = Timeouts(request_s=0.05)
    with HttpServer(HERE, PAGES, timeouts=timeouts) as server, connected(server) as client:
        client.sendall(b"GET /met")
        assert rest_of(client).startswith(b"HTTP/1.1 408 ")


def test_a_client_that_does_not_read_is_cut_off() -> None:
    timeouts = Timeouts(answer_s=0.05)
    with HttpServer(HERE, PAGES, timeouts=timeouts) as server, connected(server) as client:
        client.sendall(b"GET /large HTTP/1.1\r\n\r\n")
        # This one, connected later, is answered meanwhile.
        assert status_of(server, b"GET /metrics HTTP/1.1\r\n\r\n") == 200
        assert until(lambda: not server.connection_count)
        assert len(rest_of(client)) < LARGE_LEN


def test_only_so_many_connections(server: HttpServer) -> None:
    with ExitStack() as stack:
        clients = [stack.enter_context(connected(server)) for _ in range(CONNECTIONS_MAX)]
        for client in clients:
            client.sendall(b"GET /metrics HTTP/1.1\r\n")  # and not the end
        assert status_of(server, b"") == 503
        clients[0].sendall(b"\r\n")
        assert rest_of(clients[0]).startswith(b"HTTP/1.1 200 ")
        # Its place is free again.
        assert status_of(server, b"GET /metrics HTTP/1.1\r\n\r\n") == 200


def test_closing_cuts_connections_off_and_ends_the_thread() -> None:
    server = HttpServer(HERE, PAGES)
    with connected(server) as client:
        client.sendall(b"GET ")
        server.close()
        server.close()
        assert rest_of(client) == b""
    assert not any(thread.name == "sealane-metrics" for thread in threading.enumerate())
    with pytest.raises(ConnectionRefusedError):
        connected(server)


def test_an_address_that_cannot_be_had(server: HttpServer) -> None:
    with pytest.raises(UsageError, match=f"127.0.0.1:{server.address.port}: cannot listen there"):
        HttpServer(server.address, PAGES)
    with pytest.raises(UsageError, match="cannot listen there"):
        HttpServer(Address("no-such-host.invalid", 0), PAGES)
