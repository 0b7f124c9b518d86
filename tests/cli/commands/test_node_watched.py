"""`sealane node --metrics` and `--log-format json`: what operators see of a node that is driven."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sealane.node.metrics.address import Address, parse_address
from sealane.node.metrics.reading import read_figures

from ...node.metrics.test_endpoint import get
from ..command import DEADLINE_S, Ending, command, environment

Run = Callable[..., Ending]
LISTEN = ("--abci", "tcp://127.0.0.1:0", "--metrics", "0", "--workers", "0")


@contextmanager
def watched_node(
    *options: str | Path,
) -> Generator[tuple[str, Address, subprocess.Popen[str]]]:
    """A node that serves metrics: where it listens, and where it serves them."""
    with subprocess.Popen(
        command("node", *LISTEN, *options), stderr=subprocess.PIPE, text=True, env=environment()
    ) as process:
        try:
            assert process.stderr is not None
            places: list[str] = []
            while len(places) < 2:
                line = process.stderr.readline()
                assert line, "it ended"
                said = json.loads(line)["message"] if line.startswith("{") else line
                if said.startswith(("listening on ", "metrics on ")):
                    places.append(said.split()[2])
            metrics = places[1].removesuffix("/metrics")
            yield places[0], parse_address(metrics), process
        finally:
            process.kill()


@pytest.mark.slow
def test_metrics_and_health_of_a_node_under_load(sealane: Run, tmp_path: Path) -> None:
    with watched_node("--store", tmp_path / "state") as (address, metrics, _):
        load = ("--seconds", "0.5", "--block-transactions", "10", "--wallets", "4", "--json")
        done = sealane("stress", address, *load).document
        figures = read_figures(metrics)
        status, _, body = get(metrics, "/healthz")
    assert done["ok"]
    assert figures.value("block_height") == done["height"]
    assert figures.value("transactions_total", status="ok") == done["committed"] > 0
    assert figures.value("checks_total", result="ok") == done["checked"]
    assert figures.value("stage_seconds_count", stage="commit") == done["blocks"]
    assert figures.value("stage_seconds_sum", stage="signatures") > 0
    assert figures.value("proposals_total", result="accepted") == done["blocks"]
    assert figures.value("prepare_chosen_total") == done["committed"]
    assert figures.value("store_log_size_bytes") > 0
    assert status == 200
    health = json.loads(body)
    assert (health["height"], health["root"]) == (done["height"], done["root"])


@pytest.mark.slow
def test_every_line_is_an_object(sealane: Run) -> None:
    with watched_node("--log-format", "json") as (address, _, process):
        load = ("--seconds", "0.3", "--block-transactions", "5", "--wallets", "4")
        assert sealane("stress", address, *load).code == 0
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=DEADLINE_S)
    assert process.returncode == 143
    records = [json.loads(line) for line in err.splitlines()]
    assert all({"time", "level", "logger", "message"} <= set(record) for record in records)
    block = next(record for record in records if record.get("height") == 1)
    assert (block["level"], block["logger"], block["failed"]) == ("info", "runtime", 0)
    assert block["transactions"] > 0
    assert block["seconds"] > 0
    assert (records[-1]["level"], records[-1]["logger"]) == ("error", "cli")
    assert records[-1]["message"].startswith("terminated")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--metrics", "nowhere"), "is no address"),
        (("--metrics", "no-such-host.invalid:1"), "cannot listen there"),
        (("--log-format", "xml"), "--log-format"),
    ],
)
def test_bad_usage(sealane: Run, options: tuple[str, ...], words: str) -> None:
    ending = sealane("node", "--abci", "tcp://127.0.0.1:0", "--workers", "0", *options)
    assert ending.code == 2
    assert words in ending.err
