"""Which layouts a program's handlers may both add to."""

from __future__ import annotations

import pytest

from sealane.primitives import DefinitionError
from sealane.programs import Adds, Layout, Program, Pubkey, u64


class Pot(Layout):
    """A sum behind a key."""

    keeper: Pubkey
    total: u64


def test_layouts_that_disagree_on_sums_cannot_both_be_added_to() -> None:
    class Other(Layout):
        total: u64
        keeper: Pubkey

    program = Program("both", layouts=[Pot, Other])

    @program.instruction(tag=0)
    def first(pot: Adds[Pot]) -> None: ...

    with pytest.raises(DefinitionError, match="Pot and Other"):

        @program.instruction(tag=1)
        def second(pot: Adds[Other]) -> None: ...


def test_discriminators_tell_layouts_apart() -> None:
    class One(Layout, discriminator=b"1"):
        total: u64

    class Two(Layout, discriminator=b"2"):
        keeper: Pubkey
        total: u64

    program = Program("apart", layouts=[One, Two])

    @program.instruction(tag=0)
    def first(pot: Adds[One], other: Adds[Two]) -> None: ...

    assert first(pot="a", other="b").accounts[1].adds


def test_layouts_that_agree_can_both_be_added_to() -> None:
    class Longer(Layout):
        keeper: Pubkey
        total: u64
        more: u64

    program = Program("longer", layouts=[Pot, Longer])

    @program.instruction(tag=0)
    def first(pot: Adds[Pot], other: Adds[Longer]) -> None: ...

    assert first(pot="a", other="b").accounts[0].adds
