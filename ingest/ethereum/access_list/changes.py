"""A block access list as EIP-7928 has it: for each account, what was read and what it became.

Guarantees: one shape for all spellings, in the order of the document; no rule is checked yet.
Source: EIP-7928, "RLP Data Structures".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, NamedTuple

from ....primitives.keccak import keccak_hex
from ..keys import BALANCE, CODE, NONCE
from ..rlp import RlpItem, encode_rlp

INDEX_BITS: Final = 16  # a BlockAccessIndex
NONCE_BITS: Final = 64
INDEX_MAX: Final = (1 << INDEX_BITS) - 1
# The lists of an account that hold changes, by the part of the key, as places name them.
CHANGE_FIELDS: Final = {BALANCE: "balanceChanges", NONCE: "nonceChanges", CODE: "codeChanges"}


class Numbering(Enum):
    """What an index stands for."""

    # 0 is before the first transaction, 1 … n are the transactions, n + 1 is after the last one.
    EIP_7928 = "EIP-7928"
    # The format of early experiments: 0 … n - 1 are the transactions; there is nothing else.
    FROM_ZERO = "from zero"


class Change(NamedTuple):
    """What something became in a step of the block, its BlockAccessIndex: an int, or code."""

    step: int
    value: int | bytes


class SlotChanges(NamedTuple):
    """What a slot became, step by step."""

    slot: int
    changes: Sequence[Change]


class AccountChanges(NamedTuple):
    """What was read and changed of one address, `0x` and 40 lowercase hex digits."""

    address: str
    storage_changes: Sequence[SlotChanges]
    storage_reads: Sequence[int]
    balance_changes: Sequence[Change]
    nonce_changes: Sequence[Change]
    code_changes: Sequence[Change]

    def changes_of(self, part: str) -> Sequence[Change]:
        """The changes of the balance, the nonce or the code."""
        return {
            BALANCE: self.balance_changes,
            NONCE: self.nonce_changes,
            CODE: self.code_changes,
        }[part]

    @property
    def is_untouched(self) -> bool:
        """Whether the address is listed without anything that was read or changed."""
        return not any(self[1:])


@dataclass(frozen=True, slots=True)
class AccessList:
    """The accounts of a list in its order, and keccak(rlp(list)) as `0x` and 64 digits.

    `padded_slots`: whether RLP spelled slots and their values in 32 bytes each, as early
    experiments did; EIP-7928 has integers without leading zeros.
    """

    accounts: Sequence[AccountChanges]
    hash: str
    padded_slots: bool = False


def hash_of(accounts: Sequence[AccountChanges]) -> str:
    """keccak(rlp(list)) of accounts in the order given."""
    return keccak_hex(encode_rlp([_account_item(account) for account in accounts]))


def _account_item(account: AccountChanges) -> RlpItem:
    return [
        bytes.fromhex(account.address[2:]),
        [[_integer(slot), _change_items(changes)] for slot, changes in account.storage_changes],
        [_integer(slot) for slot in account.storage_reads],
        _change_items(account.balance_changes),
        _change_items(account.nonce_changes),
        _change_items(account.code_changes),
    ]


def _change_items(changes: Sequence[Change]) -> RlpItem:
    return [
        [_integer(index), value if isinstance(value, bytes) else _integer(value)]
        for index, value in changes
    ]


def _integer(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")
