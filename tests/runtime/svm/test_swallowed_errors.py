"""A broken rule fails the transaction even if the handler catches the exception."""

from __future__ import annotations

from contextlib import suppress

import pytest

from sealane import Account, InputError, Instruction, Runtime, Transaction
from sealane.programs import Context, Layout, Mut, Program, ProgramFailure, UncheckedAccount, u64
from sealane.programs.library import system


class Slot(Layout):
    value: u64


sneaky = Program("sneaky", layouts=[Slot])
held: list[object] = []


@sneaky.instruction(tag=0)
def swallow(slot: Slot) -> None:
    """Writes what it declared for reading, and catches the refusal."""
    with suppress(ProgramFailure):
        slot.value = 1


@sneaky.instruction(tag=1)
def swallow_undeclared(ctx: Context) -> None:
    with suppress(ProgramFailure):
        ctx.account("somebody")


@sneaky.instruction(tag=2)
def hold_buffer(slot: Mut[Slot]) -> None:
    held.append(slot.data.obj)


@sneaky.instruction(tag=3)
def write_held(anything: UncheckedAccount) -> None:
    buffer = held.pop()
    assert isinstance(buffer, bytearray)
    buffer[0] = 9


@sneaky.instruction(tag=4)
def hold_and_give_away(slot: Mut[Slot]) -> None:
    buffer = slot.data.obj
    slot.owner = "system"
    assert isinstance(buffer, bytearray)
    buffer[0] = 9


@pytest.fixture
def runtime() -> Runtime:
    made = Runtime(workers=0)
    made.set_account("slot", owner="sneaky", data=Slot(value=0), lamports=5)
    made.set_account("alice", lamports=100)
    return made


def error_of(runtime: Runtime, *instructions: Instruction) -> str | None:
    failure = runtime.execute([Transaction(instructions)]).transactions[0].error
    return None if failure is None else failure.name


def test_a_caught_write_refusal(runtime: Runtime) -> None:
    assert error_of(runtime, sneaky.swallow(slot="slot")) == "ReadonlyDataModified"


def test_an_undeclared_account_that_was_caught(runtime: Runtime) -> None:
    assert error_of(runtime, sneaky.swallow_undeclared()) == "MissingAccount"


def test_a_buffer_held_behind_its_view_reaches_no_later_instruction(runtime: Runtime) -> None:
    held.clear()
    hold = sneaky.hold_buffer(slot="slot")
    assert error_of(runtime, hold, sneaky.write_held(anything="alice")) is None
    assert runtime.account("slot").data == bytes(8)


def test_a_buffer_held_while_the_account_is_given_away(runtime: Runtime) -> None:
    assert error_of(runtime, sneaky.hold_and_give_away(slot="slot")) is None
    assert runtime.account("slot") == Account(5, runtime.resolve("system"), bytes(8))


def test_a_sysvar_cannot_be_written(runtime: Runtime) -> None:
    pay = system.transfer(source="alice", destination="clock", lamports=1)
    assert error_of(runtime, pay) == "ReadonlyLamportChange"
    assert runtime.account("clock").lamports == 1


def test_a_name_that_utf_8_cannot_encode(runtime: Runtime) -> None:
    with pytest.raises(InputError, match="names no account"):
        runtime.set_account("\ud800")
