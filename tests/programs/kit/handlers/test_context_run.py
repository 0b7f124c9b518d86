"""`ctx.run`: a rule that a part breaks fails the whole instruction, caught or not."""

from __future__ import annotations

from contextlib import suppress

import pytest

from sealane import Pubkey, Receipt, Runtime, Transaction
from sealane.programs import Context, InstructionSpec, Program, ProgramFailure, UncheckedAccount

parts = Program("parts")


@parts.instruction(tag=0)
def spend(ctx: Context, mine: UncheckedAccount) -> None:
    mine.lamports -= 1


@parts.instruction(tag=1)
def use_undeclared(ctx: Context, mine: UncheckedAccount) -> None:
    ctx.account("bob")


@parts.instruction(tag=2)
def spend_and_catch(ctx: Context, mine: UncheckedAccount) -> None:
    with suppress(ProgramFailure):
        mine.lamports -= 1


@parts.instruction(tag=3)
def run_and_catch(ctx: Context, mine: UncheckedAccount) -> None:
    with suppress(ProgramFailure):
        ctx.run(parts, b"\0", first=0, count=1)


@parts.instruction(tag=4)
def run_catching(ctx: Context, mine: UncheckedAccount) -> None:
    ctx.run(parts, b"\2", first=0, count=1)


@parts.instruction(tag=5)
def run_undeclared_and_catch(ctx: Context, mine: UncheckedAccount) -> None:
    with suppress(ProgramFailure):
        ctx.run(parts, b"\1", first=0, count=1)


@parts.instruction(tag=6)
def run_a_part_of_a_part(ctx: Context, mine: UncheckedAccount) -> None:
    ctx.run(parts, b"\3", first=0, count=1)


@parts.instruction(tag=7)
def run_twice(ctx: Context, mine: UncheckedAccount) -> None:
    for part in (b"\2", b"\7\7"):
        with suppress(ProgramFailure, RecursionError):
            ctx.run(parts, part, first=0, count=0 if part == b"\7\7" else 1)


@parts.instruction(tag=8)
def run_a_part_that_fails_by_itself(ctx: Context, mine: UncheckedAccount) -> None:
    with suppress(ProgramFailure):
        ctx.run(parts, b"nothing has this tag", first=0, count=1)


def run(spec: InstructionSpec, workers: int) -> Receipt:
    with Runtime(workers=workers, programs=[parts]) as runtime:
        runtime.set_account("mine", lamports=5, owner=parts)
        (receipt,) = runtime.execute([Transaction([spec(mine="mine")])]).transactions
        assert runtime.account("mine").lamports == 5
    return receipt


@pytest.mark.parametrize("workers", [0, 1])
@pytest.mark.parametrize(
    ("spec", "error"),
    [
        (spend_and_catch, "ReadonlyLamportChange"),
        (run_and_catch, "ReadonlyLamportChange"),
        (run_catching, "ReadonlyLamportChange"),
        (run_undeclared_and_catch, "MissingAccount"),
        (run_a_part_of_a_part, "ReadonlyLamportChange"),
        (run_twice, "ReadonlyLamportChange"),
    ],
)
def test_a_rule_broken_in_a_part(spec: InstructionSpec, error: str, workers: int) -> None:
    failure = run(spec, workers).error
    assert failure is not None
    assert failure.name == error


def test_a_failure_that_breaks_no_rule_can_be_caught() -> None:
    assert run(run_a_part_that_fails_by_itself, 0).ok
    assert Pubkey.of("parts") == parts.id
