"""The Runtime from the user's side: placed accounts, names, use after close, leftovers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import pytest

from sealane import Account, InputError, Pubkey, Route, Runtime, Transaction, UsageError
from sealane.primitives import RuntimeClosed
from sealane.programs import ACCOUNT_DATA_LEN_MAX, Layout, Program, Signer, u64
from sealane.programs.library.system import system
from sealane.runtime import Done
from sealane.runtime.block.limits import WORKER_MEMORY_BYTES_MAX, Limits
from sealane.runtime.engine.worker_choice import TRANSACTIONS_MAX

from ..faults.aftermath import DEADLINE_S, ended, folders_of
from ..routes import ALL_BUT_SERIAL


class State(Layout):
    count: u64


def test_accounts_are_put_in_place_by_name_and_by_key() -> None:
    program = Program("mine", id="some other key")
    with Runtime(workers=0, programs=[program]) as runtime:
        key = runtime.set_account("alice", lamports=5)
        assert key == Pubkey.of("alice")
        assert runtime.account("alice") == runtime.account(key) == Account(5)
        runtime.set_account("state", owner="mine", data=State(count=2), executable=True)
        assert runtime.account("state") == (0, program.id, State(count=2).encode(), True)
        runtime.set_account("state", owner=program, data=b"x")
        assert runtime.account("state").data == b"x"
        assert runtime.account("nobody") == Account()
        assert runtime.resolve("mine") == program.id
        assert runtime.account("mine").executable
        assert runtime.account("clock").owner != system.id


@pytest.mark.parametrize("lamports", [-1, 2**64, True, 1.0, "1", None])
def test_lamports_out_of_range(lamports: Any) -> None:
    with Runtime(workers=0) as runtime, pytest.raises(UsageError, match="lamports of 'alice'"):
        runtime.set_account("alice", lamports=lamports)


@pytest.mark.parametrize("data", [5, True, None, "text", [1]])
def test_data_of_another_type(data: Any) -> None:
    with Runtime(workers=0) as runtime, pytest.raises(UsageError, match="data of 'alice'"):
        runtime.set_account("alice", data=data)


def test_data_at_and_past_the_limit() -> None:
    with Runtime(workers=0) as runtime:
        runtime.set_account("alice", data=bytes(ACCOUNT_DATA_LEN_MAX))
        with pytest.raises(UsageError, match="data of 'bob'"):
            runtime.set_account("bob", data=bytes(ACCOUNT_DATA_LEN_MAX + 1))


@pytest.mark.parametrize("workers", [-1, 257, True, 1.5, "2"])
def test_an_invalid_number_of_workers(workers: Any) -> None:
    with pytest.raises(UsageError, match="workers="):
        Runtime(workers=workers)


def test_invalid_sysvars_and_builtins() -> None:
    with pytest.raises(UsageError, match=r"sysvars=5: give Sysvars\(…\)"):
        Runtime(workers=0, sysvars=cast("Any", 5))
    with pytest.raises(UsageError, match="builtins='no': say True or False"):
        Runtime(workers=0, builtins=cast("Any", "no"))
    with Runtime(workers=0) as runtime:
        before = runtime.sysvars
        with pytest.raises(UsageError, match="sysvars=5: give"):
            runtime.sysvars = cast("Any", 5)
        assert runtime.sysvars is before


@pytest.mark.parametrize("workers", [0, 1])
def test_after_close(workers: int) -> None:
    runtime = Runtime(workers=workers)
    runtime.set_account("alice", lamports=1)
    assert runtime.execute([Transaction([])]).ok
    runtime.close()
    runtime.close()
    with pytest.raises(RuntimeClosed, match="make a new one"):
        runtime.execute([])
    with pytest.raises(RuntimeClosed):
        runtime.set_account("alice")
    with pytest.raises(RuntimeClosed), runtime:
        pass


@pytest.mark.parametrize("workers", [0, 2])
def test_a_block_that_cannot_be_run_changes_nothing(workers: int) -> None:
    pay = system.transfer(source="alice", destination="bob", lamports=1)
    with Runtime(workers=workers) as runtime:
        runtime.set_account("alice", lamports=5)
        with pytest.raises(InputError, match="twice"):
            runtime.execute([Transaction([pay], id="x"), Transaction([pay], id="x")])
        with pytest.raises(UsageError, match="only its locks"):
            runtime.execute([Transaction([pay]), Transaction(writes=["a"])])
        assert runtime.height == 0
        assert runtime.account("bob") == Account()
        assert runtime.execute([Transaction([pay])]).ok


def test_a_failed_block_leaves_no_heap_in_the_way_of_the_next() -> None:
    create = system.create_account(
        source="alice", account="new", lamports=1, space=1000, owner="someone"
    )

    def heaps() -> list[Path]:
        return [heap for folder in folders_of(os.getpid()) for heap in folder.glob("heap-*")]

    def stop(done: int) -> None:
        if done:
            assert heaps()
            raise LookupError

    with Runtime(workers=1, route=Route.LANES) as runtime:
        runtime.set_account("alice", lamports=5)
        for _ in range(2):
            with pytest.raises(LookupError):
                runtime.execute([Transaction([create])], progress=stop)
            assert not heaps()
        assert runtime.execute([Transaction([create])]).ok
        assert len(runtime.account("new").data) == 1000


def test_two_programs_of_one_name_or_id() -> None:
    with pytest.raises(UsageError, match="'twin'"):
        Runtime(programs=[Program("twin"), Program("twin", id="other")])
    with pytest.raises(UsageError, match="claim"):
        Runtime(programs=[Program("twin"), Program("twin2", id="twin")])
    with pytest.raises(UsageError, match="system"):
        Runtime(programs=[Program("system")])
    Runtime(programs=[Program("system")], builtins=False).close()


def test_a_program_is_learned_from_the_instruction_it_built() -> None:
    program = Program("learned")

    @program.instruction(tag=0)
    def act(who: Signer) -> None: ...

    with Runtime(workers=0) as runtime:
        assert runtime.execute([Transaction([act(who="a")])]).ok
        assert runtime.programs.named("learned") is program
        again = Program("learned")
        call = again.instruction(tag=0)(act.handler)
        with pytest.raises(UsageError, match="'learned'"):
            runtime.execute([Transaction([call(who="a")])])
        assert runtime.height == 1


@pytest.mark.parametrize("route", [None, *ALL_BUT_SERIAL])
def test_progress_ends_with_the_whole_block(route: Route | None) -> None:
    calls = [
        Transaction([system.transfer(source=f"a{n % 50}", destination="b", lamports=0)])
        for n in range(300)
    ]
    told: list[int] = []
    with Runtime(workers=2 if route else 0, route=route) as runtime:
        runtime.execute(calls, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == len(calls)


def test_progress_in_lanes_tells_of_each() -> None:
    calls = [
        Transaction([system.transfer(source=f"a{n}", destination=f"b{n}", lamports=0)])
        for n in range(300)
    ]
    told: list[int] = []
    with Runtime(workers=2, route=Route.LANES) as runtime:
        runtime.execute(calls, progress=told.append)
    last = told[-1]
    assert isinstance(last, Done)
    assert [lane.done for lane in last.lanes] == [lane.total for lane in last.lanes]
    assert len(last.lanes) == 2
    assert sum(lane.total for lane in last.lanes) == last == 300
    assert not any(lane.busy for lane in last.lanes)


@pytest.mark.parametrize("route", [None, *ALL_BUT_SERIAL])
def test_an_exception_from_progress_leaves_the_runtime_usable(route: Route | None) -> None:
    pay = Transaction([system.transfer(source="alice", destination="bob", lamports=1)])

    def stop(done: int) -> None:
        raise LookupError("enough")

    with Runtime(workers=2 if route else 0, route=route) as runtime:
        runtime.set_account("alice", lamports=5)
        with pytest.raises(LookupError, match="enough"):
            runtime.execute([pay], progress=stop)
        assert runtime.account("bob") == Account()
        assert runtime.height == 0
        assert runtime.execute([pay]).ok


LEAVING = """
import json, os, sys, sealane
from sealane.programs import Mut, Program, UncheckedAccount
from sealane.runtime.process.process_table import all_processes, descendants

mine = Program("mine")

@mine.instruction(tag=0)
def act(account: Mut[UncheckedAccount]) -> None: ...

block = [sealane.Transaction([act(account=f"a{n}")]) for n in range(int(sys.argv[1]))]

def below():
    return sorted(descendants([os.getpid()], all_processes()))

with sealane.Runtime(workers=2) as runtime:
    runtime.execute(block)
    busy = below()
idle = below()
runtime = sealane.Runtime(workers=2)
runtime.execute(block)
print(json.dumps([busy, idle, below(), os.getpid()]))
"""


@pytest.mark.slow
def test_a_process_that_did_not_close_leaves_nothing_behind() -> None:
    """Its block is one for workers: of a program of its own, and too large for one of them."""
    ran = subprocess.run(
        [sys.executable, "-c", LEAVING, str(TRANSACTIONS_MAX + 1)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert not ran.stderr
    busy, idle, left_busy, process = json.loads(ran.stdout)
    assert len(idle) <= 2  # the fork server and the tracker that belongs to it
    assert len(busy) == len(left_busy) == len(idle) + 2
    assert ended({*busy, *left_busy}, DEADLINE_S)
    assert folders_of(process) == []


ONE = system.transfer(source="alice", destination="bob", lamports=1)
NO_BLOCKS: dict[str, tuple[Any, str]] = {
    "one transaction": (Transaction([ONE]), "like .Transaction.*, not Transaction"),
    "one instruction": (ONE, "not Instruction"),
    "instructions": ([ONE], r"number 0 is Instruction; write Transaction\(\[…\]\)"),
    "later on": ([Transaction([ONE])] * 300 + [None], "number 300 is NoneType"),
    "nothing": (None, "not NoneType"),
    "text": ("abc", "not str"),
    "a list of nothing": ([None], "number 0 is NoneType"),
    "a name": (["pay"], "number 0 is str"),
}


@pytest.mark.parametrize("block", NO_BLOCKS)
def test_an_invalid_block_is_refused_with_a_reason(block: str) -> None:
    given, message = NO_BLOCKS[block]
    with Runtime(workers=0) as runtime:
        root = runtime.state_root
        for take in (runtime.execute, runtime.prepare):
            with pytest.raises(UsageError, match=message):
                take(given)
        assert (runtime.state_root, runtime.height) == (root, 0)


NO_ACCOUNTS: dict[str, tuple[dict[str, Any], str]] = {
    "no key": ({"key": None}, "this NoneType names no account: .*not NoneType"),
    "a short key": ({"key": b"x"}, "a key has 32 bytes, this has 1"),
    "executable a number": ({"executable": 5}, "executable of 'x': 5 is neither True nor False"),
    "executable a text": ({"executable": "no"}, "'no' is neither True nor False"),
    "owner a number": ({"owner": 5}, "this int names no account"),
    "the layout itself": ({"data": State}, r"not the layout itself: State\(…\)"),
}


@pytest.mark.parametrize("values", NO_ACCOUNTS)
def test_an_invalid_account_is_refused_with_a_reason(values: str) -> None:
    given, message = NO_ACCOUNTS[values]
    with Runtime(workers=0) as runtime, pytest.raises(UsageError, match=message):
        runtime.set_account(**cast("dict[str, Any]", {"key": "x", **given}))


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        ({"transaction_timeout_s": "1"}, "transaction_timeout_s='1': give seconds"),
        ({"transaction_timeout_s": True}, "give seconds"),
        ({"transaction_timeout_s": None}, "give seconds"),
        ({"worker_memory_bytes": 1e10}, "worker_memory_bytes=10000000000.0: give whole bytes"),
        ({"worker_memory_bytes": "1"}, "give whole bytes"),
        ({"worker_memory_bytes": WORKER_MEMORY_BYTES_MAX + 1}, "no machine has more"),
    ],
)
def test_invalid_limits(limits: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        Limits(**limits)
    assert Limits(worker_memory_bytes=WORKER_MEMORY_BYTES_MAX, transaction_timeout_s=1)


def test_what_execute_returns_shows_itself_in_a_line() -> None:
    pay = system.transfer(source="alice", destination="bob", lamports=3)
    with Runtime(workers=0) as runtime:
        runtime.set_account("alice", lamports=5)
        result = runtime.execute([Transaction([pay]), Transaction([pay])])
        assert repr(runtime) == "<Runtime at height 1, workers=0>"
    assert repr(runtime) == "<Runtime at height 1, workers=0, closed>"
    assert repr(result) == (
        f"<Result of block 1: 2 transactions, 1 failed, 2 waves, root {result.state_root[:12]}…>"
    )
    assert repr(result.transactions) == "<Receipts of 2 transactions, 1 failed>"
    assert repr(result.accounts) == "<BlockChanges of 2 accounts>"


def test_a_skipped_result_says_so(tmp_path: Path) -> None:
    pay = system.transfer(source="alice", destination="bob", lamports=3)
    with Runtime(workers=0, store=tmp_path / "state") as runtime:
        runtime.execute([Transaction([pay])])
        again = runtime.execute([Transaction([pay])])
    assert repr(again) == "<Result: skipped, the store ran it as block 1>"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"programs": system}, r"programs= takes a list: programs=\[system\]"),
        ({"programs": ["system"]}, "'system' is no Program"),
        ({"limits": 5}, r"limits=5: give Limits\("),
        ({"store": 5}, "store=5: name a folder"),
    ],
)
def test_options_of_another_type(options: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        Runtime(workers=0, **options)
