"""Whose account a parameter with a layout accepts: settled by the handler's program, for good.

bank ──lists──▶ Balance ◀──lists── forger         pay_out(claim: Balance) of bank takes an
                                                  account of bank, never one of forger
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import pytest

from sealane import Instruction, Pubkey, Route, Runtime, Transaction
from sealane.primitives import DefinitionError, UsageError
from sealane.programs import (
    Errors,
    Layout,
    Mut,
    Owner,
    Program,
    Signer,
    UncheckedAccount,
    u64,
)
from sealane.programs.library.token import AccountState, Mint, TokenAccount
from sealane.testing import Vm


class Balance(Layout):
    amount: u64


class Foreign(Layout):
    amount: u64


class Mark(Layout, discriminator=b"MARK"):
    pass


class Room(Layout, discriminator=b"ROOM", size=32):
    pass


class Bare(Layout):
    pass


class BankError(Errors):
    NotOurs = 1, "not an account of the bank"


bank = Program("bank", layouts=[Balance, Foreign], errors=BankError)


@bank.instruction(tag=0)
def pay_out(claim: Balance, vault: Mut[UncheckedAccount], to: Mut[UncheckedAccount]) -> None:
    vault.lamports -= claim.amount
    to.lamports += claim.amount


@bank.instruction(tag=1)
def pay_out_vectorized(
    claim: Balance, vault: Mut[UncheckedAccount], to: Mut[UncheckedAccount]
) -> None:
    vault.lamports -= claim.amount
    to.lamports += claim.amount


pay_out_vectorized.batch(pay_out_vectorized.handler)

forger = Program("forger", layouts=[Balance])


@forger.instruction(tag=0)
def write(claim: Mut[Balance], amount: u64) -> None:
    claim.amount = amount


auditor = Program("auditor", layouts=[Balance], errors=BankError)


@auditor.instruction(tag=0)
def check(claim: Annotated[Balance, Owner("bank", error=BankError.NotOurs)]) -> None:
    del claim


check.batch(check.handler)


@auditor.instruction(tag=1)
def check_foreign(claim: Annotated[Mut[Foreign], Owner(bank)], by: Signer) -> None:
    del claim, by


@auditor.instruction(tag=2)
def check_tokens(account: Mut[TokenAccount], mint: Mint) -> None:
    del account, mint


@auditor.instruction(tag=3)
def check_marks(mark: Annotated[Mark, Owner("bank")], room: Annotated[Room, Owner(bank)]) -> None:
    del mark, room


def outcomes(calls: list[Instruction], workers: int, route: Route | None) -> list[str | None]:
    """What became of each call, with accounts of every owner in place."""
    with Runtime(workers=workers, programs=[bank, forger, auditor], route=route) as runtime:
        for owner in ("bank", "forger", "auditor", "token", "system"):
            runtime.set_account(f"of_{owner}", lamports=1, owner=owner, data=Balance(amount=5))
        for n in range(len(calls)):
            runtime.set_account(f"vault_{n}", lamports=100, owner=bank)
        result = runtime.execute([Transaction([call], payer="payer") for call in calls])
        return [None if t.error is None else t.error.name for t in result.transactions]


@pytest.mark.parametrize("spec", [pay_out, pay_out_vectorized])
@pytest.mark.parametrize(
    ("workers", "route"), [(0, None), (1, Route.ONE_WORKER), (1, Route.LANES), (2, Route.LANES)]
)
def test_an_account_of_a_program_with_the_same_layout_is_refused(
    spec: Callable[..., Instruction], workers: int, route: Route | None
) -> None:
    owners = ["bank", "forger", "bank", "auditor", "token", "system", "bank"] * 3
    calls = [
        spec(claim=f"of_{owner}", vault=f"vault_{n}", to=f"to_{n}")
        for n, owner in enumerate(owners)
    ]
    wanted = [None if owner == "bank" else "InvalidAccountOwner" for owner in owners]
    assert outcomes(calls, workers, route) == wanted


@pytest.mark.parametrize(("workers", "route"), [(0, None), (1, Route.ONE_WORKER), (2, Route.LANES)])
def test_a_mark_names_the_owner_and_the_error(workers: int, route: Route | None) -> None:
    owners = ["bank", "forger", "auditor"]
    calls = [check(claim=f"of_{owner}") for owner in owners]
    calls += [check_foreign(claim=f"of_{owner}", by="payer") for owner in owners]
    assert outcomes(calls, workers, route) == [
        *(None, "NotOurs", "NotOurs"),
        *(None, "InvalidAccountOwner", "InvalidAccountOwner"),
    ]


def made(name: str, key: str | None = None) -> tuple[Program, Any]:
    """The same program under a name of its own, as a test's fixture makes it."""
    program = Program(name, id=key, layouts=[Balance])

    @program.instruction(tag=0)
    def add(state: Mut[Balance], who: Signer) -> None:
        del who
        state.amount += 1

    return program, add


def test_programs_made_by_a_function_own_what_is_theirs_on_any_number_of_workers() -> None:
    roots: set[str] = set()
    for workers in (0, 1, 2):
        program, add = made("second")
        made("third")  # made later, and not taken part
        with Runtime(workers=workers, programs=[program]) as runtime:
            runtime.set_account("state", lamports=1, owner=program, data=Balance())
            call = add(state="state", who="ann")
            result = runtime.execute([Transaction([call]) for _ in range(3)])
            assert [receipt.error for receipt in result.transactions] == [None] * 3
            roots.add(result.state_root)
    assert len(roots) == 1


def test_a_program_made_twice_with_another_key_takes_only_its_own() -> None:
    (_, first), (program, second) = made("twin"), made("twin", key="another key")
    with Vm([program]) as vm:
        vm.set_account("own", owner=program, data=Balance())
        vm.set_account("others", owner=first.program.id, data=Balance())
        assert vm.send(second(state="own", who="ann")).ok
        with vm.fails("InvalidAccountOwner"):
            vm.send(second(state="others", who="ann"))


def test_layouts_of_the_library_belong_to_their_programs_wherever_they_are_taken() -> None:
    with Vm([auditor]) as vm:
        mint = Mint(mint_authority="ann", decimals=0, supply=0, is_initialized=True)
        vm.set_account("mint", data=mint)
        vm.set_account("tokens", data=TokenAccount(mint="mint", state=AccountState.Initialized))
        vm.set_account("forged", owner="auditor", data=TokenAccount(mint="mint"))
        assert vm.account("tokens").owner == Pubkey.of("token")
        assert vm.send(check_tokens(account="tokens", mint="mint"), payer="ann").ok
        with vm.fails("InvalidAccountOwner", account="account"):
            vm.send(check_tokens(account="forged", mint="mint"), payer="ann")


def test_a_layout_without_fields_is_checked_like_any_other() -> None:
    with Vm([auditor, bank]) as vm:
        vm.set_account("mark", owner="bank", data=Mark())
        vm.set_account("room", owner="bank", data=Room())
        vm.set_account("forged", owner="forger", data=Mark())
        assert vm.send(check_marks(mark="mark", room="room"), payer="ann").ok
        for mark, room, error in (
            ("forged", "room", "InvalidAccountOwner"),
            ("nobody", "room", "InvalidAccountOwner"),
            ("room", "room", "InvalidAccountData"),
            ("mark", "mark", "InvalidAccountData"),
        ):
            with vm.fails(error):
                vm.send(check_marks(mark=mark, room=room), payer="ann")


def in_module(name: str, source: str, **known: Any) -> dict[str, Any]:
    """What a module of this name has after these lines."""
    space = {**known, "__name__": name, "Layout": Layout, "Program": Program, "u64": u64}
    exec(source, space)
    return space


LAYOUT = "class Shared(Layout):\n    n: u64\n"
READER = """
reader = Program("reader")
@reader.instruction(tag=0)
def read(state: Shared) -> None: ...
"""


def owner_read(space: dict[str, Any]) -> str:
    return space["reader"].instructions["read"].accounts[0].owner.name


@pytest.mark.parametrize("forged_first", [True, False])
def test_only_the_program_in_the_layouts_own_module_is_meant_elsewhere(forged_first: bool) -> None:
    home = in_module("home", LAYOUT)
    forged = 'forged = Program("forged", layouts=[Shared])'
    if forged_first:
        in_module("elsewhere", forged, **home)
    exec('own = Program("own", layouts=[Shared])', home)
    if not forged_first:
        in_module("elsewhere", forged, **home)
    shared = {"Shared": home["Shared"]}
    assert owner_read(in_module("a reader", READER, **shared)) == "own"


def test_a_layout_that_no_program_of_its_module_lists_is_an_error() -> None:
    shared = {"Shared": in_module("home", LAYOUT)["Shared"]}
    remedy = r"'state' has the layout Shared.*layouts=\[…, Shared\].*Annotated\[Shared, Owner\("
    with pytest.raises(DefinitionError, match=remedy + r'"token"\)'):
        in_module("a reader", READER, **shared)
    in_module("elsewhere", 'forged = Program("forged", layouts=[Shared])', **shared)
    with pytest.raises(DefinitionError, match=remedy + r'"forged"\)'):
        in_module("a reader", READER, **shared)


def test_two_programs_of_its_module_leave_open_whose_a_layout_is() -> None:
    both = 'a = Program("a", layouts=[Shared])\nb = Program("b", layouts=[Shared])'
    with pytest.raises(DefinitionError, match=r"Owner\(\"a\"\)"):
        in_module("home", LAYOUT + both + READER)
    again = 'a = Program("a", layouts=[Shared])\na = Program("a", layouts=[Shared])'
    assert owner_read(in_module("home", LAYOUT + again + READER)) == "a"


def test_a_layout_may_name_its_program() -> None:
    named = 'class Shared(Layout, program="token"):\n    n: u64\n'
    assert owner_read(in_module("home", named + READER)) == "token"
    with pytest.raises(DefinitionError, match="does not list"):  # what it inherits is bytes
        in_module("home", named + "class Shared(Shared): ..." + READER)
    own = 'p = Program("token", id="another", layouts=[Shared])'
    with pytest.raises(DefinitionError, match=r"program='token', whose key would be Token"):
        in_module("home", named + own)


def test_an_account_set_without_an_owner_belongs_to_the_only_program_that_can_be_meant() -> None:
    space = in_module("home", LAYOUT + 'one = Program("one", layouts=[Shared])')
    other = in_module("elsewhere", 'other = Program("other", layouts=[Shared])', **space)
    layout = space["Shared"]
    with Vm() as vm:
        vm.set_account("x", data=layout())  # of the layout's own module
        assert vm.account("x").owner == Pubkey.of("one")
    with Vm([other["other"]]) as vm:
        vm.set_account("x", data=layout(n=4))  # the one that this Vm knows
        assert vm.account("x").owner == Pubkey.of("other")
        assert vm.read("x", layout).n == 4
        vm.set_account("x", owner="forger", data=layout())
        with pytest.raises(UsageError, match=r"x is no other\.Shared: it belongs to forger"):
            vm.read("x", layout)
    with Runtime(workers=0, programs=[space["one"], other["other"]]) as runtime:
        with pytest.raises(UsageError, match=r"owner of 'x': several programs .*: one, other; say"):
            runtime.set_account("x", data=layout())
        runtime.set_account("x", owner="other", data=layout())
        assert runtime.account("x").owner == Pubkey.of("other")
        runtime.set_account("y", data=Bare())
        assert runtime.account("y").owner == Pubkey.of("system")
