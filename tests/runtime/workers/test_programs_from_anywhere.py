"""Programs can be sent to workers wherever they were defined."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from sealane import Account, Runtime, Transaction, UsageError
from sealane.programs import Errors, Layout, Mut, Program, Signer, require, u8, u64


class Mode(Enum):
    Idle = 0
    Busy = 1


class State(Layout, discriminator=b"STATE", name="Renamed"):
    count: u64 = 7
    mode: Mode
    note: str


class StateError(Errors):
    Thirteen = 3, "thirteen is refused"


here = Program("here", errors=StateError, layouts=[State])


@here.instruction(tag=0)
def add(state: Mut[State], payer: Signer, by: u8) -> None:
    require(by != 13, StateError.Thirteen)
    state.count += by
    state.mode = Mode.Busy
    state.note += "+"


def make_program(step: int) -> Program:
    """Made inside a function, with everything it uses: only its value can travel."""

    class Local(Layout, discriminator=b"LOCAL", size=40):
        count: u64 = 7
        mode: Mode

    class LocalError(Errors):
        Thirteen = 3, "thirteen is refused"

    program = Program("local", errors=LocalError, layouts=[Local])

    @program.instruction(tag=0)
    def add(state: Mut[Local], payer: Signer, by: u8) -> None:
        require(by != 13, LocalError.Thirteen)
        state.count += by * step
        state.mode = Mode.Busy

    del add
    return program


def outcome(program: Program, workers: int) -> tuple[list[str | None], Account, str]:
    (layout,) = program.layouts.values()
    with Runtime(workers=workers) as runtime:
        runtime.set_account("state", owner=program, data=layout())
        calls = [program.add(state="state", payer="p", by=by) for by in (1, 13, 2)]
        result = runtime.execute([Transaction([call]) for call in calls])
        errors = [receipt.error and receipt.error.name for receipt in result.transactions]
        return (errors, runtime.account("state"), result.state_root)


@pytest.mark.parametrize(
    "make", [lambda: here, lambda: make_program(5)], ids=["module", "function"]
)
def test_workers_run_a_program_from_anywhere(make: Callable[[], Program]) -> None:
    program = make()
    expected = outcome(program, 0)
    assert outcome(program, 1) == outcome(program, 2) == expected
    assert expected[0] == [None, "Thirteen", None]


SCRIPT = """
{future}
from enum import Enum
from typing import Annotated
import sealane
from sealane.programs import *
from sealane.programs.library import system

class Mode(Enum):
    Idle = 0
    Busy = 300

class CounterState(Layout, discriminator=b"COUNT", size=64, name="Counter"):
    authority: Pubkey
    count: u64 = 7
    mode: Annotated[Mode, Tag(2)]

class Note(Layout):
    text: str

class CounterError(Errors):
    WrongAuthority = 1, "the signer is not this counter's authority"

counter = Program("counter", errors=CounterError, layouts=[CounterState, Note])
STEP = 3

def helper(value):
    return value * STEP

@counter.instruction(tag=0)
def increment(state: Mut[CounterState], authority: Signer, by: u64) -> None:
    require(state.authority == authority.key, CounterError.WrongAuthority)
    state.count += helper(by)
    state.mode = Mode.Busy

@counter.instruction(tag=1)
def write(note: Mut[Note], text: str) -> None:
    note.text += text

for workers in (0, 2):
    with sealane.Runtime(workers=workers) as runtime:
        runtime.set_account("tally", owner="counter", data=CounterState(authority="alice"))
        runtime.set_account("note", owner="counter", data=Note(text="a"))
        calls = [increment(state="tally", authority=who, by=2) for who in ("alice", "bob")]
        calls.append(write(note="note", text="bc"))
        result = runtime.execute([sealane.Transaction([call]) for call in calls])
        print([r.error and r.error.name for r in result.transactions], result.state_root)
"""


@pytest.mark.slow
@pytest.mark.parametrize("future", ["", "from __future__ import annotations"])
def test_a_script_without_a_main_guard(tmp_path: Path, future: str) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.format(future=future), encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert not ran.stderr
    serial, parallel = ran.stdout.splitlines()
    assert serial == parallel
    assert serial.startswith("[None, 'WrongAuthority', None]")


def write_package(folder: Path, **modules: str) -> None:
    package = folder / "scattered"
    package.mkdir()
    (package / "__init__.py").touch()
    for name, code in modules.items():
        (package / f"{name}.py").write_text(textwrap.dedent(code), encoding="utf-8")


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    for name in [name for name in sys.modules if name.partition(".")[0] == "scattered"]:
        monkeypatch.delitem(sys.modules, name)
    return tmp_path


ONE_HOME = """
    from sealane.programs import Layout, Mut, Program, Signer, u8, u64

    class State(Layout):
        count: u64

    program = Program("scattered", layouts=[State])

    @program.instruction(tag=0)
    def add(state: Mut[State], payer: Signer, by: u8) -> None:
        state.count += by
"""
OTHER_HOME = """
    from sealane.programs import Mut, Signer, u8
    from .main import State, program

    @program.instruction(tag=1)
    def subtract(state: Mut[State], payer: Signer, by: u8) -> None:
        state.count -= by
"""


def add_and_subtract(program: Program, workers: int) -> tuple[list[object], bytes]:
    with Runtime(workers=workers) as runtime:
        runtime.set_account("state", owner=program, data=bytes(8))
        calls = [program.add, program.subtract]
        block = [Transaction([call(state="state", payer="p", by=5)]) for call in calls]
        receipts = runtime.execute(block).transactions
        return [receipt.error for receipt in receipts], runtime.account("state").data


def test_instructions_in_several_modules(package: Path) -> None:
    """The worker needs them all, though the first alone has the program."""
    write_package(package, main=ONE_HOME, other=OTHER_HOME)
    importlib.import_module("scattered.other")
    program = importlib.import_module("scattered.main").program
    expected = add_and_subtract(program, 0)
    assert expected == ([None, None], bytes(8))
    assert add_and_subtract(program, 2) == expected


def test_an_instruction_that_importing_does_not_add(package: Path) -> None:
    """Added to a program of a module by somebody else: importing the module gives another."""
    write_package(package, main=ONE_HOME)
    main = importlib.import_module("scattered.main")
    layout = main.State

    def subtract(state: Any, payer: Signer, by: u8) -> None:
        state.count -= by

    subtract.__annotations__["state"] = Mut[layout]
    main.program.instruction(tag=1)(subtract)
    expected = add_and_subtract(main.program, 0)
    assert expected == ([None, None], bytes(8))
    assert add_and_subtract(main.program, 2) == expected


def test_a_module_that_workers_cannot_import(package: Path) -> None:
    write_package(
        package,
        main=f"import os\nif os.getpid() != {os.getpid()}: raise RuntimeError('not in a worker')\n"
        + textwrap.dedent(ONE_HOME),
    )
    program = importlib.import_module("scattered.main").program
    call = program.add(state="state", payer="p", by=5)
    with Runtime(workers=1) as runtime:
        runtime.set_account("state", owner=program, data=bytes(8))
        with pytest.raises(UsageError, match=r"program 'scattered'.*not in a worker.*workers=0"):
            runtime.execute([Transaction([call])])


def test_a_program_that_cannot_be_pickled() -> None:
    def make() -> Program:
        program = Program("stuck")
        lock = (n for n in range(3))

        @program.instruction(tag=0)
        def act(payer: Signer) -> None:
            next(lock)

        del act
        return program

    program = make()
    with Runtime(workers=1) as runtime:
        with pytest.raises(UsageError, match=r"'stuck' cannot be sent.*workers=0"):
            runtime.execute([Transaction([program.act(payer="p")])])
        # The runtime goes on.
        assert runtime.execute([Transaction([])]).ok
