"""Initialising an account whose layout has a discriminator, as docs/programs.md says."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Annotated

import pytest

from sealane.programs import (
    Context,
    Layout,
    Mut,
    Program,
    ProgramFailure,
    Pubkey,
    Signer,
    Size,
    UncheckedAccount,
    u64,
)
from sealane.programs.library.system import system
from sealane.testing import Vm

from ..conftest import Probe


class Slot(Layout, discriminator=b"SLOT", size=24):
    count: u64
    tag: Annotated[bytes, Size(4)] = b"none"


class Tailed(Layout, discriminator=b"TAIL"):
    text: str


class Plain(Layout):
    count: u64


slots = Program("slots", layouts=[Slot])


@slots.instruction(tag=0)
def create(ctx: Context, slot: Mut[Signer], payer: Mut[Signer]) -> None:
    ctx.invoke(
        system.create_account(
            source=payer,
            account=slot,
            lamports=ctx.rent.minimum_balance(Slot.layout_size),
            space=Slot.layout_size,
            owner=ctx.program_id,
        )
    )
    Slot.view(slot).initialize(count=7)


@slots.instruction(tag=1)
def add(slot: Mut[Slot]) -> None:
    slot.count += 1


def test_a_new_account_is_initialised_and_then_used() -> None:
    with Vm() as vm:
        vm.airdrop("ann", 10**9)
        vm.send(create(slot="slot", payer="ann"))
        vm.send(add(slot="slot"), payer="ann")
        assert vm.read("slot", Slot) == Slot(count=8, tag=b"none")
        with vm.fails("system.AccountAlreadyInUse"):
            vm.send(create(slot="slot", payer="ann"))


def test_nothing_is_initialised_twice(probe: Probe) -> None:
    def handler(mine: Mut[UncheckedAccount]) -> None:
        Slot.view(mine).initialize(count=7)
        Slot.view(mine).initialize(count=8)

    receipt = probe(handler, data={"mine": bytes(24)}).receipt
    assert receipt.error is not None
    assert receipt.error.name == "AccountAlreadyInitialized"


def test_a_tail_is_initialised_too(probe: Probe) -> None:
    def handler(mine: Mut[UncheckedAccount]) -> None:
        view = Tailed.view(mine)
        view.initialize(text="hello")
        view.text += "!"

    outcome = probe(handler, data={"mine": bytes(16)})
    assert Tailed.decode(outcome.accounts["mine"].data).text == "hello!"


class Outer(Layout):
    inner: Slot


def write_a_field(view: Slot) -> None:
    view.count = 1


def nest(view: Slot) -> Outer:
    return Outer(inner=view)


USES: dict[str, Callable[[Slot], object]] = {
    "read a field": attrgetter("count"),
    "write a field": write_a_field,
    "all values": Slot.values,
    "as JSON": Slot.to_json,
    "as a nested value": nest,
}


@pytest.mark.parametrize("use", USES)
def test_before_that_it_holds_no_value(probe: Probe, use: str) -> None:
    def handler(mine: Mut[UncheckedAccount]) -> None:
        view = Slot.view(mine)
        assert (view.lamports, view.data_len, repr(view)) == (100, 24, "<Slot, not initialized>")
        with pytest.raises(ProgramFailure):
            USES[use](view)
        assert bytes(mine.data) == bytes(24)
        view.initialize()
        USES[use](view)

    assert probe(handler, data={"mine": bytes(24)}).receipt.ok


def test_what_is_missing_is_said(probe: Probe) -> None:
    def handler(mine: Mut[UncheckedAccount]) -> None:
        Slot.view(mine).count += 1

    error = probe(handler, data={"mine": bytes(24)}).error
    assert (error.name, error.account) == ("UninitializedAccount", str(Pubkey.of("mine")))
    assert "'mine' is no Slot yet" in error.message
    assert "initialize(…) first" in error.message


def test_an_initialisation_that_fails_leaves_it_as_it_was(probe: Probe) -> None:
    def handler(mine: Mut[UncheckedAccount]) -> None:
        view = Slot.view(mine)
        with pytest.raises(ProgramFailure):
            view.initialize(count=-1)
        with pytest.raises(ProgramFailure):
            _ = view.count
        assert bytes(mine.data) == bytes(24)

    assert probe(handler, data={"mine": bytes(24)}).receipt.ok


@pytest.mark.parametrize(
    "data",
    [
        bytes(23),  # too short
        bytes(23) + b"\1",  # somebody else's: another layout of the program may begin with zeros
        Plain(count=5).encode() + bytes(16),
        b"SLOX" + bytes(20),
    ],
)
def test_an_account_that_holds_anything_else_is_not_new(probe: Probe, data: bytes) -> None:
    def handler(mine: Mut[UncheckedAccount]) -> None:
        Slot.view(mine).initialize()

    assert probe(handler, data={"mine": data}).error.name == "InvalidAccountData"


def test_only_its_owner_may_initialise(probe: Probe) -> None:
    def handler(theirs: Mut[UncheckedAccount]) -> None:
        Slot.view(theirs).initialize()

    error = probe(handler, data={"theirs": bytes(24)}).error
    assert error.name == "ExternalAccountDataModified"


def test_a_parameter_with_the_layout_takes_initialised_accounts_only(probe: Probe) -> None:
    def handler(mine: Mut[Slot]) -> None: ...

    error = probe(handler, data={"mine": bytes(24)}).error
    assert error.name == "InvalidAccountData"
    assert "take it as Mut[UncheckedAccount] and call Slot.view(mine).init" in error.message


def test_without_a_discriminator_zeros_are_a_value(probe: Probe) -> None:
    def handler(mine: Mut[UncheckedAccount]) -> None:
        Plain.view(mine).count += 1

    assert probe(handler, data={"mine": bytes(8)}).accounts["mine"].data[0] == 1
