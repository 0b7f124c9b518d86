"""The failure report, to the letter: it is what a program's author reads all day."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import dedent

import pytest

from sealane import Instruction, Pubkey
from sealane.programs import (
    Context,
    Mut,
    Program,
    UncheckedAccount,
    u64,
)
from sealane.programs.library.system import system
from sealane.testing import TransactionFailed, Vm

from .till import Till, till


@pytest.fixture
def vm() -> Iterator[Vm]:
    with Vm() as fresh:
        fresh.set_account("drawer", data=Till(authority="boss"))
        fresh.airdrop("ann", 10)
        yield fresh


def report_of(vm: Vm, *instructions: Instruction) -> str:
    with pytest.raises(TransactionFailed) as caught:
        vm.send(*instructions)
    assert str(caught.value) == caught.value.receipt.report()
    return str(caught.value)


def test_a_failed_nested_call(vm: Vm) -> None:
    put = [till.put(drawer="drawer", customer="ann", amount=amount) for amount in (4, 7)]
    assert report_of(vm, *put) == dedent("""\
        system.transfer failed: system.ResultWithNegativeLamports (1)
          ann holds 6 lamports, 7 are asked for
          account: source = ann

        calls
          till.put(drawer=drawer, customer=ann, amount=4): ok, 150 units
            Program log: taking 4
            system.transfer(source=ann, destination=drawer, lamports=4): ok, 150 units
            Program log: taken
          till.put(drawer=drawer, customer=ann, amount=7): failed, 150 units
            Program log: taking 7
            system.transfer(source=ann, destination=drawer, lamports=7): \
failed with system.ResultWithNegativeLamports, 150 units

        accounts
          account  declared                 read                   written
          ann      writable, signer, payer  lamports, owner, data  lamports
          drawer   writable                 lamports, owner, data  lamports, data

        compute units: 300 of 400,000""")


def test_a_broken_rule_names_line_and_account(vm: Vm) -> None:
    lines = report_of(vm, till.cheat(drawer="drawer")).splitlines()
    assert lines[0] == "till.cheat failed: ReadonlyDataModified (15)"
    assert lines[1].startswith("  till may not write 'taken': parameter 'drawer', account drawer, ")
    assert lines[1].endswith("declared read-only, owned by till (till.py:62)")
    assert lines[2] == "  account: drawer = drawer"


def test_all_kinds_of_parameters(vm: Vm) -> None:
    call = till.audit(inspector=None, drawers=["drawer", "drawer"], note=b"\x01\x02")
    assert "till.audit(inspector=None, drawers=[drawer, drawer], note=0102): failed" in report_of(
        vm, call
    )


def test_data_that_calls_nothing(vm: Vm) -> None:
    vm.send(till.put(drawer="drawer", customer="ann", amount=1))  # the vm learns the program
    report = report_of(vm, Instruction(till.id, (), b"\xff\x00"))
    assert report.startswith("till failed: InvalidInstructionData (2)")
    assert "till(data=ff00, accounts=[]): failed with InvalidInstructionData, 0 units" in report


def test_arguments_that_do_not_decode(vm: Vm) -> None:
    call = till.put(drawer="drawer", customer="ann", amount=1)
    report = report_of(vm, Instruction(till.id, call.accounts, call.data[:-1], till))
    assert "amount=<undecodable: 01000000000000>): failed with InvalidInstructionData" in report


def test_more_accounts_than_parameters(vm: Vm) -> None:
    call = till.cheat(drawer="drawer")
    more = Instruction(till.id, call.accounts + call.accounts, call.data, till)
    assert "till.cheat(drawer=drawer, more=drawer): failed" in report_of(vm, more)


def test_a_transaction_that_never_began() -> None:
    with Vm(lamports_per_signature=5) as vm:
        vm.set_account("drawer", data=Till(authority="boss"))
        assert report_of(vm, till.put(drawer="drawer", customer="ann", amount=1)) == dedent("""\
            the transaction failed: AccountNotFound (2)
              the fee payer does not exist: fund it first
              account: ann

            calls
              none: the transaction failed before its first instruction

            accounts
              account  declared                 read  written
              ann      writable, signer, payer  -     -
              drawer   writable                 -     -

            compute units: 0 of 0""")


def test_a_success_has_a_report_too_and_names_excess(vm: Vm) -> None:
    receipt = vm.send(till.look(drawer="drawer", passer_by="zoe", authority="boss"))
    assert receipt.report() == dedent("""\
        transaction ok

        calls
          till.look(drawer=drawer, passer_by=zoe, authority=boss): ok, 0 units

        accounts
          account  declared                 read         written
          boss     writable, signer, payer  -            -
          drawer   writable                 owner, data  -        declared writable, never written
          zoe      read-only                -            -        declared, never read

        compute units: 0 of 200,000""")


def test_labels_name_derived_keys(vm: Vm) -> None:
    vault, _ = Pubkey.find_program_address([b"vault"], till.id)
    vm.set_account(vault, data=Till(authority="boss"))
    give = till.give(drawer=vault, authority="ann", to="ann", amount=1)
    assert f"till.give(drawer={vault}, " in report_of(vm, give)
    assert vm.label(vault, "vault") == vault
    assert "till.give(drawer=vault, " in report_of(vm, give)


def test_a_label_given_afterwards_names_the_account_everywhere(vm: Vm) -> None:
    vault, _ = Pubkey.find_program_address([b"vault"], till.id)
    vm.set_account(vault, data=Till(authority="ann"))
    receipt = vm.send(till.look(drawer=vault, passer_by="zoe", authority="ann"))
    touched = vm.touched
    assert str(vault) in receipt.report()
    assert str(vault) in touched.over_declared
    vm.label(vault, "vault")
    assert str(vault) not in receipt.report()
    assert "\n  vault    writable " in receipt.report()
    assert "vault" in touched.over_declared
    assert (touched["vault"].name, touched["vault"].key) == ("vault", vault)
    assert str(vault) not in touched


def test_a_program_that_raised(vm: Vm) -> None:
    clumsy = Program("clumsy")

    @clumsy.instruction(tag=0)
    def stumble(amount: u64) -> None:
        raise KeyError(amount)

    report = report_of(vm, stumble(amount=3))
    assert report.startswith("clumsy.stumble failed: ProgramFailedToComplete (40)")
    assert "  KeyError: 3 (test_report.py:" in report


def test_a_nested_call_that_was_refused(vm: Vm) -> None:
    """It never ran, so the failure is its caller's."""
    outer = Program("outer")

    @outer.instruction(tag=0)
    def take(ctx: Context, source: UncheckedAccount, target: Mut[UncheckedAccount]) -> None:
        ctx.invoke(system.transfer(source=source, destination=target, lamports=1))

    report = report_of(vm, take(source="ann", target="drawer"))
    assert report.startswith("outer.take failed: PrivilegeEscalation (38)\n  outer claims a write ")
    assert "outer.take(source=ann, target=drawer): failed with PrivilegeEscalation" in report
