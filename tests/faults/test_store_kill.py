"""Rows 36 and 37 and the state machine: whatever kills the process or the machine, the store opens
to the state before or after the block, and after it if the block was acknowledged."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from sealane.runtime import Store

from .faulty_files import ForgetfulFiles, PowerLoss, WatchedFiles
from .store_scenario import Story, open_store

KILLER = Path(__file__).with_name("store_killer.py")
RUNTIME_KILLER = Path(__file__).with_name("runtime_killer.py")
KILLS = int(os.environ.get("SEALANE_KILLS", "25"))  # 200 on demand
SEED = int(os.environ.get("SEALANE_SEED", "0")) or random.randrange(1, 2**32)


def run_killer(*arguments: object, killer: Path = KILLER) -> str:
    done = subprocess.run(
        [sys.executable, killer, *map(str, arguments)], capture_output=True, text=True
    )
    assert done.returncode == 0, f"SEALANE_SEED={SEED}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("before", "blocks", "steps_min"), [(0, 1, 15), (9, 4, 40)], ids=["made", "merged"]
)
def test_row_37_killed_at_every_step(
    tmp_path: Path, before: int, blocks: int, steps_min: int
) -> None:
    """Making a store and committing to it; blocks in which the log is merged into the runs."""
    said = run_killer("steps", tmp_path, before, blocks)
    assert int(said.split()[1]) >= steps_min


@pytest.mark.slow
def test_row_36_killed_at_random_moments(tmp_path: Path) -> None:
    said = run_killer("loop", tmp_path / "state", KILLS, SEED)
    kills, _, blocks, _ = said.split()
    assert int(kills) == KILLS
    assert int(blocks) > KILLS  # they did run


@pytest.mark.slow
@pytest.mark.parametrize("workers", [0, 2])
def test_row_36_a_runtime_killed_at_random_moments(tmp_path: Path, workers: int) -> None:
    """The same with all that goes before a commit: transactions, workers, shared memory."""
    kills = max(2, KILLS // 10)
    said = run_killer("loop", tmp_path / "state", kills, SEED, workers, killer=RUNTIME_KILLER)
    assert int(said.split()[2]) > kills


@pytest.mark.slow
@pytest.mark.parametrize("blocks_before", [0, 6])
def test_row_37_power_lost_at_every_step(tmp_path: Path, blocks_before: int) -> None:
    """Beyond the row: not the process but the machine goes, and what was not synced is lost in
    part."""
    story = Story(seed=37)
    rnd = random.Random(SEED)
    for step in count(1):
        folder = tmp_path / str(step)
        with open_store(folder) as store:
            story.run(store, blocks_before)
        files = ForgetfulFiles(step, rnd)
        acknowledged = blocks_before
        finished = False
        try:
            with open_store(folder, files) as store:
                for _ in range(5):
                    story.run(store)
                    acknowledged += 1
            finished = True
        except PowerLoss:
            pass
        files.lose()
        with open_store(folder) as store:
            assert acknowledged <= store.height <= acknowledged + 1, f"SEALANE_SEED={SEED} {step}"
            story.check(store)
            story.run(store)
            story.check(store)
        if finished:
            return


class Killed(BaseException):
    """The process is gone: nothing after this runs in it."""


class StoreMachine(RuleBasedStateMachine):
    """Blocks, kills, reopenings, replays and merges in any order, against a dict as the model."""

    ROOT_KIND = "history"

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="sealane-test-"))
        self.files: WatchedFiles | None = None
        self.kill_at = 0
        self.acknowledged = 0

    @initialize(seed=st.integers(0, 1000))
    def begin(self, seed: int) -> None:
        self.story = Story(seed, self.ROOT_KIND)
        self.store = self.opened()

    def opened(self) -> Store:
        self.kill_at = 0
        self.files = WatchedFiles(self.on_step)
        return open_store(self.folder, self.files, self.ROOT_KIND)

    def on_step(self, step: int, call: str) -> None:
        del call
        if self.kill_at and step >= self.kill_at:
            raise Killed

    @rule(blocks=st.integers(1, 4))
    def execute(self, blocks: int) -> None:
        self.story.run(self.store, blocks)
        self.acknowledged = self.store.height

    @rule(steps=st.integers(1, 30))
    def execute_until_killed(self, steps: int) -> None:
        assert self.files is not None
        self.kill_at = self.files.steps + steps
        try:
            while True:
                self.story.run(self.store)
                self.acknowledged = self.store.height
        except Killed:
            self.store.close()
        self.store = self.opened()
        assert self.acknowledged <= self.store.height <= self.acknowledged + 1
        self.acknowledged = self.store.height

    @rule()
    def reopen(self) -> None:
        self.store.close()
        self.store = self.opened()

    @rule()
    def put_in_place_and_forget(self) -> None:
        for key, state in self.story.placed(10**6).items():
            self.store.set(key, state)
        self.store.discard()

    @rule()
    def merge(self) -> None:
        self.store.compact()

    @rule(data=st.data())
    def replay(self, data: st.DataObject) -> None:
        height = data.draw(st.integers(1, self.acknowledged + 3))
        found = self.store.find_block(self.story.summary(height).input_hash)
        assert (found.height if found else None) == (
            height if height <= self.acknowledged else None
        )

    @invariant()
    def holds_what_was_acknowledged(self) -> None:
        if self.files is not None:
            assert self.store.height == self.acknowledged
            self.story.check(self.store)

    def teardown(self) -> None:
        if self.files is not None:
            self.store.close()
        shutil.rmtree(self.folder)


TestStoreMachine = StoreMachine.TestCase
TestStoreMachine.settings = settings(
    max_examples=int(os.environ.get("SEALANE_EXAMPLES", "20")),
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
