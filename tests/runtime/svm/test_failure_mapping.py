"""Whatever a program raises or passes to the runtime fails only its own transaction."""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Callable
from pathlib import Path, PurePath
from typing import Any, NoReturn

import numpy as np
import pytest

from sealane import Failure, Receipt, Runtime, Transaction, UsageError
from sealane.programs import (
    Context,
    Errors,
    InstructionErrors,
    Mut,
    Program,
    ProgramFailure,
    Signer,
    UncheckedAccount,
    fail,
    u64,
)
from sealane.runtime.svm import failure_mapping

# Nothing in here can be pickled, and some of it cannot even be printed.


class Unprintable(Exception):
    def __init__(self) -> None:
        self.lock = threading.Lock()

    def __str__(self) -> str:
        raise RuntimeError("no text")

    __repr__ = __str__


class TreacherousText(str):
    __slots__ = ()

    def __format__(self, spec: str) -> NoReturn:
        raise RuntimeError("no format")


class Treacherous(Exception):
    def __str__(self) -> str:
        return TreacherousText("treacherous")


class NoTraceback(Exception):
    @property
    def __traceback__(self) -> NoReturn:  # pyright: ignore[reportIncompatibleVariableOverride]
        raise RuntimeError("no traceback")


class Broken(ProgramFailure):
    def __init__(self) -> None:
        pass


class Untold(UsageError):
    def __str__(self) -> str:
        raise RuntimeError("no text")


class Exit(BaseException):
    pass


class MyErrors(Errors):
    Mine = 7, "my own"


def failure_with(**fields: Any) -> ProgramFailure:
    failure = ProgramFailure(InstructionErrors.Immutable)
    vars(failure).update(fields)
    return failure


def recursion(ctx: Context) -> None:
    recursion(ctx)


def raise_(error: BaseException | type[BaseException]) -> NoReturn:
    raise error


CASES: list[tuple[str, Callable[[Context], object], str, str]] = [
    # name, what the handler does, error name, what the message says
    ("value", lambda ctx: raise_(ValueError("why")), "ProgramFailedToComplete", "ValueError: why"),
    ("exit", lambda ctx: raise_(SystemExit(3)), "ProgramFailedToComplete", "SystemExit: 3"),
    ("ctrl_c", lambda ctx: raise_(KeyboardInterrupt()), "ProgramFailedToComplete", "KeyboardInt"),
    ("generator", lambda ctx: raise_(GeneratorExit()), "ProgramFailedToComplete", "GeneratorExit"),
    ("base", lambda ctx: raise_(Exit()), "ProgramFailedToComplete", "Exit"),
    ("stop", lambda ctx: raise_(StopIteration()), "ProgramFailedToComplete", "StopIteration"),
    ("group", lambda ctx: raise_(ExceptionGroup("two", [ValueError()])), "ProgramFailed", "two"),
    ("unprintable", lambda ctx: raise_(Unprintable()), "ProgramFailedToComplete", "Unprintable"),
    ("treacherous", lambda ctx: raise_(Treacherous()), "ProgramFailedToComplete", "treacherous"),
    ("traceless", lambda ctx: raise_(NoTraceback()), "ProgramFailedToComplete", "NoTraceback"),
    ("broken", lambda ctx: raise_(Broken()), "ProgramFailedToComplete", "Broken"),
    ("untold", lambda ctx: raise_(Untold("x")), "ProgramFailedToComplete", "Untold"),
    ("usage", lambda ctx: raise_(UsageError("x")), "ProgramFailedToComplete", "x"),
    ("long", lambda ctx: raise_(ValueError("x" * 10**6)), "ProgramFailedToComplete", "xxx"),
    ("address", lambda ctx: raise_(ValueError(ctx)), "ProgramFailedToComplete", "<Context of"),
    ("surrogate", lambda ctx: raise_(ValueError("\ud800")), "ProgramFailedToComplete", "ValueErr"),
    ("recursion", recursion, "ProgramFailedToComplete", "RecursionError"),
    ("no_error", lambda ctx: fail("text"), "ProgramFailedToComplete", "test_failure_mapping"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    ("bad_error", lambda ctx: raise_(failure_with(error=5)), "ProgramFailedToComplete", ""),
    ("detail", lambda ctx: fail(MyErrors.Mine, ctx), "Mine", ""),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    ("detail_int", lambda ctx: fail(InstructionErrors.Immutable, 5), "Immutable", "5"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    ("detail_set", lambda ctx: raise_(failure_with(detail=threading.Lock())), "Immutable", ""),
    ("account", lambda ctx: fail(MyErrors.Mine, account=threading.Lock()), "Mine", "my own"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    (
        "detail_text",
        lambda ctx: raise_(failure_with(error=MyErrors.Mine, detail=TreacherousText("mine"))),
        "Mine",
        "mine",
    ),
    ("units_float", lambda ctx: ctx.consume(1.5), "InvalidArgument", "units"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    ("units_nan", lambda ctx: ctx.consume(math.nan), "InvalidArgument", "units"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    ("units_true", lambda ctx: ctx.consume(True), "InvalidArgument", "units"),
    ("units_numpy", lambda ctx: ctx.consume(np.uint64(1)), "InvalidArgument", "units"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    ("units_less", lambda ctx: ctx.consume(-1), "InvalidArgument", "units"),
    ("units_more", lambda ctx: ctx.consume(10**50), "ComputationalBudgetExceeded", ""),
    ("return_int", lambda ctx: ctx.set_return_data(5), "InvalidArgument", "bytes"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    ("return_text", lambda ctx: ctx.set_return_data("x"), "InvalidArgument", "bytes"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    ("log_format", lambda ctx: ctx.log(Unprintable()), "ProgramFailedToComplete", "no text"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    ("invoke", lambda ctx: ctx.invoke(5), "ProgramFailedToComplete", "AttributeError"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
]

raising = Program("raising", errors=MyErrors)


@raising.instruction(tag=0)
def act(ctx: Context, state: Mut[UncheckedAccount], payer: Signer, case: u64) -> None:
    state.data[0] = 9
    ctx.log("before")
    CASES[case][1](ctx)


@raising.instruction(tag=1)
def count(state: Mut[UncheckedAccount], payer: Signer) -> None:
    state.data[0] += 1


@raising.instruction(tag=2)
def talk(ctx: Context, payer: Signer, lines: u64) -> None:
    for line in range(lines):
        ctx.log("é" * 99 + str(line % 10) + "\ud800")


@raising.instruction(tag=3)
def say(payer: Signer, text: str) -> None:
    raise ValueError(text)


def receipts(runtime: Runtime) -> list[Receipt]:
    """Each case on a separate account, then on all of them a call that succeeds."""
    block: list[Transaction] = []
    for case in range(len(CASES)):
        runtime.set_account(f"state{case}", owner=raising, lamports=1, data=b"\0")
        runtime.set_account(f"payer{case}", lamports=100)
        names = {"state": f"state{case}", "payer": f"payer{case}"}
        block.append(Transaction([act(**names, case=case)], fee=1))
        block.append(Transaction([count(**names)], fee=1))
    return list(runtime.execute(block).transactions)


def test_every_case_fails_its_own_transaction_alone(runtime: Runtime) -> None:
    for case, (name, _, error, text) in enumerate(CASES):
        del name, error, text
        assert case < 256
    found = receipts(runtime)
    for case, (name, _, error, text) in enumerate(CASES):
        failed, worked = found[2 * case : 2 * case + 2]
        assert failed.error is not None, name
        assert failed.error.name.startswith(error), (name, failed.error)
        assert text in failed.error.message, (name, failed.error)
        assert failed.fee == 1, name
        assert failed.logs == ("Program log: before",), name
        assert worked.ok, name
        assert runtime.account(f"state{case}").data == b"\1", name
        assert runtime.account(f"payer{case}").lamports == 98, name


def test_receipts_hold_plain_values_only(runtime: Runtime) -> None:
    for receipt in receipts(runtime):
        assert type(receipt.compute_units) is int
        failure = receipt.error
        if failure is None:
            continue
        kinds = [type(value) for value in failure]
        assert kinds[1:5] == [str, int, str, int], failure
        assert {kinds[0], kinds[5]} <= {str, type(None)}, failure
        failure.message.encode()  # UTF-8, for JSON
        assert len(failure.message) < 1000
        assert not re.search(r"0x[0-9a-f]{6}", failure.message), failure.message


def test_the_place_is_the_programs_own_line(runtime: Runtime) -> None:
    failure = receipts(runtime)[0].error
    assert failure is not None
    line = raise_.__code__.co_firstlineno + 1
    assert failure.message == f"ValueError: why ({Path(__file__).name}:{line})"


def test_failures_are_the_same_on_every_route() -> None:
    seen: list[list[Receipt]] = []
    for workers in (0, 1, 2):
        with Runtime(workers=workers) as runtime:
            seen.append(receipts(runtime))
    assert seen[0] == seen[1] == seen[2]


def test_logs_are_truncated_by_bytes_and_stay_printable(runtime: Runtime) -> None:
    (few,) = runtime.execute([Transaction([talk(payer="a", lines=2)])]).transactions
    assert few.logs[1].startswith("Program log: ééé")
    (many,) = runtime.execute([Transaction([talk(payer="a", lines=1000)])]).transactions
    assert many.logs[-1] == "Log truncated"
    size = sum(len(line.encode()) for line in many.logs[:-1])
    assert 10_000 - 250 < size <= 10_000


def test_a_failure_names_the_program_of_its_error(runtime: Runtime) -> None:
    found = {name: r.error for (name, *_), r in zip(CASES, receipts(runtime)[::2], strict=True)}
    mine, own = found["detail"], found["value"]
    assert isinstance(mine, Failure)
    assert isinstance(own, Failure)
    assert (mine.program, mine.code) == ("raising", 7)
    assert (own.program, own.code) == (None, InstructionErrors.ProgramFailedToComplete.code)


@pytest.mark.parametrize("message", ["x" * 600, "\n\t\0"])
def test_texts_of_any_shape(runtime: Runtime, message: str) -> None:
    block = [Transaction([say(payer="a", text=message)])]
    (receipt,) = runtime.execute(block).transactions
    assert receipt.error is not None
    assert message[:450] in receipt.error.message
    assert len(receipt.error.message) < 600
    with Runtime(workers=0) as serial:
        assert list(serial.execute(block).transactions) == [receipt]


def test_a_deep_traceback_is_resolved_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Resolving each of a thousand frames took ten milliseconds per transaction."""
    asked: list[str] = []

    def noting(path: str) -> PurePath:
        asked.append(path)
        return PurePath(path)

    def deeper() -> None:
        deeper()

    monkeypatch.setattr(failure_mapping, "PurePath", noting)
    with pytest.raises(RecursionError) as caught:
        deeper()
    line = deeper.__code__.co_firstlineno + 1
    assert failure_mapping.place_of(caught.value) == f" (test_failure_mapping.py:{line})"
    assert asked == [__file__]
