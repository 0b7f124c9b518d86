"""Addresses as operators write them."""

from __future__ import annotations

import pytest

from sealane.errors import UsageError
from sealane.node.metrics.address import Address, parse_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:9464", ("127.0.0.1", 9464)),
        ("9464", ("127.0.0.1", 9464)),
        (":9464", ("127.0.0.1", 9464)),
        ("[::1]:9464", ("::1", 9464)),
        ("localhost:0", ("localhost", 0)),
        ("http://localhost:65535/", ("localhost", 65_535)),
    ],
)
def test_addresses(text: str, address: tuple[str, int]) -> None:
    assert parse_address(text) == address


def test_an_address_reads_back() -> None:
    for address in (Address("::1", 9464), Address("localhost", 1)):
        assert parse_address(str(address)) == address


@pytest.mark.parametrize(
    "text", ["", "localhost", "localhost:", "h:65536", "h:-1", "::1:9464", "h/x:1", "a b:1", "h:٣"]
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(UsageError, match="is no address"):
        parse_address(text)
