"""Programs that follow the rules of the runtime or break one, as requested by the caller."""

from __future__ import annotations

from typing import Any

from sealane import (
    AccountMeta,
    Instruction,
    Pubkey,
)
from sealane.programs import (
    Context,
    Mut,
    Option,
    Program,
    Signer,
    UncheckedAccount,
    u8,
    u64,
)
from sealane.programs.library.system import system

GROWTH_MAX = 10 * 1024
ruled = Program("ruled")
partner = Program("partner")
kept: list[Any] = []


@ruled.instruction(tag=0)
def add_lamports(mine: Mut[UncheckedAccount], lamports: u64) -> None:
    mine.lamports += lamports


@ruled.instruction(tag=1)
def take_lamports(mine: Mut[UncheckedAccount], lamports: u64) -> None:
    mine.lamports -= lamports


@ruled.instruction(tag=2)
def resize(mine: Mut[UncheckedAccount], length: u64) -> None:
    mine.resize(length)


@ruled.instruction(tag=3)
def grow_and_shrink(mine: Mut[UncheckedAccount], length: u64) -> None:
    before = mine.data_len
    mine.resize(length)
    mine.resize(before)


@ruled.instruction(tag=4)
def keep_data(mine: Mut[UncheckedAccount]) -> None:
    kept.append(mine.data[:1])


@ruled.instruction(tag=5)
def pay(
    ctx: Context,
    mine: Mut[UncheckedAccount],
    source: Mut[UncheckedAccount],
    target: Mut[UncheckedAccount],
    lamports: u64,
    bump: Option[u8] = None,
) -> None:
    """Writes its own account, then pays from `source` by a nested call that claims a signature."""
    mine.data[0] = 77
    call = system.transfer(source=source, destination=target, lamports=lamports)
    seeds = [] if bump is None else [[b"vault", bytes((bump,))]]
    ctx.invoke(call, signer_seeds=seeds)


@ruled.instruction(tag=6)
def pay_undeclared(ctx: Context, source: Mut[Signer]) -> None:
    ctx.invoke(system.transfer(source=source, destination="stranger", lamports=1))


@ruled.instruction(tag=7)
def write_through(ctx: Context, mine: Mut[UncheckedAccount], read_only: UncheckedAccount) -> None:
    mine.data[0] = 77
    ctx.invoke(add_lamports(mine=read_only, lamports=0))


@ruled.instruction(tag=8)
def claim_twice(ctx: Context, mine: Mut[UncheckedAccount], source: Mut[UncheckedAccount]) -> None:
    """Lists the source twice: once with the rights it has, once with more."""
    mine.data[0] = 77
    metas = (
        AccountMeta(source.key, writable=True),
        AccountMeta(mine.key, writable=True),
        AccountMeta(source.key, signer=True),
    )
    ctx.invoke(Instruction(system.id, metas, system.transfer.tag + bytes(8)))


@ruled.instruction(tag=9)
def nest(ctx: Context, mine: Mut[UncheckedAccount], depth: u8) -> None:
    mine.data[0] += 1
    if depth:
        ctx.invoke(nest(mine=mine, depth=depth - 1))


@ruled.instruction(tag=10)
def call_partner(ctx: Context, mine: Mut[UncheckedAccount], back: bool) -> None:
    mine.data[0] = 77
    ctx.invoke(answer(account=mine, back=back))


@ruled.instruction(tag=11)
def consume(ctx: Context, units: u64) -> None:
    ctx.consume(units)


@ruled.instruction(tag=12)
def return_data(ctx: Context, length: u64) -> None:
    ctx.set_return_data(bytes(length))


@ruled.instruction(tag=13)
def call_unknown(ctx: Context, mine: Mut[UncheckedAccount]) -> None:
    mine.data[0] = 77
    ctx.invoke(Instruction(Pubkey.of("nobody"), ()))


@ruled.instruction(tag=14)
def create(ctx: Context, payer: Mut[Signer], account: Mut[Signer], space: u64) -> None:
    call = system.create_account(
        source=payer, account=account, lamports=1, space=space, owner=ruled.id
    )
    ctx.invoke(call)


@ruled.instruction(tag=15)
def call_many(ctx: Context, mine: Mut[UncheckedAccount], calls: u64) -> None:
    mine.data[0] = 77
    for _ in range(calls):
        ctx.invoke(consume(units=0))


@ruled.instruction(tag=16)
def invoke_unbalanced(ctx: Context, mine: Mut[UncheckedAccount]) -> None:
    """Takes lamports before the call and gives them back after it."""
    mine.lamports -= 1
    ctx.invoke(consume(units=0))
    mine.lamports += 1


@ruled.instruction(tag=17)
def take_any(accounts: list[UncheckedAccount]) -> None: ...


@ruled.instruction(tag=18)
def hand_on(ctx: Context, mine: Mut[UncheckedAccount], to: Mut[UncheckedAccount]) -> None:
    """A nested call of the same program moves lamports; the sum is right at every level."""
    mine.lamports -= 5
    to.lamports += 5
    ctx.invoke(consume(units=7))


@ruled.instruction(tag=19)
def look_across(ctx: Context, mine: Mut[UncheckedAccount]) -> None:
    part = mine.data[:1]
    ctx.invoke(nest(mine=mine, depth=0))
    part[0] = 3


@partner.instruction(tag=0)
def answer(ctx: Context, account: Mut[UncheckedAccount], back: bool) -> None:
    if back:
        ctx.invoke(take_any(accounts=[account]))
    else:
        account.data[0] = 1


def vault() -> tuple[Pubkey, int]:
    return Pubkey.find_program_address([b"vault"], ruled.id)
