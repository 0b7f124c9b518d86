"""One handler in many forms: each does the same work, and then something that affects how its calls
can be executed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from typing import Any, Final, NamedTuple

from ...primitives import SYSTEM_PROGRAM_ID, Account, Instruction, Pubkey, Transaction
from ...programs.kit import (
    Context,
    Errors,
    Layout,
    Mut,
    Program,
    ProgramFailure,
    Signer,
    UncheckedAccount,
    require,
    u32,
    u64,
)
from ...programs.kit.program.instruction import InstructionSpec
from ...programs.library.system import create_account, transfer
from .calls import FEE_LAMPORTS, STARTING_LAMPORTS
from .programs import spin


class Box(Layout):
    """The layout of the accounts."""

    count: u64
    total: u64


class FormError(Errors):
    """Errors of calls that are meant to fail."""

    Refused = 1, "refused, as it should be"


forms = Program("forms", errors=FormError, layouts=[Box])


@forms.instruction(tag=0)
def field(box: Mut[Box], owner: Signer, steps: u32) -> None:
    """Write a field."""
    box.count += spin(steps)


@forms.instruction(tag=1)
def write_data(box: Mut[Box], owner: Signer, steps: u32) -> None:
    """Write a slice of the data."""
    box.data[:8] = spin(steps).to_bytes(8, "little")


@forms.instruction(tag=2)
def read_data(box: Mut[Box], owner: Signer, steps: u32) -> None:
    """Read a slice of the data."""
    box.count = spin(steps) + box.data[0]


@forms.instruction(tag=3)
def raise_exception(box: Mut[Box], owner: Signer, steps: u32) -> None:
    """Fail by a Python exception."""
    raise ValueError(spin(steps))


@forms.instruction(tag=4)
def divide(box: Mut[Box], owner: Signer, steps: u32) -> None:
    """Fail by dividing by zero."""
    box.count = spin(steps) // box.total


@forms.instruction(tag=5)
def refuse(box: Mut[Box], owner: Signer, steps: u32) -> None:
    """Fail by an error of the program."""
    require(spin(steps) < 0, FormError.Refused)


@forms.instruction(tag=6)
def break_rule(box: Mut[Box], owner: Signer, steps: u32) -> None:
    """Fail by breaking a rule of the runtime: creating lamports."""
    box.lamports += spin(steps)


@forms.instruction(tag=7)
def swallow(box: Mut[Box], owner: Signer, steps: u32) -> None:
    """Catch an exception."""
    with suppress(ProgramFailure):
        require(spin(steps) < 0, FormError.Refused)
    box.count += 1


@forms.instruction(tag=8)
def nested(ctx: Context, box: Mut[Box], owner: Mut[Signer], steps: u32) -> None:
    """Call another program."""
    box.count += spin(steps)
    ctx.invoke(transfer(source=owner, destination=box, lamports=1))


@forms.instruction(tag=9)
def clock(ctx: Context, box: Mut[Box], owner: Signer, steps: u32) -> None:
    """Read the clock."""
    box.count = spin(steps) + ctx.clock.slot


@forms.instruction(tag=10)
def rent(ctx: Context, box: Mut[Box], owner: Signer, steps: u32) -> None:
    """Read the rent."""
    box.count = spin(steps) + ctx.rent.minimum_balance(16)


@forms.instruction(tag=11)
def return_data(ctx: Context, box: Mut[Box], owner: Signer, steps: u32) -> None:
    """Return data."""
    box.count = spin(steps)
    ctx.set_return_data(box.count.to_bytes(8, "little"))


@forms.instruction(tag=12)
def log(ctx: Context, box: Mut[Box], owner: Signer, steps: u32) -> None:
    """Log a line."""
    box.count = spin(steps)
    ctx.log(f"counted to {box.count}")


@forms.instruction(tag=13)
def consume(ctx: Context, box: Mut[Box], owner: Signer, steps: u32) -> None:
    """Charge compute units."""
    ctx.consume(spin(steps) % 1_000)
    box.count += 1


@forms.instruction(tag=14)
def emit(ctx: Context, box: Mut[Box], owner: Signer, steps: u32) -> None:
    """Emit an event."""
    ctx.emit(Box(count=spin(steps), total=0))


@forms.instruction(tag=15)
def resize(box: Mut[Box], owner: Signer, steps: u32) -> None:
    """Resize an account's data."""
    spin(steps)
    box.resize(box.data_len + 8)


@forms.instruction(tag=16)
def remaining(box: Mut[Box], rest: list[UncheckedAccount], steps: u32) -> None:
    """Take all remaining accounts."""
    box.count += spin(steps) + len(rest)


@forms.instruction(tag=17)
def optional(box: Mut[Box], owner: Signer, referrer: UncheckedAccount | None, steps: u32) -> None:
    """Have an optional account."""
    box.count += spin(steps) + (referrer is not None)


@forms.instruction(tag=18)
def text(box: Mut[Box], owner: Signer, steps: u32, name: str) -> None:
    """Have an argument of variable length."""
    box.count += spin(steps) + len(name)


@forms.instruction(tag=19)
def listed(box: Mut[Box], owner: Signer, steps: u32, numbers: list[u64]) -> None:
    """Have a list as an argument."""
    box.count += spin(steps) + sum(numbers)


@forms.instruction(tag=20)
def create(ctx: Context, payer: Mut[Signer], made: Mut[UncheckedAccount], steps: u32) -> None:
    """Create an account at an address derived from the program."""
    spin(steps)
    seeds = [b"made", bytes(payer.key)]
    address, bump = Pubkey.find_program_address(seeds, ctx.program_id)
    call = create_account(source=payer, account=address, lamports=1, space=16, owner=forms.id)
    ctx.invoke(call, signer_seeds=[[*seeds, bytes([bump])]])


@forms.instruction(tag=21)
def write_out(box: Mut[Box], owner: Signer, steps: u32) -> None:
    """Print an empty string."""
    box.count += spin(steps)
    print(end="")


class Form(NamedTuple):
    """A form of the handler. `calls`: the instructions of one transaction."""

    name: str
    title: str
    calls: Callable[[int, int], Sequence[Instruction]]


def _box(number: int) -> str:
    return f"box {number}"


def _owner(number: int) -> str:
    return f"owner {number}"


@cache
def _made(number: int) -> Pubkey:
    return Pubkey.find_program_address([b"made", bytes(Pubkey.of(_owner(number)))], forms.id)[0]


def _plain(spec: InstructionSpec, title: str, **more: Any) -> Form:
    def calls(number: int, steps: int) -> Sequence[Instruction]:
        return [spec(box=_box(number), owner=_owner(number), steps=steps, **more)]

    return Form(spec.name.replace("_", "-"), title, calls)


def _twice(number: int, steps: int) -> Sequence[Instruction]:
    return [field(box=_box(number), owner=_owner(number), steps=steps // 2)] * 2


def _with_rest(number: int, steps: int) -> Sequence[Instruction]:
    return [remaining(box=_box(number), rest=[_owner(number), "shared"], steps=steps)]


def _creation(number: int, steps: int) -> Sequence[Instruction]:
    return [create(payer=_owner(number), made=_made(number), steps=steps)]


FORMS: Final = (
    _plain(field, "write a field"),
    _plain(write_data, "write a slice of the data"),
    _plain(read_data, "read a slice of the data"),
    _plain(raise_exception, "raise ValueError"),
    _plain(divide, "divide by zero"),
    _plain(refuse, "fail by its own error"),
    _plain(break_rule, "break a rule"),
    _plain(swallow, "catch an exception"),
    _plain(nested, "call another program"),
    _plain(clock, "read the clock"),
    _plain(rent, "read the rent"),
    _plain(return_data, "return data"),
    _plain(log, "log a line"),
    _plain(consume, "charge compute units"),
    _plain(emit, "emit an event"),
    _plain(resize, "resize an account"),
    _plain(optional, "leave out an account", referrer=None),
    _plain(text, "take a text", name="a name"),
    _plain(listed, "take a list", numbers=[1, 2, 3]),
    _plain(write_out, "print"),
    Form("two-calls", "two instructions", _twice),
    Form("remaining", "take the accounts that are left", _with_rest),
    Form("create", "create an account at a derived address", _creation),
)


def form_transactions(form: Form, count: int, steps: int) -> list[Transaction]:
    """Transactions without conflicts, each of which works for `steps` steps."""
    return [
        Transaction(form.calls(number, steps), payer=_owner(number), fee=FEE_LAMPORTS)
        for number in range(count)
    ]


def form_accounts(count: int) -> tuple[list[Pubkey], list[Account]]:
    """The initial accounts of these transactions, the same for every form."""
    box = Account(STARTING_LAMPORTS, forms.id, Box(count=0, total=0).encode())
    owner = Account(STARTING_LAMPORTS, SYSTEM_PROGRAM_ID)
    names = [_box(number) for number in range(count)], [_owner(number) for number in range(count)]
    keys = [Pubkey.of(name) for name in (*names[0], *names[1])]
    made = [_made(number) for number in range(count)]
    return [*keys, *made], [box] * count + [owner] * count + [Account()] * count
