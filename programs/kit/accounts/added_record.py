"""The record of an account that its transaction only adds to.

Adds of several transactions may run at the same time, in any order, so nothing of such a record
depends on what the others have added: `lamports` and `sums` are what this transaction added, and
start at 0. What the account holds is known only to the check for overflow.

A check that holds in any order must hold for the sum of all adds. So where the order is free
(`ordered` False), nothing may rise above half of its type's range: then each sum fits, whichever
adds come before it, those of failed transactions included. Where something does rise above it, the
record is `doubtful`: the outcome cannot be trusted, and the block must be executed in order.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final, NamedTuple

from ....primitives import Account, InstructionErrors, Pubkey
from ..encoding.codec import RangeError
from ..encoding.scalar_codecs import IntCodec
from .record import AccountRecord

SUM_WIDTHS: Final = (8, 16)  # bytes of the unsigned integers that can be added to


class Place(NamedTuple):
    """Where a sum is in an account's data: its first byte, and its bytes; LAMPORTS is elsewhere."""

    offset: int
    width: int


LAMPORTS: Final = Place(-1, 8)


class AddsDoubtful(Exception):
    """What is added to an account may overflow on the way, so nothing of the try can be kept.

    `account`: its id in the block.
    """

    def __init__(self, account: int) -> None:
        self.account = account
        super().__init__(account)


class AddedRecord(AccountRecord):
    """`lamports` and `sums` by place: what was added so far. `base`: what the account holds.

    The account's data is never writable. `ordered`: whether all earlier adds are in `base`.
    """

    __slots__ = ("base", "doubtful", "ordered", "sums")

    adds: ClassVar[bool] = True

    def __init__(self, key: Pubkey, state: Account, *, ordered: bool) -> None:
        super().__init__(key, state, writable=False)
        self.base = state.lamports
        self.lamports = 0
        self.writable = True
        self.ordered = ordered
        self.doubtful = False
        self.sums: dict[Place, int] = {}

    def takes_lamports(self, total: int) -> bool:
        """Whether this is more than was added so far, and nothing is against it."""
        fits = not (self.base + total) >> (63 + self.ordered)
        return fits and total >= self.lamports and not self.executable

    def added(self, place: Place) -> int:
        """What this transaction has added there."""
        return self.lamports if place is LAMPORTS else self.sums.get(place, 0)

    def put(self, place: Place, total: int, name: str) -> None:
        """Set what this transaction has added there. Raises RangeError if the sum overflows."""
        bits = 8 * place.width
        reached = self._held(place) + total
        if reached >> (bits if self.ordered else bits - 1):
            self.doubtful = not self.ordered
            raise overflow(name, place)
        if place is LAMPORTS:
            self.lamports = total
        else:
            self.sums[place] = total

    @property
    def balance(self) -> int:
        """The lamports that storage would hold; as `state`."""
        return self.base + self.lamports

    def state(self) -> Account:
        """What storage would hold after this transaction, if no other added to the account."""
        return added_to(
            Account(self.base, self.owner, bytes(self.buffer), self.executable),
            self.lamports,
            self.sums,
        )

    def _held(self, place: Place) -> int:
        return self.base if place is LAMPORTS else held_at(self.buffer, place)


def held_at(data: bytes | bytearray, place: Place) -> int:
    """The integer at a place of an account's data."""
    return int.from_bytes(data[place.offset : place.offset + place.width], "little")


def overflow(name: str, place: Place) -> RangeError:
    """The error of an add that would exceed its type. Does not say what the account holds."""
    most = IntCodec(place.width)
    return RangeError(
        InstructionErrors.ArithmeticOverflow,
        f"{name} cannot hold what is added to it: {most.name} ends at {most.high}",
    )


def added_to(state: Account, lamports: int, sums: Mapping[Place, int]) -> Account:
    """The account with these lamports and sums added."""
    data = state.data
    if sums:
        changed = bytearray(data)
        for place, total in sums.items():
            reached = held_at(data, place) + total
            changed[place.offset : place.offset + place.width] = reached.to_bytes(
                place.width, "little"
            )
        data = bytes(changed)
    return state._replace(lamports=state.lamports + lamports, data=data)
