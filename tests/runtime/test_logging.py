"""The runtime's loggers: one for each room, silent by default."""

from __future__ import annotations

import logging
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import sealane
from sealane import FixedRoute, Pubkey, Route, Runtime, Store, Transaction, TryReason
from sealane.primitives import Account
from sealane.programs import Mut, Program, Signer, UncheckedAccount
from sealane.programs.library import system
from sealane.runtime.memory.segment import sweep_dead_owners
from sealane.runtime.store import store as store_module

PACKAGE = Path(sealane.__file__).parent
Told = Callable[[], list[tuple[str, str, str]]]

mint = Program("mint")


@mint.instruction(tag=0)
def press(coin: Mut[UncheckedAccount], by: Signer) -> None:
    """Leaves a mark in its process, which another transaction could see."""
    del by
    coin.lamports += 0
    os.environ["SEALANE_TEST_MINT"] = "was here"


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Told:
    """What was told since it was asked last, as logger, level and message."""
    caplog.set_level(logging.DEBUG, logger="sealane")

    def take() -> list[tuple[str, str, str]]:
        records = [(r.name, r.levelname, r.getMessage()) for r in caplog.records]
        caplog.clear()
        return records

    return take


def about(records: list[tuple[str, str, str]], logger: str, level: str, pattern: str) -> bool:
    """Whether one of them is this."""
    return any(
        (name, of) == (logger, level) and re.search(pattern, message)
        for name, of, message in records
    )


def pay(lamports: int = 1) -> Transaction:
    return Transaction([system.transfer(source="alice", destination="bob", lamports=lamports)])


def test_a_room_has_one_logger_and_the_scheduler_none() -> None:
    for path in PACKAGE.rglob("*.py"):
        room = path.relative_to(PACKAGE).parts[0]
        if room not in ("runtime", "scheduler", "programs", "ingest", "primitives"):
            continue
        found = re.findall(r"getLogger\((.*?)\)", path.read_text(encoding="utf-8"))
        if path == PACKAGE / "runtime" / "__init__.py":
            continue
        assert set(found) <= {"__package__"}, path
        assert room == "runtime" or not found, path


def test_nothing_is_logged_to_stderr_by_default() -> None:
    """Python's own last resort would print warnings on stderr."""
    script = "import logging, sealane.runtime; logging.getLogger('sealane.runtime').warning('x')"
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert (ran.stdout, ran.stderr) == ("", "")


def test_a_block_tells_its_route_its_lanes_and_its_commit(told: Told) -> None:
    with Runtime(workers=1) as runtime:
        runtime.set_account("alice", lamports=9)
        runtime.execute([pay()])
        records = told()
        assert about(records, "sealane.runtime.engine", "DEBUG", "1 transaction, in-process: prog")
        commit = r"block 1 committed: 1 transaction, 0 failed; in-process, 0 workers; executed in"
        assert about(records, "sealane.runtime", "INFO", commit)
        runtime.route = FixedRoute(Route.LANES)
        runtime.execute([pay(), pay(2)])
        records = told()
    assert about(records, "sealane.runtime.engine", "DEBUG", "planned 2 transactions on 1 lane, ")
    assert about(records, "sealane.runtime.workers", "INFO", r"worker 1 started, process \d+")
    assert about(records, "sealane.runtime", "INFO", "block 2 committed: .* lanes, 1 worker;")


def test_programs_that_change_their_process_are_named(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SEALANE_TEST_MINT", raising=False)
    block = [Transaction([press(coin=f"c{n}", by="alice")]) for n in range(40)]
    with Runtime(workers=1, route=Route.ONE_WORKER) as runtime:
        result = runtime.execute(block)
        assert [each.reason for each in result.tries] == [
            TryReason.FIRST,
            TryReason.IMPURE_PROGRAMS,
        ]
        assert result.tries[1].detail == "mint changed its process"
        assert len(runtime.execute(block).tries) == 1  # it is known by now
    message = "mint changed its process: the block is begun again, with its transactions alone"
    assert about(told(), "sealane.runtime.svm", "WARNING", message)


def test_a_store_tells_what_it_makes_opens_and_merges(told: Told, tmp_path: Path) -> None:
    folder = tmp_path / "state"
    with Runtime(workers=0, store=folder) as runtime:
        runtime.place_accounts({Pubkey.of("alice"): Account(9)})
        runtime.execute([pay()])
        records = told()
        assert about(records, "sealane.runtime.store", "INFO", f"made a store in {folder}")
    with Runtime(workers=0, store=folder) as runtime:
        runtime.place_accounts({Pubkey.of("alice"): Account(9)})
        told()
        runtime.execute([pay()])
        assert about(told(), "sealane.runtime", "INFO", "1 transaction skipped: it is block 1")
    with Store(folder) as store:
        assert about(told(), "sealane.runtime.store", "INFO", "opened .* at block 1: 2 accounts")
        store.compact()
        merged = "merged the log of .* at block 1: 1 runs, before 0; took "
        assert about(told(), "sealane.runtime.store", "INFO", merged)


def test_a_slow_disk_is_told(told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Runtime(workers=0, store=tmp_path / "state") as runtime:
        runtime.execute([pay(0)])
        assert not about(told(), "sealane.runtime.store", "WARNING", "sync")
        monkeypatch.setattr(store_module, "SLOW_SYNC_S", -1.0)
        runtime.execute([pay(0)], again=True)
    assert about(told(), "sealane.runtime.store", "WARNING", r"took \d+\.\d s to sync")


@pytest.fixture
def killed_commit(tmp_path: Path) -> Callable[[bool], Path]:
    """A store whose second commit was killed before it was acknowledged, whole or torn."""

    def make(whole: bool) -> Path:
        folder = tmp_path / "state"
        with Store(folder) as store:
            store.commit({Pubkey.of("a"): Account(1)})
        shutil.copytree(folder, tmp_path / "first")
        with Store(folder) as store:
            store.commit({Pubkey.of("b"): Account(2)})
        (log,) = folder.glob("log-*")
        raw = bytearray(log.read_bytes())
        raw[:4096] = (tmp_path / "first" / log.name).read_bytes()[:4096]
        if not whole:
            raw[len(raw.rstrip(b"\0")) - 1] ^= 1
        log.write_bytes(raw)
        return folder

    return make


def test_a_torn_tail_is_told(told: Told, killed_commit: Callable[[bool], Path]) -> None:
    folder = killed_commit(False)
    told()
    with Store(folder) as store:
        assert store.height == 1
    left_out = r"left out the entry at offset \d+ of .*log-.*, which does not match its checksum"
    assert about(told(), "sealane.runtime.store", "INFO", left_out)


def test_a_whole_entry_that_was_not_acknowledged_is_told(
    told: Told, killed_commit: Callable[[bool], Path]
) -> None:
    folder = killed_commit(True)
    told()
    with Store(folder) as store:
        assert store.height == 2
    records = told()
    assert about(records, "sealane.runtime.store", "INFO", "took over the entry at offset")
    assert not about(records, "sealane.runtime.store", "INFO", "left out")


def test_a_sound_store_leaves_nothing_out(told: Told, tmp_path: Path) -> None:
    """The room that is reserved behind the last entry is no torn one."""
    with Store(tmp_path / "state") as store:
        store.commit({Pubkey.of("a"): Account(1)})
    told()
    with Store(tmp_path / "state"):
        assert [message for _, _, message in told() if "entry" in message] == []


def test_what_killed_processes_left_is_told(told: Told, tmp_path: Path) -> None:
    with Store(tmp_path / "state"):
        pass
    draft = tmp_path / "state" / "accounts-000099"
    draft.write_bytes(b"half")
    with Store(tmp_path / "state"):
        assert not draft.exists()
    assert about(told(), "sealane.runtime.store", "INFO", f"removed {draft}, left by a commit")
    dead = tmp_path / "shm" / f"sealane-{os.getpid()}-1-abcdef00"  # a pid of ours, used again
    dead.mkdir(parents=True)
    sweep_dead_owners(dead.parent)
    assert about(told(), "sealane.runtime.memory", "INFO", f"removed {dead}: the process that")


TALKER = """
import logging, os, pathlib
from sealane.programs import Mut, Program, UncheckedAccount
ears = logging.FileHandler(pathlib.Path(__file__).parent / f"heard-{os.getpid()}.txt")
logging.getLogger("sealane").addHandler(ears)
logging.getLogger("sealane").setLevel(logging.DEBUG)
talker = Program("talker")

@talker.instruction(tag=0)
def swell(account: Mut[UncheckedAccount]) -> None:
    account.resize(9_000)
"""
RUN_TALKER = """
import sealane
from talker import talker, swell
for route in ("one-worker", "lanes"):
    with sealane.Runtime(workers=2, route=route) as runtime:
        for n in range(4):
            runtime.set_account(f"a{n}", lamports=10**9, owner=talker)
        assert runtime.execute([sealane.Transaction([swell(account=f"a{n}")]) for n in range(4)]).ok
"""


def test_a_worker_tells_nothing_itself(tmp_path: Path) -> None:
    """All that is told of workers, the calling process tells: there is one place to listen."""
    (tmp_path / "talker.py").write_text(TALKER, encoding="utf-8")
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    ran = subprocess.Popen(
        [sys.executable, "-c", RUN_TALKER], env=os.environ | {"PYTHONPATH": path}
    )
    assert ran.wait(timeout=120) == 0
    heard = {
        int(file.stem.partition("-")[2]): file.read_text(encoding="utf-8")
        for file in tmp_path.glob("heard-*.txt")
    }
    assert "worker 1 started" in heard.pop(ran.pid)
    assert len(heard) == 4  # each worker imported the program, and so listened
    assert set(heard.values()) == {""}
