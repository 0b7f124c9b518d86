"""Transactions as people write them: plain objects, turned into a block's columns at the edge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from .pubkey import Pubkey


class AccountMeta(NamedTuple):
    """One account of an instruction, with the access that is declared for it."""

    key: Pubkey
    signer: bool = False
    writable: bool = False


@dataclass(frozen=True, slots=True)
class Instruction:
    """A call of `program_id` on `accounts`, with its arguments in the program's wire encoding.

    `program` is the Python program that built this, if one did: a runtime that does not know it
    yet learns it from here. It takes no part in comparisons.
    """

    program_id: Pubkey
    accounts: tuple[AccountMeta, ...]
    data: bytes = b""
    program: object = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, init=False)
class Transaction:
    """Instructions that take effect together or not at all.

    `payer` (a key or a name) pays the fee and signs; by default the first signer named in the
    instructions. `fee` in lamports; None leaves it to the block's fee per signature.
    `id` names the transaction in receipts; None becomes `t` and its position.
    `cost` weighs it in plans (compute units where known); None counts as 1.
    A transaction without instructions that names `writes` and `reads` can be planned, not run.
    """

    instructions: tuple[Instruction, ...]
    payer: Pubkey | None
    id: str | None
    fee: int | None
    cost: int | None
    writes: tuple[Pubkey, ...]
    reads: tuple[Pubkey, ...]

    def __init__(
        self,
        instructions: Sequence[Instruction] = (),
        *,
        payer: str | bytes | None = None,
        id: str | None = None,  # noqa: A002 - the field's word
        fee: int | None = None,
        cost: int | None = None,
        writes: Sequence[str | bytes] = (),
        reads: Sequence[str | bytes] = (),
    ) -> None:
        paying = _first_signer(instructions) if payer is None else Pubkey.of(payer)
        object.__setattr__(self, "instructions", tuple(instructions))
        object.__setattr__(self, "payer", paying)
        object.__setattr__(self, "id", id)
        object.__setattr__(self, "fee", fee)
        object.__setattr__(self, "cost", cost)
        object.__setattr__(self, "writes", tuple([Pubkey.of(key) for key in writes]))
        object.__setattr__(self, "reads", tuple([Pubkey.of(key) for key in reads]))

    @property
    def plan_only(self) -> bool:
        """Whether this names only its locks, so that it can be planned but not run."""
        return not self.instructions and bool(self.writes or self.reads)


def _first_signer(instructions: Sequence[Instruction]) -> Pubkey | None:
    for instruction in instructions:
        for meta in instruction.accounts:
            if meta.signer:
                return meta.key
    return None
