"""`sealane node` in a process of its own, as operators run it."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from ..command import DEADLINE_S, Ending, command, environment


class NodeProcess:
    """A node that listens. `line`: the line that says where."""

    def __init__(self, *options: str | Path, cwd: Path | None = None) -> None:
        self._process = subprocess.Popen(
            command("node", *options),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=cwd,
            env=environment(),
        )
        assert self._process.stderr is not None
        self.line = self._process.stderr.readline()
        self.address = self.line.split()[2] if self.line.startswith("listening on ") else ""

    @property
    def pid(self) -> int:
        return self._process.pid

    def end(self, number: signal.Signals | None = None) -> Ending:
        """How it ended, after this signal, or by itself."""
        if number is not None:
            self._process.send_signal(number)
        out, err = self._process.communicate(timeout=DEADLINE_S)
        return Ending(self._process.returncode, out, err)

    def kill(self) -> None:
        """As if the power went; nothing happens to one that has ended."""
        self._process.kill()
        self._process.communicate(timeout=DEADLINE_S)


@contextmanager
def node_process(*options: str | Path, cwd: Path | None = None) -> Generator[NodeProcess]:
    """A node that is gone at the end of the block."""
    process = NodeProcess(*options, cwd=cwd)
    try:
        assert process.address, process.line + process.end().err
        yield process
    finally:
        process.kill()
