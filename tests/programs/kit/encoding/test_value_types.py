"""A value of a subclass, with methods of its own, passes no rule that a plain one would not.

Each case hands over something that says of itself what it equals, how long it is or what it holds.
"""

from __future__ import annotations

from typing import Any, cast

import pytest

from sealane import AccountMeta, Instruction, Pubkey
from sealane.programs import (
    Context,
    Layout,
    Mut,
    ProgramFailure,
    Signer,
    UncheckedAccount,
    u64,
)
from sealane.programs.library.system import system

from ..conftest import Probe


class Count(Layout):
    count: u64


class Marked(Layout, discriminator=b"MARK"):
    count: u64


class Twin(Marked, discriminator=b"TWIN"):
    pass


class Holder(Layout):
    inner: Marked


class AnyKey(Pubkey):
    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return hash(bytes(self))


class SecondTime(Pubkey):
    """Equal from the second comparison on."""

    asked = 0

    def __eq__(self, other: object) -> bool:
        SecondTime.asked += 1
        return SecondTime.asked > 1

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(bytes(self))


class OtherBytes(bytes):
    def __bytes__(self) -> bytes:
        return b"others"

    def __len__(self) -> int:
        return 6


class OtherText(str):
    __slots__ = ()

    def encode(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
        return b"others"


class OwnInstruction(Instruction):
    """Names another account each time that it is asked."""

    asked = 0

    def __getattribute__(self, name: str) -> Any:
        if name == "accounts":
            OwnInstruction.asked += 1
            key = "alice" if OwnInstruction.asked > 1 else "bob"
            return (
                AccountMeta(Pubkey.of(key), True, True),
                AccountMeta(Pubkey.of("bob"), False, True),
            )
        return object.__getattribute__(self, name)


@pytest.mark.parametrize("kind", [AnyKey, SecondTime])
def test_an_owner_is_what_its_bytes_say(probe: Probe, kind: type[Pubkey]) -> None:
    SecondTime.asked = 0

    def handler(mine: Mut[UncheckedAccount]) -> None:
        mine.data = bytes(8)  # pyright: ignore[reportAttributeAccessIssue]
        mine.owner = kind(bytes(Pubkey.of("token")))
        assert type(mine.owner) is Pubkey
        mine.data = b"mintfake"  # pyright: ignore[reportAttributeAccessIssue]

    assert probe(handler).error.name == "ExternalAccountDataModified"


def test_a_nested_call_signs_for_nobody_else(probe: Probe) -> None:
    transfer = system.transfer(source="alice", destination="bob", lamports=5)

    def handler(ctx: Context, alice: Mut[UncheckedAccount], bob: Mut[UncheckedAccount]) -> None:
        own, bump = Pubkey.find_program_address([b"x"], ctx.program_id)

        class Both(Pubkey):
            def __eq__(self, other: object) -> bool:
                return bytes(cast(bytes, other)) in (bytes(own), bytes(alice.key))

            def __hash__(self) -> int:
                return hash(bytes(own))

        metas = (AccountMeta(Both(alice.key), True, True), AccountMeta(bob.key, False, True))
        call = Instruction(system.id, metas, transfer.data)
        ctx.invoke(call, signer_seeds=[[b"x", bytes([bump])]])

    assert probe(handler).error.name == "PrivilegeEscalation"


def test_a_nested_call_is_exactly_an_instruction(probe: Probe) -> None:
    transfer = system.transfer(source="alice", destination="bob", lamports=5)

    def handler(ctx: Context, alice: Mut[UncheckedAccount], bob: Mut[Signer]) -> None:
        call = OwnInstruction(system.id, (), transfer.data)
        OwnInstruction.asked = 0
        ctx.invoke(call)

    outcome = probe(handler)
    assert outcome.receipt.error is None
    assert (OwnInstruction.asked, outcome.accounts["alice"].lamports) == (1, 100)


def test_bytes_and_texts_are_what_they_hold(probe: Probe) -> None:
    def handler(ctx: Context, mine: Mut[UncheckedAccount]) -> None:
        mine.data = OtherBytes(b"own data")
        assert bytes(mine.data) == b"own data"
        ctx.set_return_data(OtherBytes(b"own data"))

    outcome = probe(handler)
    assert outcome.receipt.return_data == b"own data"
    assert Pubkey.of(OtherText("alice")) == Pubkey.of("alice")


@pytest.mark.parametrize("value", [Twin(count=1), Count(count=1), 5, None])
def test_a_nested_value_has_the_layout_of_its_field(value: Any) -> None:
    with pytest.raises(ProgramFailure, match=r"Holder\.inner: .* is no Marked"):
        Holder(inner=value)
