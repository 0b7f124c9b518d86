"""Makes the pictures in docs/images by running the commands they show.

python docs/pictures.py [FOLDER_WITH_BLOCKS]
"""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.text import Text

DOCS = Path(__file__).resolve().parent
IMAGES = DOCS / "images"
BLOCKS = DOCS.parent.parent / "shared" / "data" / "solana"
WIDTH = 100

PICTURES = {
    "plan": ["plan", "block_254170887.json"],
    "graph": ["graph", "payments.yaml"],
    "run": ["run", "failure.yaml"],
}


def main() -> None:
    blocks = Path(sys.argv[1]) if len(sys.argv) > 1 else BLOCKS
    IMAGES.mkdir(exist_ok=True)
    for name, (command, file, *options) in PICTURES.items():
        folder = blocks if file.endswith(".json") else DOCS.parent / "fixtures"
        picture = draw(["sealane", command, file, *options], folder)
        (IMAGES / f"{name}.svg").write_text(picture, encoding="utf-8")


def draw(command: list[str], folder: Path) -> str:
    """What the command shows on a terminal, colours and all, as SVG."""
    text = Text.from_ansi(shown_on_terminal(command, folder).rstrip())
    console = Console(width=WIDTH, record=True, file=StringIO(), force_terminal=True)
    console.print(text)
    return console.export_svg(title=f"$ {' '.join(command)}", unique_id=command[1])


def shown_on_terminal(command: list[str], folder: Path) -> str:
    """The command's stdout, written to a terminal: to a pipe it would write plainer text."""
    ours, theirs = pty.openpty()
    size = struct.pack("HHHH", 50, WIDTH, 0, 0)
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, size)
    environment = os.environ | {"TERM": "xterm-256color", "COLUMNS": str(WIDTH)}
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=theirs, stderr=subprocess.PIPE
    ) as process:
        os.close(theirs)
        parts: list[bytes] = []
        while part := read_terminal(ours):
            parts.append(part)
        _, errors = process.communicate()
    os.close(ours)
    shown = b"".join(parts).decode().replace("\r\n", "\n")
    # 1: what the command shows is that something failed.
    if process.returncode not in (0, 1) or not shown.strip():
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}: {errors.decode()}")
    return shown


def read_terminal(descriptor: int) -> bytes:
    """The next bytes; none when the other end is closed, which Linux reports as an error."""
    try:
        return os.read(descriptor, 65536)
    except OSError:
        return b""


if __name__ == "__main__":
    main()
