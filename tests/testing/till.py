"""A program for these tests: a till that takes lamports by a nested call, and gives them out."""

from __future__ import annotations

from sealane.programs import (
    Context,
    Errors,
    InstructionErrors,
    Layout,
    Mut,
    Program,
    Pubkey,
    Signer,
    UncheckedAccount,
    i64,
    require,
    u64,
)
from sealane.programs.library.system import system


class Till(Layout):
    authority: Pubkey
    taken: u64
    opens_at: i64


class TillError(Errors):
    WrongAuthority = 1, "the signer is not this till's authority"
    NotOpen = 2, "the till is not open yet"


till = Program("till", errors=TillError, layouts=[Till])


@till.instruction(tag=0)
def put(ctx: Context, drawer: Mut[Till], customer: Mut[Signer], amount: u64) -> None:
    require(ctx.clock.unix_timestamp >= drawer.opens_at, TillError.NotOpen, account=drawer)
    ctx.log(f"taking {amount}")
    ctx.invoke(system.transfer(source=customer, destination=drawer, lamports=amount))
    ctx.log("taken")
    drawer.taken += amount
    ctx.set_return_data(drawer.taken.to_bytes(8, "little"))


@till.instruction(tag=1)
def give(drawer: Mut[Till], authority: Signer, to: Mut[UncheckedAccount], amount: u64) -> None:
    require(drawer.authority == authority.key, TillError.WrongAuthority, account=authority)
    drawer.lamports -= amount
    to.lamports += amount


@till.instruction(tag=2)
def look(drawer: Mut[Till], passer_by: UncheckedAccount, authority: Signer) -> None:
    """Declares more than it uses: it writes nothing, and never looks at the passer-by."""
    require(drawer.authority == authority.key, TillError.WrongAuthority)


@till.instruction(tag=3)
def cheat(drawer: Till) -> None:
    """Writes what it declares as read-only."""
    drawer.taken = 0


@till.instruction(tag=4)
def audit(inspector: UncheckedAccount | None, drawers: list[Till], note: bytes) -> None:
    """Takes all kinds of parameters, for reports to show."""
    require(not drawers, InstructionErrors.InvalidArgument, "there are drawers")
