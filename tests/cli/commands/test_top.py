"""`sealane top`: one look, in a pipe and on a terminal, and how it ends."""

from __future__ import annotations

import os
import pty
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from sealane.node.metrics.address import Address
from sealane.node.metrics.endpoint import serve_metrics
from sealane.node.metrics.prometheus import NodeMetrics
from sealane.primitives.extras import how_to_install

from ...node.metrics.blocks import committed
from ..command import DEADLINE_S, Ending, command, environment, on_a_terminal

Run = Callable[..., Ending]
QUICK = ("--interval", "0.1")


@pytest.fixture
def address() -> Iterator[str]:
    """Where a node serves its metrics."""
    metrics = NodeMetrics("1.2.3")
    metrics.serving(41, bytes(32))
    metrics.committed(committed(42))
    with serve_metrics(Address("127.0.0.1", 0), metrics) as server:
        yield str(server.address)


def test_one_look_in_a_pipe(sealane: Run, address: str) -> None:
    ending = sealane("top", address, *QUICK)
    assert (ending.code, ending.err) == (0, "")
    lines = ending.out.splitlines()
    assert lines[0].startswith(f"sealane 1.2.3  {address}")
    assert "block 42" in ending.out
    assert "╭" not in ending.out
    assert sealane("top", f"http://{address}/metrics", *QUICK, "--once").code == 0  # as printed


def test_json(sealane: Run, address: str) -> None:
    document = sealane("top", address, *QUICK, "--json").document
    assert (document["address"], document["height"]) == (address, 42)
    assert document["throughput"] == {"transactions": 0, "failed": 0, "refused": 0, "blocks": 0}
    assert document["store"] is None
    assert document["retries"] == {"worker-failed": 1}


@pytest.mark.slow
@pytest.mark.parametrize("columns", [40, 100])
def test_one_look_on_a_terminal(address: str, columns: int) -> None:
    ending = on_a_terminal(
        ["top", address, "--once", *QUICK], columns=columns, NO_COLOR="1", TERM="xterm"
    )
    assert ending.code == 0
    assert max(map(len, ending.out.splitlines())) <= columns
    assert ("╭" in ending.out) == (columns == 100)
    assert "\x1b[" not in ending.out


@pytest.mark.slow
def test_a_live_screen_ends_with_ctrl_c(address: str) -> None:
    shown, shell = pty.openpty()
    process = subprocess.Popen(
        command("top", address, *QUICK), stdin=shell, stdout=shell, stderr=shell, env=environment()
    )
    os.close(shell)
    out = b""
    while out.count(b"Throughput") < 3:  # three frames
        out += os.read(shown, 65_536)
    process.send_signal(signal.SIGINT)
    try:
        while chunk := os.read(shown, 65_536):
            out += chunk
    except OSError:  # Linux's way to say that the other end is closed
        pass
    os.close(shown)
    assert process.wait(DEADLINE_S) == 130
    assert b"\x1b[?1049h" in out  # a screen of its own, given back, with the cursor
    assert out.index(b"\x1b[?1049l") > out.index(b"\x1b[?1049h")
    assert out.rindex(b"\x1b[?25h") > out.rindex(b"\x1b[?25l")
    assert b"Traceback" not in out
    assert b"error" not in out[out.index(b"\x1b[?1049l") :]


def test_no_node(sealane: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"127.0.0.1:{listener.getsockname()[1]}"
    ending = sealane("top", address, "--once")
    assert ending.code == 3
    assert f"{address}: Connection refused; see whether the node runs" in ending.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(("nowhere",), "is no address"), (("9464", "--interval", "0"), "between two looks")],
)
def test_bad_usage(sealane: Run, arguments: tuple[str, ...], words: str) -> None:
    ending = sealane("top", *arguments)
    assert ending.code == 2
    assert words in ending.err


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments", [["top", "9464"], ["node", "--abci", "tcp://127.0.0.1:0", "--metrics", "0"]]
)
def test_without_prometheus_client_the_extra_is_named(arguments: list[str]) -> None:
    """As if it were not installed."""
    script = (
        "import sys; sys.modules['prometheus_client'] = None; "
        f"from sealane.cli.app import main; sys.exit(main({arguments}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=DEADLINE_S
    )
    assert done.returncode == 2
    assert how_to_install("node") in done.stderr
