"""A program that touches what its data says, so that a test knows what a transaction needs."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from sealane import Instruction, Pubkey
from sealane.primitives import AccountMeta
from sealane.programs import Context, Errors, Mut, Program, Rest, UncheckedAccount, require


class ProbeError(Errors):
    Other = 1, "it holds something else"


probe = Program("probe", errors=ProbeError)
LETTERS: Final = "abcdef"


class Deed(IntEnum):
    """What is done to an account. KEEP writes what is there already."""

    READ = 0
    WRITE = 1
    KEEP = 2


@probe.instruction(tag=0)
def act(ctx: Context, deeds: Rest) -> None:
    """Pairs of bytes: which letter's account, and what is done to it."""
    for letter, deed in zip(deeds[::2], deeds[1::2], strict=True):
        account = ctx.account(LETTERS[letter])
        held = bytes(account.data)
        if deed != Deed.READ:
            account.data = bytes((held[0] + (deed == Deed.WRITE),))


@probe.instruction(tag=1)
def note(target: Mut[UncheckedAccount], beside: UncheckedAccount) -> None:
    """Writes `target` where it holds something, and looks at nothing else."""
    if target.data[0]:
        target.data = b"\x00"


@probe.instruction(tag=2)
def forget(target: UncheckedAccount) -> None:
    """Writes what its signature declares read-only."""
    target.data = b"\x07"


@probe.instruction(tag=3)
def pass_on(ctx: Context, deeds: Rest) -> None:
    """Has another instruction do it, with every right that it claims for it."""
    touched = dict.fromkeys(deeds[::2], False)
    for letter, deed in zip(deeds[::2], deeds[1::2], strict=True):
        touched[letter] |= deed != Deed.READ
    metas = tuple(
        AccountMeta(Pubkey.of(LETTERS[letter]), writable=write) for letter, write in touched.items()
    )
    ctx.invoke(Instruction(probe.id, metas, b"\x00" + deeds))


@probe.instruction(tag=4)
def want_six(ctx: Context) -> None:
    """Fails unless the first letter's account was written once since the block began."""
    require(ctx.account("a").data[0] == 6, ProbeError.Other)


@probe.instruction(tag=5)
def tip(target: UncheckedAccount) -> None:
    """Credits what its signature declares read-only."""
    target.lamports += 1
