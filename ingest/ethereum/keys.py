"""The keys of Ethereum's state: what a transaction reads or writes, one value each.

An account has a balance, a nonce, a code and slots of storage, and each is a key of its own:
`0xADDRESS:balance`, `:nonce`, `:code`, `:SLOT`. An address is `0x` and 40 lowercase hex digits; a
slot is `0x` and hex digits without leading zeros (`0x0` is the first).
Guarantees: one key has one spelling. Does not: check that text is hex; the readers do.
"""

from __future__ import annotations

from typing import Final, NamedTuple, TypeAlias

BALANCE: Final = "balance"
NONCE: Final = "nonce"
CODE: Final = "code"

# A balance, a nonce or a slot is an int, code is bytes; what does not exist is 0 or b"".
StateValue: TypeAlias = int | bytes


class StateKey(NamedTuple):
    """One value of the state: `part` is `balance`, `nonce`, `code`, or a slot.

    >>> StateKey.slot("0x" + 40 * "a", 10).name
    '0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:0xa'
    """

    address: str
    part: str

    @property
    def name(self) -> str:
        """`address:part`, as commands show it and take it."""
        return f"{self.address}:{self.part}"

    @property
    def is_slot(self) -> bool:
        return self.part not in (BALANCE, NONCE, CODE)

    @property
    def absent(self) -> StateValue:
        """What this key holds where nothing was ever written."""
        return b"" if self.part == CODE else 0

    @classmethod
    def slot(cls, address: str, slot: int) -> StateKey:
        return cls(address, hex(slot))
