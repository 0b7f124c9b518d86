"""Layouts in batch handlers: values made of columns; properties and methods that run on them."""

from __future__ import annotations

import pytest

from sealane import Account
from sealane.programs import (
    Context,
    COption,
    InstructionSpec,
    Layout,
    Mut,
    Program,
    Pubkey,
    u8,
    u64,
)
from sealane.testing import BatchRow
from sealane.testing.batch import compare_rows


class Jar(Layout):
    keeper: COption[Pubkey]
    count: u64

    @property
    def is_owned(self) -> bool:
        """Right for one jar, but `is` would give one answer for all rows."""
        return self.keeper is not None

    @property
    def twice(self) -> int:
        """Right for one jar and for many."""
        return 2 * self.count

    def plus(self, more: int) -> int:
        """The same with an argument."""
        return self.count + more


class Seen(Layout, discriminator=b"seen"):
    jar: Pubkey
    small: u8
    wide: u64

    @property
    def total(self) -> int:
        """Of both numbers."""
        return self.small + self.wide


jars = Program("jars", layouts=[Jar])


@jars.instruction(tag=0)
def look(ctx: Context, jar: Mut[Jar], more: u64) -> None:
    """Tell of a jar; fails where the count needs more than a byte."""
    seen = Seen(jar=jar.key, small=jar.count, wide=jar.twice)
    ctx.emit(seen)
    ctx.set_return_data(seen.encode())
    jar.count = seen.total + jar.plus(more)


@jars.instruction(tag=1)
def misread(jar: Mut[Jar], more: u64) -> None:
    """Uses a property that is for one jar only."""
    jar.count = more * jar.is_owned


@jars.instruction(tag=2)
def mistake(ctx: Context, jar: Mut[Jar], more: u64) -> None:
    """Makes a layout with a field that it does not have."""
    ctx.emit(Seen(jar=jar.key, none=more))


@jars.instruction(tag=3)
def default(ctx: Context, jar: Mut[Jar], more: u64) -> None:
    """Leaves fields at their defaults."""
    ctx.emit(Seen(wide=more))


for each in (look, misread, mistake, default):
    each.batch(each.handler)


def _rows() -> list[BatchRow]:
    jar = [Jar(keeper="ann" if n % 3 else None, count=100 * (n % 4)) for n in range(20)]
    return [
        BatchRow({"jar": (f"jar {n}", Account(1, jars.id, jar[n].encode()))}, {"more": n})
        for n in range(20)
    ]


@pytest.mark.parametrize(
    ("spec", "stayed", "failures"),
    [
        (look, 15, {"ArithmeticOverflow"}),
        (misread, 0, set[str]()),
        (mistake, 0, {"ProgramFailedToComplete"}),
        (default, 20, set[str]()),
    ],
)
def test_rows_end_as_they_do_alone(spec: InstructionSpec, stayed: int, failures: set[str]) -> None:
    in_group, met = compare_rows(spec, _rows(), raising=False)
    assert met == failures
    if stayed:
        assert in_group == stayed
