"""Where a node serves its metrics: `HOST:PORT`, on loopback where no host is named."""

from __future__ import annotations

from typing import Final, NamedTuple

from ...primitives import UsageError
from ..hosts import is_host, is_port

LOOPBACK: Final = "127.0.0.1"
METRICS_PATH: Final = "/metrics"
_EXAMPLE: Final = "write HOST:PORT or PORT, such as 127.0.0.1:9464"


class Address(NamedTuple):
    """A host and a TCP port; 0 lets the system choose one."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def parse_address(text: str) -> Address:
    """`127.0.0.1:9464`, `[::1]:9464`, a port alone, or the URL that a node prints.

    Raises UsageError for anything else.
    """
    given = text.removeprefix("http://")
    if given != text:
        given = given.removesuffix("/").removesuffix("/metrics")
    host, _, port = given.rpartition(":")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    elif ":" in host:
        raise UsageError(f"{text!r} is no address: put an IPv6 host in brackets, [::1]:9464")
    if not is_port(port) or not is_host(host):
        raise UsageError(f"{text!r} is no address: {_EXAMPLE}")
    if any(not character.isprintable() or character in " /?#@" for character in host):
        raise UsageError(f"{text!r} is no address: {_EXAMPLE}")
    return Address(host or LOOPBACK, int(port))
