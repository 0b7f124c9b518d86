"""The command as users run it: in a process of its own, piped or on a terminal."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import termios
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

DEADLINE_S = 60


class Ending(NamedTuple):
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


def environment(**extra: str) -> dict[str, str]:
    """This process's environment without what decides about colours and widths."""
    decided = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "TERM")
    kept = {name: value for name, value in os.environ.items() if name not in decided}
    return kept | {"TERM": "xterm-256color"} | extra


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "sealane", *map(str, arguments)]


def in_process_of_its_own(*arguments: str | Path, cwd: Path | None = None, **extra: str) -> Ending:
    """Run the command as users do, its output piped."""
    done = subprocess.run(
        command(*arguments),
        capture_output=True,
        text=True,
        cwd=cwd,
        env=environment(**extra),
        timeout=DEADLINE_S,
        check=False,
    )
    return Ending(done.returncode, done.stdout, done.stderr)


def on_a_terminal(arguments: Sequence[str | Path], *, columns: int, **extra: str) -> Ending:
    """Run the command on a terminal so many columns wide; `out` is all that it shows."""
    shown, shell = pty.openpty()
    fcntl.ioctl(shell, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    process = subprocess.Popen(
        command(*arguments), stdin=shell, stdout=shell, stderr=shell, env=environment(**extra)
    )
    os.close(shell)
    output = bytearray()
    try:
        while chunk := os.read(shown, 65_536):
            output += chunk
    except OSError:  # Linux's way to say that the other end is closed
        pass
    os.close(shown)
    return Ending(process.wait(DEADLINE_S), output.decode().replace("\r\n", "\n"), "")
