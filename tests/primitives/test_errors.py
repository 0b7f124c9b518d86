"""The exception tree, and named errors of programs."""

from __future__ import annotations

import pickle

import pytest

from sealane import primitives
from sealane.primitives import (
    DefinitionError,
    Errors,
    Failure,
    InputError,
    InstructionErrors,
    InternalError,
    MachineError,
    OutOfMemory,
    ProgramFailure,
    ProgramTimeout,
    Pubkey,
    RuntimeBusy,
    RuntimeClosed,
    RuntimeForked,
    SealaneError,
    SegmentLost,
    SharedMemoryFull,
    StoreCorrupt,
    StoreFailed,
    StoreFormatError,
    StoreLocked,
    StoreMismatch,
    StoreUnavailable,
    TransactionErrors,
    UsageError,
    WorkerDied,
)
from sealane.primitives.errors import __doc__ as drawn_tree


def all_exceptions() -> list[type[SealaneError]]:
    values = (getattr(primitives, name) for name in primitives.__all__)
    return [v for v in values if isinstance(v, type) and issubclass(v, SealaneError)]


def test_the_tree_is_as_drawn() -> None:
    branches = (InputError, ProgramFailure, MachineError, InternalError)
    for exception in all_exceptions():
        if exception is SealaneError:
            continue
        assert exception.__name__ in str(drawn_tree)
        assert sum(issubclass(exception, branch) for branch in branches) == 1
    assert issubclass(RuntimeClosed, UsageError)
    assert issubclass(UsageError, InputError)
    assert issubclass(DefinitionError, InputError)


def test_bad_input_says_where() -> None:
    assert str(InputError("no")) == "no"
    assert str(InputError("no", path="a.yaml")) == "a.yaml: no"
    assert str(InputError("no", path="a.yaml", line=3)) == "a.yaml:3: no"


@pytest.mark.parametrize(
    "error",
    [
        InputError("no", path="a.yaml", line=3),
        UsageError("no"),
        RuntimeClosed(),
        MachineError("no"),
        InternalError("no"),
        WorkerDied("signal SIGKILL", "pay", 3),
        ProgramTimeout("pay", 10.0),
        OutOfMemory("pay"),
        OutOfMemory(None),
        SegmentLost("/dev/shm/a"),
        RuntimeBusy(),
        RuntimeForked(4121),
        SharedMemoryFull("/dev/shm", 4096, 0),
        StoreLocked("state", 4121),
        StoreFormatError("state", "sealane-store 2", "sealane-store 1"),
        StoreUnavailable("state", "no"),
        StoreMismatch("state", "no"),
        StoreCorrupt("state/log-000001", "no", Pubkey.of("alice")),
        StoreFailed("state", "no", usable=False),
        ProgramFailure(InstructionErrors.Immutable, "no", account="a"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_survive_the_way_to_another_process(error: SealaneError) -> None:
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error)
    assert str(copy) == str(error)
    assert vars(copy) == vars(error)


def test_machine_errors_say_what_to_do() -> None:
    assert "run the block again" in str(WorkerDied("signal SIGKILL"))
    died = str(WorkerDied("signal SIGKILL", "pay", 3))
    assert "'pay'" in died
    assert "signal SIGKILL" in died
    assert "3 tries" in died
    assert "'pay' did not end within 2.5 s" in str(ProgramTimeout("pay", 2.5))
    assert "'pay': out of memory" in str(OutOfMemory("pay"))
    assert "/dev/shm/a" in str(SegmentLost("/dev/shm/a"))
    assert "process 4121" in str(RuntimeForked(4121))
    full = SharedMemoryFull("/dev/shm", 5_000_000, 4096)
    assert "5,000,000" in str(full)
    assert "4,096 free" in str(full)
    assert "report it" in str(InternalError("x"))


def test_an_error_has_name_code_and_message() -> None:
    class CounterError(Errors):
        WrongAuthority = 7, "not the authority"

    assert CounterError.WrongAuthority.name == "WrongAuthority"
    assert CounterError.WrongAuthority.code == 7
    assert CounterError.WrongAuthority.message == "not the authority"
    assert str(ProgramFailure(CounterError.WrongAuthority)) == "WrongAuthority: not the authority"
    assert str(ProgramFailure(CounterError.WrongAuthority, "why")) == "WrongAuthority: why"


@pytest.mark.parametrize(
    "value",
    [1, ("text", 1), (1.0, "a float"), (True, "a bool"), (-1, "negative"), (2**32, "too large")],
)
def test_an_error_that_is_declared_wrongly(value: object) -> None:
    with pytest.raises(DefinitionError, match=r"code, \"what it means\""):
        Errors("Bad", {"Wrong": value})  # pyright: ignore[reportCallIssue] - made by call


def test_two_errors_with_one_code() -> None:
    with pytest.raises(DefinitionError, match="code 1"):
        Errors("Bad", {"First": (1, "a"), "Second": (1, "b")})  # pyright: ignore[reportCallIssue]
    with pytest.raises(DefinitionError, match="code 1"):
        Errors("Bad", {"First": (1, "a"), "Second": (1, "a")})  # pyright: ignore[reportCallIssue]


def test_the_runtimes_own_errors_are_told_apart_by_code() -> None:
    for errors in (InstructionErrors, TransactionErrors):
        assert len({error.code for error in errors}) == len(errors.__members__)
        assert all(error.message for error in errors)


def test_a_failure_as_json() -> None:
    assert Failure("token", "InsufficientFunds", 1, "no", 0, None).to_json() == {
        "program": "token",
        "name": "InsufficientFunds",
        "code": 1,
        "message": "no",
        "instruction": 0,
        "account": None,
    }
