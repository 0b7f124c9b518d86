"""A Vm with workers: the same answers, and a difference between processes fails the test."""

from __future__ import annotations

import pytest

from sealane.programs import Context, InstructionErrors, Mut, Program, UncheckedAccount
from sealane.testing import Vm

from .till import Till, TillError, till

_runs_here: list[int] = []
moody = Program("moody")


@moody.instruction(tag=0)
def remember(ctx: Context, account: Mut[UncheckedAccount]) -> None:
    """Depends on what this process ran before, which no program may."""
    _runs_here.append(account.lamports)
    ctx.log(f"run {len(_runs_here)}")


def test_results_are_those_without_workers() -> None:
    with Vm(workers=2) as vm, Vm() as serial:
        for each in (vm, serial):
            each.set_account("drawer", data=Till(authority="boss"))
            each.airdrop("ann", 10)
            each.send(till.put(drawer="drawer", customer="ann", amount=4))
            with each.fails(TillError.WrongAuthority, account="authority"):
                each.send(till.give(drawer="drawer", authority="ann", to="ann", amount=4))
        assert vm.runtime.state_root == serial.runtime.state_root
        assert vm.last is not None
        assert serial.last is not None
        assert vm.last.report() == serial.last.report()
        assert vm.runtime.workers == 2


def test_a_program_that_remembers_is_found_out() -> None:
    with Vm(workers=1) as vm:
        vm.send(remember(account="ann"))
        # The worker starts out with no runs, as this process did; now this one has one more.
        _runs_here.append(0)
        with pytest.raises(AssertionError, match=r"logs here: .*run 3.*\n.*logs there:.*run 2"):
            vm.send(remember(account="ann"))


def test_rules_broken_in_a_worker() -> None:
    with Vm(workers=1) as vm:
        vm.set_account("drawer", data=Till())
        with vm.fails(InstructionErrors.ReadonlyDataModified, account="drawer"):
            vm.send(till.cheat(drawer="drawer"))
