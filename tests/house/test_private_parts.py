"""Every reach into the private parts of a library: behind one module each, and still there.

A library may change what it does not document. Then one of these fails, and names the one module
of ours to be adapted.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from functools import reduce
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import dill  # pyright: ignore[reportMissingTypeStubs]
import multiprocess.connection  # pyright: ignore[reportMissingTypeStubs]
import pytest
import typer

from sealane.cli.output.typer_errors import USAGE_ERROR, usage_message
from sealane.programs.kit.encoding.declaring_frame import declaring_frame
from sealane.runtime.process.cpython import handler_of, interpreter_flags, raw_environment

from .reading import read_house

PACKAGE: Final = Path(sys.modules["sealane"].__file__ or "").parent
DOCUMENTED: Final = frozenset({"os._exit"})

# The one module of ours that uses it: the library, and the attribute.
REACHES: Final[list[tuple[str, ModuleType, str]]] = [
    ("runtime/process/cpython.py", subprocess, "_args_from_interpreter_flags"),
    ("runtime/process/cpython.py", signal, "_signal.getsignal"),
    ("runtime/process/cpython.py", os, "environ._data"),
    ("programs/kit/encoding/declaring_frame.py", sys, "_getframe"),
    ("runtime/workers/enum_pickling.py", dill, "register"),
    ("runtime/workers/enum_pickling.py", dill, "Pickler.dispatch"),
    ("runtime/process/connection.py", multiprocess.connection, "Connection"),
    ("cli/output/typer_errors.py", typer, "BadParameter.format_message"),
]


@pytest.mark.parametrize(
    ("adapter", "library", "attribute"), REACHES, ids=[f"{m.__name__}.{a}" for _, m, a in REACHES]
)
def test_it_is_still_there(adapter: str, library: ModuleType, attribute: str) -> None:
    try:
        reduce(getattr, attribute.split("."), library)
    except AttributeError:
        pytest.fail(
            f"{library.__name__} has no {attribute} any more, and does not promise it: find "
            f"another way in {adapter}, the only module of ours that uses it"
        )


def test_nothing_else_reaches_into_a_library() -> None:
    allowed = {
        (adapter, f"{library.__name__}.{attribute.partition('.')[0]}")
        for adapter, library, attribute in REACHES
    } | {("runtime/process/cpython.py", "os._data")}
    found = {
        (module.path, name)
        for module in read_house(PACKAGE).modules.values()
        for name in module.private - DOCUMENTED
    }
    assert found - allowed == set(), "behind an adapter, please, with a line in REACHES"


class TestTheyDoWhatTheyDid:
    def test_the_frame_is_that_of_the_declaration(self) -> None:
        def declare() -> Any:
            return declaring_frame()

        assert declare().f_code.co_name == "test_the_frame_is_that_of_the_declaration"

    def test_handlers(self) -> None:
        assert handler_of(signal.SIGINT) is signal.getsignal(signal.SIGINT)

    def test_interpreter_flags_are_options_of_the_interpreter(self) -> None:
        code = "from sealane.runtime.process.cpython import interpreter_flags as f; print(f())"
        told = subprocess.run(
            [sys.executable, "-B", "-X", "dev", "-c", code],
            capture_output=True,
            text=True,
            check=True,
            cwd=PACKAGE.parent,
        ).stdout
        assert "'-B'" in told
        assert "'dev'" in told
        assert isinstance(interpreter_flags(), list)

    def test_the_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SEALANE_HOUSE", "ünder")
        assert raw_environment()[b"SEALANE_HOUSE"] == "ünder".encode()

    def test_a_connection_is_made_of_a_descriptor(self) -> None:
        ours, theirs = socket.socketpair()
        with ours:
            connection: Any = multiprocess.connection.Connection(theirs.detach())
            connection.send_bytes(b"whole")
            assert ours.recv(100).endswith(b"whole")
            connection.close()

    @pytest.mark.parametrize("arguments", [["--nothing"], ["--count", "x"], ["a", "b"]])
    def test_all_errors_of_usage_have_one_base(self, arguments: list[str]) -> None:
        def count(count: int = 0) -> None:
            del count

        app = typer.Typer()
        app.command()(count)
        with pytest.raises(USAGE_ERROR) as raised:
            typer.main.get_command(app).main(arguments, "counting", standalone_mode=False)
        assert usage_message(raised.value).endswith("See: counting --help")

    def test_no_other_error_of_typer_has_it(self) -> None:
        assert USAGE_ERROR.__name__ == "ClickException"
        others: list[Callable[[], BaseException]] = [typer.Abort, typer.Exit]
        assert not any(isinstance(make(), USAGE_ERROR) for make in others)
