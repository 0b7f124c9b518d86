"""Failures that a handler cannot catch: failed nested calls, and exceeded compute units."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sealane.programs import (
    Context,
    Errors,
    InstructionSpec,
    Mut,
    Program,
    ProgramFailure,
    Signer,
    UncheckedAccount,
    fail,
    u64,
)
from sealane.programs.library.system import SystemProgramError, system
from sealane.testing import Vm


class CarelessError(Errors):
    Refused = 1, "the nested call was refused"


careless = Program("careless", errors=CarelessError)


@careless.instruction(tag=0)
def swallow(ctx: Context, source: Mut[Signer], target: Mut[UncheckedAccount], amount: u64) -> None:
    try:
        ctx.invoke(system.transfer(source=source, destination=target, lamports=amount))
    except ProgramFailure:
        ctx.log("never mind")


@careless.instruction(tag=1)
def rename(ctx: Context, source: Mut[Signer], target: Mut[UncheckedAccount], amount: u64) -> None:
    try:
        ctx.invoke(system.transfer(source=source, destination=target, lamports=amount))
    except ProgramFailure:
        fail(CarelessError.Refused)


@careless.instruction(tag=2)
def stumble(ctx: Context, source: Mut[Signer], target: Mut[UncheckedAccount], amount: u64) -> None:
    try:
        ctx.invoke(system.transfer(source=source, destination=target, lamports=amount))
    except ProgramFailure as failure:
        raise KeyError(amount) from failure


@careless.instruction(tag=3)
def call_swallow(
    ctx: Context, source: Mut[Signer], target: Mut[UncheckedAccount], amount: u64
) -> None:
    ctx.invoke(swallow(source=source, target=target, amount=amount))


@careless.instruction(tag=4)
def swallow_escalation(
    ctx: Context, source: UncheckedAccount, target: Mut[UncheckedAccount]
) -> None:
    try:
        ctx.invoke(system.transfer(source=source, destination=target, lamports=1))
    except ProgramFailure:
        ctx.log("never mind")


@careless.instruction(tag=5)
def spend_all(ctx: Context) -> None:
    try:
        ctx.consume(ctx.units_left + 1)
    except ProgramFailure:
        ctx.log("never mind")


@pytest.fixture
def vm() -> Iterator[Vm]:
    with Vm() as fresh:
        fresh.airdrop("ann", 10)
        yield fresh


@pytest.mark.parametrize("instruction", [swallow, rename, stumble, call_swallow])
def test_a_failed_nested_call_fails_the_transaction(vm: Vm, instruction: InstructionSpec) -> None:
    with vm.fails(SystemProgramError.ResultWithNegativeLamports, account="source"):
        vm.send(instruction(source="ann", target="bob", amount=11))
    vm.send(instruction(source="ann", target="bob", amount=10))


def test_a_nested_call_that_never_ran_fails_the_transaction(vm: Vm) -> None:
    with vm.fails("PrivilegeEscalation"):
        vm.send(swallow_escalation(source="ann", target="bob"))


def test_exceeding_the_compute_units_fails_the_transaction(vm: Vm) -> None:
    with vm.fails("ComputationalBudgetExceeded") as failed:
        vm.send(spend_all())
    assert failed.receipt.compute_units == failed.receipt.compute_limit
