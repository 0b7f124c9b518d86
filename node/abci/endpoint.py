"""Where a node listens: `tcp://HOST:PORT` or `unix://PATH`.

Guarantees: listens beyond this machine only when told to; a socket file has mode 0600 before
anybody can connect, replaces one that nobody listens on any more, and never another. Does not:
accept connections.
"""

from __future__ import annotations

import fcntl
import ipaddress
import os
import socket
import stat
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ...primitives import UsageError
from ..hosts import is_host, is_port

BACKLOG: Final = 128  # connections that the system accepts ahead of us
UNIX_PATH_LEN_MAX: Final = 107  # of sockaddr_un, without its final zero
_FORMS: Final = "write tcp://127.0.0.1:26658, or unix:///run/sealane.sock"


@dataclass(frozen=True)
class TcpEndpoint:
    """`port`: 0 lets the system choose."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"tcp://{host}:{self.port}"

    @property
    def loopback(self) -> bool:
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    def connect(self, timeout_s: float) -> socket.socket:
        """Raises OSError."""
        return socket.create_connection((self.host, self.port), timeout_s)


@dataclass(frozen=True)
class UnixEndpoint:
    path: str

    def __str__(self) -> str:
        return f"unix://{self.path}"

    @property
    def loopback(self) -> bool:
        return True

    def connect(self, timeout_s: float) -> socket.socket:
        """Raises OSError."""
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.settimeout(timeout_s)
            connection.connect(self.path)
        except OSError:
            connection.close()
            raise
        return connection


Endpoint = TcpEndpoint | UnixEndpoint


def parse_endpoint(text: str) -> Endpoint:
    """The endpoint that a user names. Raises UsageError."""
    scheme, separator, rest = text.partition("://")
    if separator and scheme == "unix":
        if not 0 < len(os.fsencode(rest)) <= UNIX_PATH_LEN_MAX:
            raise UsageError(
                f"{text!r}: the path of a socket has 1 to {UNIX_PATH_LEN_MAX} bytes; {_FORMS}"
            )
        if "\0" in rest:
            raise UsageError(f"{text!r} has a zero byte in its path; {_FORMS}")
        return UnixEndpoint(rest)
    if separator and scheme == "tcp":
        host, colon, port = rest.rpartition(":")
        if colon and host and is_port(port):
            host = host.removeprefix("[").removesuffix("]")
            if is_host(host):
                return TcpEndpoint(host, int(port))
    raise UsageError(f"{text!r} is no address; {_FORMS}")


@contextmanager
def listening(endpoint: Endpoint, *, public: bool = False) -> Generator[tuple[socket.socket, str]]:
    """A socket that listens there, and its address as text; closed, and its file removed, at the
    end. Raises UsageError if the address cannot be used, or is not loopback without `public`."""
    if not (public or endpoint.loopback):
        raise UsageError(
            f"{endpoint} can be reached from other machines, and ABCI has no authentication; "
            "listen on 127.0.0.1 or on a unix socket, or say --public"
        )
    try:
        bound = _bind_unix(endpoint) if isinstance(endpoint, UnixEndpoint) else _bind_tcp(endpoint)
    except OSError as error:
        raise UsageError(f"{endpoint}: cannot listen there: {error.strerror or error}") from error
    with bound:
        if isinstance(endpoint, UnixEndpoint):
            with _removed_at_the_end(endpoint.path):
                yield bound, str(endpoint)
        else:
            yield bound, str(TcpEndpoint(endpoint.host, bound.getsockname()[1]))


def _bind_tcp(endpoint: TcpEndpoint) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(
        endpoint.host, endpoint.port, type=socket.SOCK_STREAM
    )[0]
    bound = socket.socket(family, kind, protocol)
    try:
        # A node that starts again must not wait until its old connections are forgotten.
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen(BACKLOG)
    except OSError:
        bound.close()
        raise
    return bound


def _bind_unix(endpoint: UnixEndpoint) -> socket.socket:
    bound = socket.socket(socket.AF_UNIX)
    try:
        with _alone_in(Path(endpoint.path).parent):
            _remove_stale(endpoint)
            bound.bind(endpoint.path)
            # Nobody can connect before `listen`, so nobody connects before the mode is set.
            os.chmod(endpoint.path, stat.S_IRUSR | stat.S_IWUSR)
            bound.listen(BACKLOG)
    except BaseException:
        bound.close()
        raise
    return bound


@contextmanager
def _alone_in(folder: Path) -> Generator[None]:
    """Two nodes that start at once must not each remove the other's new socket as stale."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _remove_stale(endpoint: UnixEndpoint) -> None:
    try:
        mode = os.lstat(endpoint.path).st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise UsageError(f"{endpoint}: there is a file that is no socket; name another path")
    try:
        endpoint.connect(timeout_s=1).close()
    except ConnectionRefusedError:
        os.unlink(endpoint.path)
    except OSError as error:
        raise UsageError(
            f"{endpoint}: there is a socket that cannot be tried: {error.strerror or error}"
        ) from error
    else:
        raise UsageError(f"{endpoint}: another process listens there; stop it or name another path")


@contextmanager
def _removed_at_the_end(path: str) -> Generator[None]:
    """Remove the file at the end, unless it is another one by then."""
    made = os.lstat(path)
    try:
        yield
    finally:
        with suppress(FileNotFoundError):
            found = os.lstat(path)
            if (found.st_dev, found.st_ino) == (made.st_dev, made.st_ino):
                os.unlink(path)
