"""Touched against declared: what programs really read and write, by part."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sealane import Pubkey, UsageError
from sealane.programs.library.system import system
from sealane.testing import Vm

from .till import Till, till


@pytest.fixture
def vm() -> Iterator[Vm]:
    with Vm() as fresh:
        fresh.set_account("drawer", data=Till(authority="boss"))
        fresh.airdrop("ann", 10)
        yield fresh


def test_parts_read_and_written(vm: Vm) -> None:
    vm.send(till.put(drawer="drawer", customer="ann", amount=1))
    assert list(vm.touched) == ["ann", "drawer"]
    assert len(vm.touched) == 2
    drawer = vm.touched["drawer"]
    assert (drawer.key, drawer.writable, drawer.signer) == (Pubkey.of("drawer"), True, False)
    assert drawer.written == ("lamports", "data")
    assert "data" in drawer.read
    assert vm.touched["ann"].payer
    assert vm.touched["ann"].written == ("lamports",)
    assert vm.touched.over_declared == {}


def test_what_is_declared_in_vain_is_named(vm: Vm) -> None:
    vm.send(till.look(drawer="drawer", passer_by="zoe", authority="boss"))
    assert vm.touched.over_declared == {
        "drawer": "declared writable, never written",
        "zoe": "declared, never read",
    }


def test_a_signature_is_use_enough(vm: Vm) -> None:
    vm.send(till.give(drawer="drawer", authority="boss", to="ann", amount=1), payer="ann")
    assert vm.touched["boss"].read == ()
    assert not vm.touched["boss"].writable
    assert vm.touched.over_declared == {}


def test_a_failed_transaction_declares_nothing_in_vain(vm: Vm) -> None:
    vm.try_send(till.look(drawer="drawer", passer_by="zoe", authority="ann"))
    assert vm.touched["drawer"].excess == "declared writable, never written"
    assert vm.touched.over_declared == {}


def test_what_was_written_and_put_back_counts_between_instructions(vm: Vm) -> None:
    vm.airdrop("bob", 10)
    there = system.transfer(source="ann", destination="bob", lamports=1)
    back = system.transfer(source="bob", destination="ann", lamports=1)
    vm.send(there, back)
    assert vm.touched["bob"].written == ("lamports",)


def test_the_runtime_reading_is_not_the_program_reading(vm: Vm) -> None:
    """Balance checks read the lamports of every account; the handler read those of none."""
    vm.send(till.look(drawer="drawer", passer_by="ann", authority="boss"))
    assert vm.touched["ann"].read == ()
    assert "lamports" not in vm.touched["drawer"].read


def test_unknown_names_and_nothing_sent(vm: Vm) -> None:
    with pytest.raises(UsageError, match="nothing was sent yet"):
        _ = vm.touched
    vm.send(till.put(drawer="drawer", customer="ann", amount=1))
    with pytest.raises(KeyError, match="declares no account 'zoe', only ann, drawer"):
        _ = vm.touched["zoe"]
