"""Views, data and contexts that a program keeps past their instruction, or hides in a cycle."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sealane import Instruction, Pubkey, Runtime, Transaction
from sealane.programs import (
    Context,
    Layout,
    Mut,
    Program,
    UncheckedAccount,
    u8,
    u64,
)

from ..conftest import Probe


class Pair(Layout):
    low: u8
    count: u64


class Text(Layout):
    count: u8
    text: str


@pytest.mark.parametrize("kept", ["slice", "cast", "numpy", "toreadonly"])
def test_keeping_a_view_of_data_fails_the_instruction(
    probe: Probe, keep: dict[str, Any], kept: str
) -> None:
    makers: dict[str, Callable[[memoryview], object]] = {
        "slice": lambda data: data[1:3],
        "cast": lambda data: data.cast("Q"),
        "numpy": lambda data: np.frombuffer(data, dtype=np.uint8),
        "toreadonly": lambda data: data.toreadonly(),
    }

    def handler(mine: Mut[UncheckedAccount]) -> None:
        keep["data"] = makers[kept](mine.data)

    failure = probe(handler).error
    assert failure.name == "AccountBorrowOutstanding"
    assert failure.account == str(Pubkey.of("mine"))
    keep.clear()


def test_a_view_of_data_in_a_cycle_is_not_kept(probe: Probe) -> None:
    """Whether the collector happened to run must not decide whether a transaction fails."""

    def handler(mine: Mut[UncheckedAccount]) -> None:
        part = mine.data[:2]
        cycle: list[object] = [part]
        cycle.append(cycle)

    gc.disable()
    try:
        assert probe(handler).receipt.ok
    finally:
        gc.enable()


def keeping_program(keep: dict[str, Any], use: Callable[[Any], object]) -> Program:
    """Keeps what its first instruction gets, and uses it in the second."""
    program = Program("keeping", layouts=[Pair])

    @program.instruction(tag=0)
    def take(ctx: Context, mine: Mut[Pair]) -> None:
        keep["layout"] = mine
        keep["view"] = ctx.account(mine.key)
        keep["derived"] = Text.view(keep["view"])
        keep["data"] = mine.data
        keep["ctx"] = ctx

    @program.instruction(tag=1)
    def misuse(mine: Mut[Pair]) -> None:
        use(keep)

    del take, misuse
    return program


USES: dict[str, Callable[[Any], object]] = {
    "read a field": lambda keep: keep["layout"].low,
    "write a field": lambda keep: setattr(keep["layout"], "low", 9),
    "lamports": lambda keep: keep["view"].lamports,
    "set lamports": lambda keep: setattr(keep["view"], "lamports", 1),
    "data": lambda keep: keep["view"].data,
    "set data": lambda keep: setattr(keep["view"], "data", b""),
    "owner": lambda keep: keep["view"].owner,
    "key": lambda keep: keep["view"].key,
    "is_signer": lambda keep: keep["view"].is_signer,
    "is_writable": lambda keep: keep["view"].is_writable,
    "executable": lambda keep: keep["view"].executable,
    "data_len": lambda keep: keep["view"].data_len,
    "resize": lambda keep: keep["view"].resize(0),
    "read a view made by hand": lambda keep: keep["derived"].count,
    "write a view made by hand": lambda keep: setattr(keep["derived"], "count", 1),
    "kept memoryview, read": lambda keep: keep["data"][0],
    "kept memoryview, write": lambda keep: keep["data"].__setitem__(0, 1),
    "ctx.account": lambda keep: keep["ctx"].account("tally"),
    "ctx.log": lambda keep: keep["ctx"].log("x"),
    "ctx.consume": lambda keep: keep["ctx"].consume(1),
    "ctx.invoke": lambda keep: keep["ctx"].invoke(Instruction(Pubkey.of("system"), ())),
    "ctx.signers": lambda keep: keep["ctx"].signers,
}


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("split", [False, True], ids=["one transaction", "two transactions"])
def test_what_is_kept_is_of_no_use_later(keep: dict[str, Any], use: str, split: bool) -> None:
    program = keeping_program(keep, USES[use])
    calls = [program.take(mine="tally"), program.misuse(mine="tally")]
    with Runtime(workers=0) as runtime:
        runtime.set_account("tally", owner=program, lamports=5, data=bytes(64))
        block = [Transaction([call]) for call in calls] if split else [Transaction(calls)]
        failure = runtime.execute(block).transactions[-1].error
        assert failure is not None
        assert failure.name == "AccountBorrowFailed", failure
        assert runtime.account("tally").data == bytes(64)
    keep.clear()
