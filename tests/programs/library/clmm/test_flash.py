"""Flash loans: repaid with the fee by a nested call, or not at all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sealane import Instruction, Pubkey
from sealane.programs import Context, Mut, Program, Signer, UncheckedAccount, u64
from sealane.programs.library.clmm import ClmmError, clmm
from sealane.programs.library.token import token
from sealane.testing import Vm

from .venue import PLENTY, Venue

borrower = Program("borrower")


@borrower.instruction(tag=0)
def pay(
    ctx: Context,
    source0: Mut[UncheckedAccount],
    source1: Mut[UncheckedAccount],
    vault0: Mut[UncheckedAccount],
    vault1: Mut[UncheckedAccount],
    owner: Signer,
    amount0: u64,
    amount1: u64,
) -> None:
    """Pay into the vaults: what a borrower does after all else."""
    for source, vault, amount in ((source0, vault0, amount0), (source1, vault1, amount1)):
        call = token.transfer(source=source, destination=vault, authority=owner, amount=amount)
        ctx.invoke(call)


@borrower.instruction(tag=1)
def fund(
    ctx: Context,
    pool: Mut[UncheckedAccount],
    position: Mut[UncheckedAccount],
    source0: Mut[UncheckedAccount],
    source1: Mut[UncheckedAccount],
    vault0: Mut[UncheckedAccount],
    vault1: Mut[UncheckedAccount],
    owner: Signer,
    amount0: u64,
) -> None:
    """Pay what was lent in as one's own."""
    parts = {"pool": pool, "position": position, "source0": source0, "source1": source1}
    call = clmm.fund_position(
        **parts, vault0=vault0, vault1=vault1, owner=owner, amount0=amount0, amount1=0
    )
    ctx.invoke(call)


@pytest.fixture
def vm() -> Iterator[Vm]:
    with Vm(programs=[borrower]) as vm:
        yield vm


@pytest.fixture(autouse=True)
def liquidity(venue: Venue, vm: Vm) -> None:
    venue.open("range", -600, 600)
    vm.send(venue.add("range", 10**9))


def loan(amount0: int, amount1: int, paid0: int, paid1: int) -> Instruction:
    names = ("bob 0", "bob 1", "vault0", "vault1")
    repaying = pay(
        **dict(zip(("source0", "source1", "vault0", "vault1"), names, strict=True)),
        owner="bob",
        amount0=paid0,
        amount1=paid1,
    )
    return clmm.flash(
        pool="pool",
        vault0="vault0",
        vault1="vault1",
        destination0="bob 0",
        destination1="bob 1",
        borrower=borrower.id,
        accounts=[*names, "bob"],
        amount0=amount0,
        amount1=amount1,
        data=repaying.data,
    )


def through(program: Pubkey, call: Instruction, amount0: int) -> Instruction:
    """A loan whose nested call is this one, of a program."""
    names = [str(meta.key) for meta in call.accounts]
    return clmm.flash(
        pool="pool",
        vault0="vault0",
        vault1="vault1",
        destination0="bob 0",
        destination1="bob 1",
        borrower=program,
        accounts=names,
        amount0=amount0,
        amount1=0,
        data=call.data,
    )


def send(vm: Vm, call: Instruction) -> None:
    vm.send(call, signers=["bob"], payer="bob")


def test_the_fee_goes_to_the_liquidity_at_the_price(venue: Venue, vm: Vm) -> None:
    with vm.fails(ClmmError.FlashUnpaid0):
        send(vm, loan(1_001, 0, 1_001 + 3, 0))
    send(vm, loan(1_001, 0, 1_001 + 4, 0))  # 0.3% of 1001, rounded up
    assert venue.held("bob") == (PLENTY - 4, PLENTY)
    assert venue.pool.fee_growth0 == 4 * (1 << 128) // 10**9


def test_what_is_paid_without_a_loan_is_shared_too(venue: Venue, vm: Vm) -> None:
    vm.send(clmm.set_fee_protocol(pool="pool", admin="admin", fee_protocol0=0, fee_protocol1=6))
    send(vm, loan(0, 0, 500, 567))
    pool = venue.pool
    assert (pool.fee_growth0, pool.fee_growth1) == (
        500 * (1 << 128) // 10**9,
        473 * (1 << 128) // 10**9,
    )
    assert (pool.protocol_fees0, pool.protocol_fees1) == (0, 94)


@pytest.mark.parametrize(
    ("paid0", "paid1", "error"),
    [
        (1_003, 2_006, None),
        (1_002, 2_006, ClmmError.FlashUnpaid0),
        (1_003, 2_005, ClmmError.FlashUnpaid1),
        (0, 0, ClmmError.FlashUnpaid0),
    ],
)
def test_all_of_it_is_due(
    paid0: int, paid1: int, error: ClmmError | None, venue: Venue, vm: Vm
) -> None:
    if error is None:
        send(vm, loan(1_000, 2_000, paid0, paid1))
        return
    before = venue.held("vault")
    with vm.fails(error):
        send(vm, loan(1_000, 2_000, paid0, paid1))
    assert venue.held("vault") == before


def test_nobody_to_pay_the_fee_to(venue: Venue, vm: Vm) -> None:
    vm.send(venue.remove("range", 10**9))
    with vm.fails(ClmmError.NoLiquidity, account="pool"):
        send(vm, loan(1, 0, 2, 0))


def test_no_more_than_there_is(venue: Venue, vm: Vm) -> None:
    with vm.fails("token.InsufficientFunds"):
        send(vm, loan(venue.held("vault")[0] + 1, 0, PLENTY, 0))


def test_what_is_lent_is_not_paid_in_as_ones_own(venue: Venue, vm: Vm) -> None:
    venue.open("own", -600, 600, owner="bob")
    with vm.fails(ClmmError.Locked):
        send(vm, through(clmm.id, venue.fund("own", 1_003, 0), 1_000))
    names = ("pool", "source0", "source1", "vault0", "vault1")
    keys = ("pool", "bob 0", "bob 1", "vault0", "vault1")
    parts = dict(zip(names, keys, strict=True))
    call = fund(position="own", owner="bob", amount0=1_003, **parts)
    with vm.fails("ReentrancyNotAllowed"):
        send(vm, through(borrower.id, call, 1_000))
