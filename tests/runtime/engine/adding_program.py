"""A program for tests of adds: it adds, reads, takes, and fails after it has added."""

from __future__ import annotations

from sealane.programs import (
    Adds,
    Context,
    Errors,
    Layout,
    Mut,
    Program,
    UncheckedAccount,
    require,
    u64,
    u128,
)


class Pot(Layout):
    """`least`: adds below it fail. No add changes it."""

    least: u64
    total: u64
    wide: u128


class AddingError(Errors):
    """What a call may fail with."""

    TooMuch = 1, "more than the limit"
    Empty = 2, "less than was asked for"


adding = Program("adding", errors=AddingError, layouts=[Pot])


@adding.instruction(tag=0)
def give(source: Mut[UncheckedAccount], pot: Adds[Pot], lamports: u64, amount: u64) -> None:
    """Move lamports into a pot, and add to its total."""
    require(lamports <= source.lamports, AddingError.Empty)
    source.lamports -= lamports
    pot.lamports += lamports
    pot.total += amount


give.batch(give.handler)


@adding.instruction(tag=1)
def give_and_check(pot: Adds[Pot], amount: u64, limit: u64) -> None:
    """Add, and fail afterwards if it was more than a limit."""
    pot.total += amount
    pot.wide += amount
    require(amount <= limit, AddingError.TooMuch)


@adding.instruction(tag=2)
def take(ctx: Context, pot: Mut[Pot], target: Mut[UncheckedAccount], amount: u64) -> None:
    """Take from a pot, which reads and writes it."""
    require(amount <= pot.total, AddingError.Empty, lambda: f"{pot.total}, {pot.wide}")
    pot.total -= amount
    some = min(amount, pot.lamports)
    pot.lamports -= some
    target.lamports += some
    ctx.log(f"{pot.total} {pot.wide} {pot.lamports}")


@adding.instruction(tag=3)
def look(ctx: Context, pot: Pot) -> None:
    """Read a pot."""
    ctx.log(f"{pot.least} {pot.total} {pot.wide} {pot.lamports}")


@adding.instruction(tag=4)
def give_nested(
    ctx: Context, source: Mut[UncheckedAccount], pot: Adds[Pot], lamports: u64, amount: u64
) -> None:
    """Call `give`."""
    ctx.invoke(give(source=source, pot=pot, lamports=lamports, amount=amount))


@adding.instruction(tag=5)
def give_catching(pot: Adds[Pot], amount: u64) -> None:
    """Add, or add 1 where that would overflow."""
    try:
        pot.total += amount
    except Exception:
        pot.total += 1
