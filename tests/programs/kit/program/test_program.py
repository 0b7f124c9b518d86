"""A program as a whole: its key, its layouts, its instructions by name."""

from __future__ import annotations

import pytest

from sealane import Pubkey, Runtime, Transaction
from sealane.programs import Layout, Mut, Program, Signer, u8, u64


class Marked(Layout, discriminator=b"MARK"):
    count: u64


class AlsoMarked(Layout, discriminator=b"MARKED"):
    count: u8


class Sized(Layout):
    count: u64


class Longer(Layout):
    count: u64
    more: u64


class Tailed(Layout, discriminator=b"TAIL"):
    text: str


def test_the_key_follows_from_the_name_unless_given() -> None:
    assert Program("counter").id == Pubkey.of("counter")
    assert Program("counter", id="someone").id == Pubkey.of("someone")
    assert Program("counter", id=bytes(32)).id == Pubkey.of("system")
    with pytest.raises(ValueError, match="32 bytes"):
        Program("counter", id=b"short")


def test_the_layout_of_an_account_is_told_by_its_bytes() -> None:
    program = Program("several", layouts=[Marked, Sized, Longer, Tailed])
    assert program.layout_of(Marked().encode()) is Marked
    assert program.layout_of(Marked().encode() + bytes(9)) is Marked
    assert program.layout_of(Sized(count=5).encode()) is Sized
    assert program.layout_of(Longer().encode()) is Longer
    assert program.layout_of(Tailed(text="hello").encode()) is Tailed
    for unknown in (b"", bytes(7), bytes(9), bytes(17), b"MAR"):
        assert program.layout_of(unknown) is None


def test_layouts_that_cannot_be_told_apart_are_not_guessed() -> None:
    class Twin(Layout):
        other: u64

    assert Program("twins", layouts=[Sized, Twin]).layout_of(bytes(8)) is None


def test_the_longer_of_two_discriminators_decides() -> None:
    program = Program("marks", layouts=[Marked, AlsoMarked])
    # 12 bytes that begin with MARKED could be either; the more telling one is meant.
    assert program.layout_of(AlsoMarked(count=1).encode() + bytes(5)) is AlsoMarked
    assert program.layout_of(Marked(count=1).encode()) is Marked


def test_instructions_by_name() -> None:
    program = Program("counter")

    @program.instruction(tag=0)
    def increment(authority: Signer) -> None:
        """Add one."""

    assert program.increment is increment
    assert increment.full_name == "counter.increment"
    assert (increment.__doc__ or "").startswith("Add one.\n\nAccounts\n")
    with pytest.raises(AttributeError, match=r"no instruction 'decrement'; it has increment"):
        _ = program.decrement
    with pytest.raises(AttributeError):
        _ = program._private
    assert repr(program) == f"Program('counter', id={program.id})"


def test_an_account_must_belong_to_the_program_of_its_layout() -> None:
    class Foreign(Layout):
        count: u64

    Program("foreign", layouts=[Foreign])
    program = Program("reader", layouts=[Sized])

    @program.instruction(tag=0)
    def own(state: Mut[Sized]) -> None: ...

    @program.instruction(tag=1)
    def foreign(state: Foreign) -> None: ...

    with Runtime(workers=0) as runtime:
        for owner in ("reader", "foreign", "someone"):
            runtime.set_account(owner + "_state", owner=owner, data=bytes(8))
        for spec, right in ((own, "reader"), (foreign, "foreign")):
            for owner in ("reader", "foreign", "someone"):
                call = spec(state=owner + "_state")
                (receipt,) = runtime.execute([Transaction([call])]).transactions
                if owner == right:
                    assert receipt.ok
                    continue
                assert receipt.error is not None
                assert receipt.error.name == "InvalidAccountOwner"
                assert f"must belong to {right}" in receipt.error.message


def test_an_account_must_hold_its_layout() -> None:
    program = Program("reader", layouts=[Marked])

    @program.instruction(tag=0)
    def read(state: Marked) -> None: ...

    with Runtime(workers=0) as runtime:
        for data in (b"", b"MARK", b"KRAM" + bytes(8), Marked().encode()[:-1]):
            runtime.set_account("state", owner=program, data=data)
            (receipt,) = runtime.execute([Transaction([read(state="state")])]).transactions
            assert receipt.error is not None
            assert receipt.error.name == "InvalidAccountData"
            assert receipt.error.account == str(Pubkey.of("state"))
        runtime.set_account("state", owner=program, data=Marked().encode() + b"more")
        assert runtime.execute([Transaction([read(state="state")])]).ok
