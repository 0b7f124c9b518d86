"""Where a node may listen, and what happens to the files of its sockets."""

from __future__ import annotations

import os
import socket
import stat
from pathlib import Path

import pytest

from sealane.node.abci.endpoint import (
    UNIX_PATH_LEN_MAX,
    TcpEndpoint,
    UnixEndpoint,
    listening,
    parse_endpoint,
)
from sealane.primitives import UsageError


@pytest.mark.parametrize(
    ("text", "endpoint"),
    [
        ("tcp://127.0.0.1:26658", TcpEndpoint("127.0.0.1", 26_658)),
        ("tcp://localhost:0", TcpEndpoint("localhost", 0)),
        ("tcp://[::1]:65535", TcpEndpoint("::1", 65_535)),
        ("unix:///run/sealane.sock", UnixEndpoint("/run/sealane.sock")),
        ("unix://node.sock", UnixEndpoint("node.sock")),
    ],
)
def test_an_address_is_read_and_written(text: str, endpoint: object) -> None:
    assert parse_endpoint(text) == endpoint
    assert str(endpoint) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "26658",
        "127.0.0.1:26658",
        "tcp://",
        "tcp://:1",
        "tcp://localhost",
        "tcp://localhost:",
        "tcp://localhost:-1",
        "tcp://localhost:65536",
        "tcp://localhost:１",
        "tcp://localhost:" + "9" * 5_000,  # more than int() takes
        "tcp://" + "a" * 64 + ":1",
        "tcp://.:1",
        "unix://",
        "unix://a\0b",
        "http://localhost:1",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"no address|the path of a socket|zero byte"):
        parse_endpoint(text)


def test_the_longest_path_and_one_past_it() -> None:
    assert parse_endpoint("unix://" + "a" * UNIX_PATH_LEN_MAX)
    with pytest.raises(UsageError, match="1 to 107 bytes"):
        parse_endpoint("unix://" + "a" * (UNIX_PATH_LEN_MAX + 1))


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "example.org"])
def test_other_machines_are_served_only_when_asked_for(host: str) -> None:
    with pytest.raises(UsageError, match="--public"), listening(TcpEndpoint(host, 0)):
        pass


def test_all_interfaces_when_asked_for() -> None:
    with listening(TcpEndpoint("0.0.0.0", 0), public=True) as (bound, address):
        assert address == f"tcp://0.0.0.0:{bound.getsockname()[1]}"


def test_a_port_that_is_taken() -> None:
    with listening(TcpEndpoint("127.0.0.1", 0)) as (_, address):
        again = parse_endpoint(address)
        with pytest.raises(UsageError, match="cannot listen there"), listening(again):
            pass


def test_a_socket_file_is_ours_alone_and_goes_with_us(tmp_path: Path) -> None:
    path = tmp_path / "node.sock"
    with listening(UnixEndpoint(str(path))) as (_, address):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        parse_endpoint(address).connect(1).close()
    assert not path.exists()


def test_a_socket_that_nobody_listens_on_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "node.sock"
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(path))
    with listening(UnixEndpoint(str(path))):
        UnixEndpoint(str(path)).connect(1).close()


def test_a_socket_in_use_is_not_replaced(tmp_path: Path) -> None:
    endpoint = UnixEndpoint(str(tmp_path / "node.sock"))
    with listening(endpoint):
        with pytest.raises(UsageError, match="another process listens"), listening(endpoint):
            pass
        endpoint.connect(1).close()


@pytest.mark.parametrize("kind", ["file", "folder", "link"])
def test_what_is_no_socket_is_not_replaced(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "node.sock"
    {
        "file": lambda: path.write_text("precious"),
        "folder": path.mkdir,
        "link": lambda: path.symlink_to(tmp_path / "elsewhere"),
    }[kind]()
    with pytest.raises(UsageError, match="no socket"), listening(UnixEndpoint(str(path))):
        pass
    assert os.path.lexists(path)


def test_a_folder_that_is_missing(tmp_path: Path) -> None:
    endpoint = UnixEndpoint(str(tmp_path / "missing" / "node.sock"))
    with pytest.raises(UsageError, match="No such file"), listening(endpoint):
        pass


def test_the_file_of_another_is_left_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "node.sock"
    with listening(UnixEndpoint(str(path))):
        path.unlink()
        path.write_text("another's")
    assert path.read_text() == "another's"
