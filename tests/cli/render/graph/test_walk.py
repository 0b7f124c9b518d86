"""`graph --step`: one page after another in a pipe, key by key on a terminal."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import termios
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from sealane.cli.render.graph.walk import walk
from sealane.scheduler.picture.part import Choice, choose

from ...command import DEADLINE_S, Ending, command, environment
from .views import ESCAPE, block_of

# pay ─alice─▶ spend ─dave─▶ last, and idle by itself
JOBS: dict[str, tuple[list[str], list[str]]] = {
    "pay": ([], ["alice"]),
    "idle": ([], ["bob"]),
    "spend": (["alice"], ["dave"]),
    "last": ([], ["dave"]),
}


def test_without_keys_all_pages_come_one_after_another(
    capsys: pytest.CaptureFixture[str],
) -> None:
    walk(choose(block_of(JOBS), Choice()), None)
    out = capsys.readouterr().out
    pages = out.split("Wave ")[1:]
    assert [page[0] for page in pages] == ["0", "1", "2"]
    assert "█ 0 done   ▓ 2 running   ▒ 1 ready   ░ 1 waiting" in pages[0]
    runs, ready = pages[0].split("Ready next  wave 1")
    assert re.search(r"\npay +1\nidle +1\n", runs)
    assert re.search(r"\nspend +1\n", ready)
    assert re.search(r"They waited on\n.*\nalice +1 ", ready)
    assert "Ready next" not in pages[2]


def test_a_choice_is_walked_in_the_waves_of_the_block(capsys: pytest.CaptureFixture[str]) -> None:
    walk(choose(block_of(JOBS), Choice(accounts=["dave"])), None)
    out = capsys.readouterr().out
    assert out.startswith("only 2 of 4 transactions, those that lock dave")
    assert re.findall(r"Wave \d", out) == ["Wave 1", "Wave 2"]


class Terminal:
    """The command on a terminal, with keys pressed one by one."""

    def __init__(self, arguments: list[str | Path]) -> None:
        self.shown, self.shell = pty.openpty()
        self.before = termios.tcgetattr(self.shell)
        self.process = subprocess.Popen(
            command(*arguments),
            stdin=self.shell,
            stdout=self.shell,
            stderr=self.shell,
            env=environment(),
            start_new_session=True,
        )
        self.text = ""

    def until(self, wanted: str) -> str:
        """What it shows from now on, up to this text."""
        while wanted not in self.text:
            self.text += os.read(self.shown, 65_536).decode()
        seen, _, self.text = self.text.partition(wanted)
        return ESCAPE.sub("", seen + wanted)

    def press(self, keys: bytes) -> None:
        os.write(self.shown, keys)

    def end(self) -> int:
        return self.process.wait(DEADLINE_S)


@pytest.fixture
def terminal(tmp_path: Path) -> Generator[Callable[[], Terminal]]:
    started: list[Terminal] = []
    path = tmp_path / "queue.yaml"
    path.write_text("sealane: 1\ntransactions: [{writes: [a]}, {writes: [a]}, {writes: [a]}]\n")

    def start() -> Terminal:
        started.append(Terminal(["graph", path, "--step"]))
        return started[-1]

    yield start
    for each in started:
        if each.process.poll() is None:
            each.process.kill()
            each.process.wait()
        os.close(each.shown)
        os.close(each.shell)


HINT = "q: quit"


def test_keys_go_forward_and_back_and_end(terminal: Callable[[], Terminal]) -> None:
    screen = terminal()
    assert "Wave 0 of 0 to 2" in screen.until(HINT)
    screen.press(b"\n")
    assert "Wave 1 of 0 to 2" in screen.until(HINT)
    screen.press(b"x\x1b[D")  # a key that means nothing, and the left arrow
    assert "Wave 0 of 0 to 2" in screen.until(HINT)
    screen.press(b"b")
    assert "Wave 0 of 0 to 2" in screen.until(HINT), "there is nothing before the first"
    screen.press(b" \x1b[C")
    screen.until(HINT)
    assert "Wave 2 of 0 to 2" in screen.until(HINT)
    screen.press(b"\n")
    assert screen.end() == 0
    assert termios.tcgetattr(screen.shell) == screen.before, "echo and line editing are back"


@pytest.mark.parametrize("key", [b"q", b"\x04"])
def test_q_and_ctrl_d_end_it(key: bytes, terminal: Callable[[], Terminal]) -> None:
    screen = terminal()
    screen.until(HINT)
    screen.press(key)
    assert screen.end() == 0
    assert termios.tcgetattr(screen.shell) == screen.before


def test_ctrl_c_interrupts_it(terminal: Callable[[], Terminal]) -> None:
    screen = terminal()
    screen.until(HINT)
    screen.process.send_signal(signal.SIGINT)
    assert screen.end() == 130
    assert "interrupted" in screen.until("interrupted")
    assert termios.tcgetattr(screen.shell) == screen.before


def test_in_a_pipe_nobody_is_asked(sealane: Callable[..., Ending], fixtures: Path) -> None:
    ending = sealane("graph", fixtures / "payments.yaml", "--step")
    assert ending.code == 0
    assert len(re.findall(r"Wave \d of 0 to 1", ending.out)) == 2
    assert HINT not in ending.out
