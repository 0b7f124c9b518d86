"""A process that kills its children in the middle of commits, and checks what they leave.

    python store_killer.py steps FOLDER BEFORE BLOCKS [KIND]  row 37: at every step of these blocks
    python store_killer.py loop FOLDER ROUNDS SEED [KIND]     row 36: at random moments of a run

KIND is that of the store's root.

It forks, so that a child costs milliseconds; pytest itself must not, as it has threads.
"""

from __future__ import annotations

import os
import random
import select
import signal
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic

sys.path.insert(0, str(Path(__file__).parent.parent))

from faults.faulty_files import WatchedFiles
from faults.store_scenario import Story, open_store

HEIGHT = struct.Struct("<Q")
ROUND_MAX_S = 0.2
BLOCKS_MAX = 100_000


def fork(child: Callable[[], None]) -> int:
    pid = os.fork()
    if pid == 0:
        try:
            child()
        except BaseException as error:
            print(f"a child failed: {error!r}", file=sys.stderr, flush=True)
            os._exit(1)
        os._exit(0)
    return pid


def kill_at_every_step(folder: Path, before: int, blocks: int, kind: str) -> None:
    """Rule G for n = 1, 2, …: before or after, and after if the block was acknowledged.

    With no blocks before, making the store counts as well.
    """
    story = Story(37, kind)
    for step in range(1, 1000):
        place = folder / str(step)
        if before:
            with open_store(place, root_kind=kind) as store:
                story.run(store, before)
        if not killed_at(step, place, story, before, blocks):
            print(f"survived {step - 1} steps")
            return
    raise AssertionError("the commit never got through")


def killed_at(step: int, place: Path, story: Story, before: int, blocks: int) -> bool:
    """Kill a process at this step of committing blocks; whether it got so far."""

    def on_step(number: int, call: str) -> None:
        del call
        if number == step:
            os.kill(os.getpid(), signal.SIGKILL)

    reading, writing = os.pipe()

    def child() -> None:
        store = open_store(place, WatchedFiles(on_step), story.root_kind)
        for _ in range(blocks):
            story.run(store)
            os.write(writing, b".")
        store.close()

    status = os.waitpid(fork(child), 0)[1]
    os.close(writing)
    acknowledged = before + len(os.read(reading, blocks))
    os.close(reading)
    with open_store(place) as store:
        assert acknowledged <= store.height <= acknowledged + 1, (step, store.height)
        story.check(store)
        named = {run.file for run in store.manifest.runs}
        assert {path.name for path in place.glob("accounts-*")} == named, step
        story.run(store, 2)
        story.check(store)
    with open_store(place) as store:
        story.check(store)
    assert status in (0, signal.SIGKILL), (step, status)
    return status == signal.SIGKILL


def kill_at_random(folder: Path, rounds: int, seed: int, kind: str) -> None:
    """One store, blocks without end, killed again and again: no acknowledged block is lost."""
    rnd = random.Random(seed)
    story = Story(seed, kind)
    acknowledged = 0
    for number in range(rounds):
        acknowledged = max(acknowledged, run_and_kill(folder, story, rnd.random() * ROUND_MAX_S))
        with open_store(folder, root_kind=kind) as store:
            assert acknowledged <= store.height <= acknowledged + 1, (number, seed, acknowledged)
            story.check(store)
            acknowledged = store.height
    print(f"{rounds} kills, {acknowledged} blocks")


def run_and_kill(folder: Path, story: Story, seconds: float) -> int:
    """Commit blocks in a child for so long, then kill it; the last height it acknowledged."""
    reading, writing = os.pipe()

    def child() -> None:
        store = open_store(folder, root_kind=story.root_kind)
        while store.height < BLOCKS_MAX:
            story.run(store)
            os.write(writing, HEIGHT.pack(store.height))

    pid = fork(child)
    os.close(writing)
    deadline = monotonic() + seconds
    received = b""
    while (left := deadline - monotonic()) > 0:
        if select.select([reading], [], [], left)[0]:
            received += os.read(reading, 8)
    os.kill(pid, signal.SIGKILL)
    assert os.waitpid(pid, 0)[1] == signal.SIGKILL
    while part := os.read(reading, 65_536):
        received += part
    os.close(reading)
    return HEIGHT.unpack(received[-8:])[0] if received else 0


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["steps", folder, before, blocks, *kind]:
            kill_at_every_step(Path(folder), int(before), int(blocks), *kind or ["history"])
        case ["loop", folder, rounds, seed, *kind]:
            kill_at_random(Path(folder), int(rounds), int(seed), *kind or ["history"])
        case _:
            sys.exit(__doc__)
