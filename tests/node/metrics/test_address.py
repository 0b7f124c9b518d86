"""Addresses as operators write them."""

from __future__ import annotations

import pytest

from sealane.errors import UsageError
from sealane.node.hosts import PORT_MAX, is_host, is_port
from sealane.node.metrics.address import Address, parse_address

LABEL_LEN_MAX = 63  # of RFC 1035


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:9464", ("127.0.0.1", 9464)),
        ("9464", ("127.0.0.1", 9464)),
        (":9464", ("127.0.0.1", 9464)),
        ("[::1]:9464", ("::1", 9464)),
        ("localhost:0", ("localhost", 0)),
        ("http://localhost:65535/", ("localhost", 65_535)),
        ("http://127.0.0.1:9464", ("127.0.0.1", 9464)),
        ("http://127.0.0.1:9464/metrics", ("127.0.0.1", 9464)),
        ("http://[::1]:9464/metrics/", ("::1", 9464)),
    ],
)
def test_addresses(text: str, address: tuple[str, int]) -> None:
    assert parse_address(text) == address


def test_an_address_reads_back() -> None:
    for address in (Address("::1", 9464), Address("localhost", 1)):
        assert parse_address(str(address)) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "localhost",
        "localhost:",
        "h:65536",
        "h:-1",
        "::1:9464",
        "h/x:1",
        "h:1/metrics",
        "http://h:1/metric",
        "http://h:1/metrics/metrics",
        "a b:1",
        "h:٣",
        "h:" + "9" * 5_000,
        "a" * 64 + ":1",
    ],
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(UsageError, match="is no address"):
        parse_address(text)


def test_ports() -> None:
    assert is_port("0")
    assert is_port(f"{PORT_MAX}")
    assert not is_port(f"{PORT_MAX + 1}")
    assert not is_port("9" * 5_000)  # more digits than int() takes


def test_hosts() -> None:
    for host in ("localhost", "127.0.0.1", "::1", "fe80::1%eth0", "example.org.", "bücher.example"):
        assert is_host(host)
    assert is_host("a" * LABEL_LEN_MAX)
    assert not is_host("a" * (LABEL_LEN_MAX + 1))
    assert not is_host("a..b")
