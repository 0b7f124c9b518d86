"""The log as JSON: an object a line, with fields, and nothing that a terminal would act on."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import datetime

import pytest

from sealane.cli.output import log_lines
from sealane.cli.output.exit_codes import complain, warn
from sealane.cli.output.stderr import say

LOG = logging.getLogger("sealane.node.metrics")


@pytest.fixture(autouse=True)
def shown() -> Iterator[None]:
    log_lines.begin(everything=False, as_json=True)
    yield
    log_lines.end()


def test_a_record_with_fields(capsys: pytest.CaptureFixture[str]) -> None:
    LOG.info("block %d", 7, extra={"height": 7, "seconds": 0.5, "level": "ignored"})
    LOG.debug("not shown")
    (line,) = capsys.readouterr().err.splitlines()
    record = json.loads(line)
    assert list(record) == ["time", "level", "logger", "message", "height", "seconds"]
    assert datetime.fromisoformat(record.pop("time")).tzinfo is not None
    assert record == {
        "level": "info",
        "logger": "node.metrics",
        "message": "block 7",
        "height": 7,
        "seconds": 0.5,
    }


def test_what_cannot_be_json_is_text_and_nothing_reaches_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    LOG.warning("\x1b[2J\n‮", extra={"path": b"\xff", "odd": object})
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert err.isascii()
    assert "\x1b" not in err
    assert json.loads(err)["message"] == "\x1b[2J\n‮"
    assert json.loads(err)["path"] == "b'\\xff'"


def test_an_exception_has_its_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        raise ValueError("bad")
    except ValueError:
        LOG.exception("failed")
    record = json.loads(capsys.readouterr().err)
    assert record["level"] == "error"
    assert record["exception"].endswith("ValueError: bad")


def test_what_the_command_says_is_an_object_as_well(capsys: pytest.CaptureFixture[str]) -> None:
    say("listening")
    warn("odd")
    complain("broken")
    records = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(r["level"], r["logger"], r["message"]) for r in records] == [
        ("info", "cli", "listening"),
        ("warning", "cli", "odd"),
        ("error", "cli", "broken"),
    ]


def test_afterwards_lines_are_text_again(capsys: pytest.CaptureFixture[str]) -> None:
    log_lines.end()
    warn("odd")
    LOG.warning("silent")
    assert capsys.readouterr().err == "warning: odd\n"
