"""Makes the pictures in docs/images by running the commands they show: python docs/pictures.py"""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import termios
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.text import Text

DOCS = Path(__file__).resolve().parent
IMAGES = DOCS / "images"
ROOT = DOCS.parent  # where the commands are run, as in the README
WIDTH = 100

MAINNET = "fixtures/blocks/mainnet_254170887.json.gz"
WRAPPED_SOL = "So11111111111111111111111111111111111111112"
PICTURES = {
    "plan": ["plan", MAINNET],
    "lanes": ["plan", MAINNET, "-q", "-w", "1,2,4,8,16"],
    "lint": ["lint", MAINNET],
    "graph": ["graph", MAINNET, "--around", "5Vvd", "--levels", "1", "--view", "graph"],
    "graph_waves": ["graph", MAINNET, "--view", "waves"],
    "graph_lanes": ["graph", MAINNET, "--view", "lanes"],
    "graph_matrix": ["graph", MAINNET, "--view", "matrix"],
    "graph_groups": ["graph", MAINNET, "--view", "groups"],
    "graph_path": ["graph", MAINNET, "--view", "path"],
    "graph_step": ["graph", "fixtures/read_sharing.yaml", "--step"],
    "explain": ["explain", MAINNET, "--account", WRAPPED_SOL],
    "simulate": ["simulate", MAINNET],
    "advice": ["simulate", MAINNET, "-q", "--advise", "--policy", "lanes"],
    "survey": ["survey", "fixtures/blocks", "-w", "0"],
    "run": ["run", "fixtures/failure.yaml"],
}
# Commands that write a picture themselves.
FILES = {
    "graph_file": ["graph", MAINNET, "--around", "5Vvd", "--format", "svg"],
    "graph_bars": ["graph", MAINNET, "--format", "svg"],
}
# A node under load: looked at, but not compared in tests, as every figure differs.
NODE = "top"
NODE_ADDRESS = "tcp://127.0.0.1:26658"
METRICS_ADDRESS = "127.0.0.1:9464"
# A page, in a browser: looked at, but not compared in tests, as fonts differ between machines.
REPORT = "report.png"


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    for name, arguments in PICTURES.items():
        (IMAGES / f"{name}.svg").write_text(draw(["sealane", *arguments]), encoding="utf-8")
    for name, arguments in FILES.items():
        (IMAGES / f"{name}.svg").write_text(written(["sealane", *arguments]), encoding="utf-8")

    (IMAGES / f"{NODE}.svg").write_text(draw_node(), encoding="utf-8")
    photograph_report(IMAGES / REPORT)


def draw_node() -> str:
    """What `sealane top` shows of a node that is driven by `sealane stress`."""
    serve = ["node", "--abci", NODE_ADDRESS, "--metrics", METRICS_ADDRESS]
    load = [
        "stress",
        NODE_ADDRESS,
        "--seconds",
        "10",
        "--rate",
        "300",
        "--block-transactions",
        "75",
    ]
    with TemporaryDirectory() as folder:
        node = subprocess.Popen(
            ["sealane", *serve, "--store", f"{folder}/state"], stderr=subprocess.PIPE, text=True
        )
        try:
            assert node.stderr is not None
            while not node.stderr.readline().startswith("metrics on"):
                continue
            engine = subprocess.Popen(["sealane", *load, "--quiet"])
            picture = draw(["sealane", "top", METRICS_ADDRESS, "--once", "--interval", "6"])
            engine.wait()
        finally:
            node.terminate()
            node.communicate()
    return picture


def written(command: list[str]) -> str:
    """What the command writes to a pipe."""
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def photograph_report(picture: Path) -> None:
    """What `sealane report` shows in Chromium, down to the lanes, with one transaction picked."""
    from playwright.sync_api import sync_playwright

    with TemporaryDirectory() as folder, sync_playwright() as driver:
        page_file = Path(folder) / "report.html"
        subprocess.run(["sealane", "report", MAINNET, "-o", page_file], cwd=ROOT, check=True)
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium")
        page = browser.new_page(viewport={"width": 1100, "height": 820})
        page.goto(page_file.as_uri())
        page.wait_for_selector("body[data-ready=yes]")
        page.locator("#search").fill("4xeh")
        page.keyboard.press("Enter")
        page.keyboard.press("0")
        page.screenshot(path=picture)
        browser.close()


def draw(command: list[str]) -> str:
    """What the command shows on a terminal, colours and all, as SVG."""
    text = Text.from_ansi(shown_on_terminal(command).rstrip())
    console = Console(width=WIDTH, record=True, file=StringIO(), force_terminal=True)
    console.print(text)
    return console.export_svg(title=f"$ {' '.join(command)}", unique_id=command[1])


def shown_on_terminal(command: list[str]) -> str:
    """The command's stdout, written to a terminal: to a pipe it would write plainer text."""
    ours, theirs = pty.openpty()
    size = struct.pack("HHHH", 50, WIDTH, 0, 0)
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, size)
    environment = os.environ | {"TERM": "xterm-256color", "COLUMNS": str(WIDTH)}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=theirs, stderr=subprocess.PIPE
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
