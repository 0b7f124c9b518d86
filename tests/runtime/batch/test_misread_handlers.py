"""Handlers that would mean something else vectorized than row by row: no route is affected.

Each runs serially and with workers, on enough calls to be vectorized.
"""

from __future__ import annotations

from contextlib import suppress
from enum import Enum
from typing import Any, Final

import pytest

from sealane import Runtime, Transaction
from sealane.programs import (
    Context,
    COption,
    Errors,
    InstructionSpec,
    Layout,
    Mut,
    Program,
    Pubkey,
    Signer,
    is_none,
    require,
    u64,
)

COUNT: Final = 600  # enough for workers, and for a group in each lane


class Color(Enum):
    Red = 0
    Green = 1


class Refused(Errors):
    No = 1, "no"


class Sheep(Layout):
    color: Color
    count: u64
    holder: Pubkey
    price: COption[u64]
    shorn: bool


flock = Program("flock", layouts=[Sheep], errors=Refused)


def is_red(color: Color) -> bool:
    return color is Color.Red


@flock.instruction(tag=0)
def by_helper(ctx: Context, sheep: Mut[Sheep], payer: Mut[Signer], n: u64) -> None:
    sheep.count = n if is_red(sheep.color) else 0


@flock.instruction(tag=1)
def by_identity(ctx: Context, sheep: Mut[Sheep], payer: Mut[Signer], n: u64) -> None:
    if sheep.price is None:
        sheep.price = n


@flock.instruction(tag=2)
def by_type(ctx: Context, sheep: Mut[Sheep], payer: Mut[Signer], n: u64) -> None:
    require(type(n) == int, Refused.No)  # noqa: E721
    sheep.count += n


@flock.instruction(tag=3)
def by_text(ctx: Context, sheep: Mut[Sheep], payer: Mut[Signer], n: u64) -> None:
    ctx.log(f"{n} for {sheep.holder}")


@flock.instruction(tag=4)
def by_caught_text(ctx: Context, sheep: Mut[Sheep], payer: Mut[Signer], n: u64) -> None:
    with suppress(TypeError):
        sheep.count = len(str(n))


@flock.instruction(tag=5)
def by_foreign_number(ctx: Context, sheep: Mut[Sheep], payer: Mut[Signer], n: u64) -> None:
    sheep.color = n  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]


@flock.instruction(tag=6)
def by_inversion(ctx: Context, sheep: Mut[Sheep], payer: Mut[Signer], n: u64) -> None:
    shorn: Any = sheep.shorn
    require(~shorn, Refused.No)
    sheep.count += n


@flock.instruction(tag=7)
def by_name(ctx: Context, sheep: Mut[Sheep], payer: Mut[Signer], n: u64) -> None:
    require(sheep.holder == "ann", Refused.No)
    sheep.count += n


@flock.instruction(tag=8)
def by_default(ctx: Context, sheep: Mut[Sheep], payer: Mut[Signer], n: u64) -> None:
    sheep.count = n if getattr(sheep.color, "name", "Red") == "Green" else 1


@flock.instruction(tag=9)
def by_truth(ctx: Context, sheep: Mut[Sheep], payer: Mut[Signer], n: u64) -> None:
    require(sheep.price, Refused.No)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    sheep.count += n


@flock.instruction(tag=10)
def by_comparison_with_none(ctx: Context, sheep: Mut[Sheep], payer: Mut[Signer], n: u64) -> None:
    require(sheep.price != None, Refused.No)  # noqa: E711
    sheep.count += n


@flock.instruction(tag=11)
def in_place(ctx: Context, sheep: Mut[Sheep], payer: Mut[Signer], n: u64) -> None:
    sheep.count += n


@flock.instruction(tag=12)
def in_place_by_flag(ctx: Context, sheep: Mut[Sheep], payer: Mut[Signer], n: u64) -> None:
    sheep.count += n


SHARED: Final = [spec for spec in flock.instructions.values() if "in_place" not in spec.name]
for shared in SHARED:
    shared.batch(shared.handler)


@in_place.batch
def in_place_rows(ctx: Any, sheep: Any, payer: Any, n: Any) -> None:
    payer.lamports.values[...] += 1_000
    sheep.count += n


@in_place_by_flag.batch
def in_place_by_flag_rows(ctx: Any, sheep: Any, payer: Any, n: Any) -> None:
    values = payer.lamports.values
    values.flags.writeable = True
    values[...] += 1_000
    sheep.count += n


def outcome(spec: InstructionSpec, workers: int) -> tuple[Any, ...]:
    with Runtime(workers=workers, programs=[flock]) as runtime:
        for n in range(COUNT):
            state = Sheep(
                color=Color(n % 2),
                count=n,
                holder="ann" if n % 3 else "bob",
                price=None if n % 5 else n % 2,
                shorn=n % 2 == 0,
            )
            runtime.set_account(f"s{n}", lamports=9, owner="flock", data=state)
            runtime.set_account(f"p{n}", lamports=100)
        result = runtime.execute(
            [
                Transaction([spec(sheep=f"s{n}", payer=f"p{n}", n=n % 3)], payer=f"p{n}", fee=5)
                for n in range(COUNT)
            ]
        )
        failures = [receipt.error and receipt.error.name for receipt in result.transactions]
        return failures, [receipt.logs for receipt in result.transactions], result.state_root


@pytest.mark.slow
@pytest.mark.parametrize("spec", flock.instructions.values(), ids=lambda spec: spec.name)
def test_every_route_has_the_outcome_of_the_scalar_handler(spec: InstructionSpec) -> None:
    serial = outcome(spec, 0)
    assert outcome(spec, 1) == serial
    assert outcome(spec, 2) == serial


@pytest.mark.parametrize(
    "spec", [by_helper, by_identity, by_type, by_inversion, by_default, by_caught_text]
)
def test_misread_handlers_are_found_in_advance(spec: InstructionSpec) -> None:
    found = spec.misread_when_vectorized
    assert found is not None
    assert "test_misread_handlers.py:" in found


def test_separate_batch_handlers_may_use_all_column_operations() -> None:
    assert in_place.misread_when_vectorized is None
    assert by_comparison_with_none.misread_when_vectorized is None


def test_functions_of_the_kit_accept_columns() -> None:
    """`is_none` holds an `is`."""
    program = Program("by_kit", layouts=[])

    @program.instruction(tag=0)
    def with_kit(payer: Mut[Signer], n: u64) -> None:
        require(is_none(n) == False, Refused.No)  # noqa: E712

    with_kit.batch(with_kit.handler)
    assert with_kit.misread_when_vectorized is None
