"""Collects the columns of a recorded block, one transaction at a time.

Guarantees: each key is decoded once per block; account ids are dense, by first occurrence. Does
not: read JSON.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from ...primitives import InputError, Pubkey
from ...primitives.cost_note import without_gaps
from ...primitives.known_keys import COMPUTE_BUDGET_ID
from ...wire.decoding import ACCOUNTS_MAX
from .evidence import Evidence
from .instruction_data import InstructionData, unit_price
from .locks import demote_writes
from .lookups import RESOLVED_REQUEST
from .messages import Message
from .recorded import BlockHeader, RecordedBlock, RecordedCalls, Unread
from .token_accounts import TokenAccount

FULL_REQUEST: Final = (
    'request the block with "transactionDetails": "full", "encoding": "base64" '
    'and "maxSupportedTransactionVersion": 1'
)
KEY_TEXT_LEN_MAX: Final = 44  # the most base58 digits that 32 bytes need


class Meta(NamedTuple):
    """A transaction's `meta` as recorded by the node. `balances` is (pre, post) or None."""

    fee: int = 0
    failed: bool = False
    error: object | None = None
    balances: tuple[list[int], list[int]] | None = None
    compute_units: int | None = None
    rent: int = 0
    tokens: Sequence[TokenAccount] = ()


class AccountIds(dict[bytes | str, int]):
    """Dense ids of account keys, raw or base58. A new key gets the next id."""

    def __init__(self) -> None:
        super().__init__()
        self.keys_by_id: list[Pubkey] = []

    def __missing__(self, key: bytes | str) -> int:
        if isinstance(key, str):
            found = self[_decode_key(key)]
        else:
            found = len(self.keys_by_id)
            self.keys_by_id.append(Pubkey(key))
        self[key] = found
        return found


def _decode_key(text: str) -> bytes:
    if len(text) > KEY_TEXT_LEN_MAX:
        raise InputError(f"account key {text[:KEY_TEXT_LEN_MAX]}… is too long for a key")
    try:
        return bytes(Pubkey.from_base58(text))
    except ValueError as error:
        raise InputError(f"account key {text!r} is not base58 of 32 bytes") from error


class BlockColumns:
    """The growing columns of a block."""

    def __init__(self) -> None:
        self.ids = AccountIds()
        self.names: list[str] = []
        self.seen: set[str] = set()
        self.offsets = array("q", [0])
        self.accounts: list[int] = []
        self.writable: list[bool] = []
        self.signer: list[bool] = []
        self.fee = array("Q")
        self.failed: list[bool] = []
        self.error: list[object | None] = []
        self.pre = array("Q")
        self.post = array("Q")
        self.rent = array("Q")
        self.compute_units: list[int | None] = []
        self.votes: list[bool] = []
        self.call_offsets = array("q", [0])
        self.call_programs: list[int] = []
        self.call_data: list[InstructionData] = []
        self.priority = array("q")
        self.tokens: dict[int, TokenAccount] = {}
        self.has_outcomes = True
        self.evidence: list[Evidence] = []
        self.obstacle: str | None = None
        self.unread: list[Unread] = []

    def add(self, message: Message, is_vote: bool, meta: Meta | None, evidence: Evidence) -> None:
        """Append a transaction. Raises InputError if its parts contradict each other."""
        accounts = [self.ids[key] for key in message.keys]
        keys = [self.ids.keys_by_id[account] for account in accounts]
        _check_accounts(keys)
        if message.signature in self.seen:
            raise InputError("an earlier transaction of the block has this signature too")
        self.seen.add(message.signature)
        self.names.append(message.signature)
        self.accounts += accounts
        self.offsets.append(len(self.accounts))
        self.writable += demote_writes(keys, message.writable, message.invoked)
        self.signer += message.signer
        self.votes.append(is_vote)
        self._add_calls(message, accounts)
        self.has_outcomes &= meta is not None
        self.evidence.append(evidence)
        self._add_meta(meta or Meta(), accounts)

    def leave_out(self, name: str, reason: str, *, declared: bool) -> None:
        """Record a transaction that cannot be read, so that the rest of its block still can."""
        self.unread.append(Unread(name, reason, declared))
        self.obstacle = self.obstacle or f"{name} cannot be replayed: {reason}"

    def _add_calls(self, message: Message, accounts: list[int]) -> None:
        bid = 0
        for program, data in message.instructions or ():
            self.call_programs.append(accounts[program])
            self.call_data.append(data)
            if self.ids.keys_by_id[accounts[program]] == COMPUTE_BUDGET_ID:
                bid = unit_price(data) or bid
        self.call_offsets.append(len(self.call_data))
        self.priority.append(bid)

    def _add_meta(self, meta: Meta, accounts: list[int]) -> None:
        self.fee.append(meta.fee)
        self.failed.append(meta.failed)
        self.error.append(meta.error)
        self.rent.append(meta.rent)
        self.compute_units.append(meta.compute_units)
        if meta.balances is None:
            self.obstacle = self.obstacle or (
                f"transaction {self.names[-1]} has no recorded balances; "
                f"{FULL_REQUEST}, from a node that keeps transaction history"
            )
        for token in meta.tokens:
            if token.position < len(accounts):
                self.tokens.setdefault(accounts[token.position], token)
        account_count = len(accounts)
        pre, post = meta.balances or ([0] * account_count, [0] * account_count)
        for field, balances in (("preBalances", pre), ("postBalances", post)):
            if len(balances) != account_count:
                raise InputError(
                    f"meta.{field} has {len(balances)} entries for {account_count} accounts; "
                    f"{RESOLVED_REQUEST}"
                )
        self.pre.extend(pre)
        self.post.extend(post)

    def finish(self, header: BlockHeader) -> RecordedBlock:
        return RecordedBlock(
            ids=self.names,
            keys=self.ids.keys_by_id,
            offsets=np.array(self.offsets, dtype=np.int64),
            accounts=np.array(self.accounts, dtype=np.uint32),
            writable=np.array(self.writable, dtype=np.bool_),
            signer=np.array(self.signer, dtype=np.bool_),
            fee=np.array(self.fee, dtype=np.uint64),
            failed=np.array(self.failed, dtype=np.bool_),
            error=self.error,
            pre=np.array(self.pre, dtype=np.uint64),
            post=np.array(self.post, dtype=np.uint64),
            rent=np.array(self.rent, dtype=np.uint64),
            compute_units=np.array(without_gaps(self.compute_units), dtype=np.uint64),
            is_vote=np.array(self.votes, dtype=np.bool_),
            priority=np.array(self.priority, dtype=np.int64),
            calls=RecordedCalls(
                np.array(self.call_offsets, dtype=np.int64),
                np.array(self.call_programs, dtype=np.uint32),
                self.call_data,
            ),
            token_accounts=self.tokens,
            has_outcomes=self.has_outcomes,
            units_known=np.array([each is not None for each in self.compute_units], dtype=np.bool_),
            unread=self.unread,
            replay_obstacle=self.obstacle,
            header=header,
            evidence=self.evidence,
        )


def _check_accounts(keys: list[Pubkey]) -> None:
    if len(keys) > ACCOUNTS_MAX:
        raise InputError(f"{len(keys)} accounts, {ACCOUNTS_MAX} at most")
    if len(set(keys)) == len(keys):
        return
    seen: set[Pubkey] = set()
    for key in keys:
        if key in seen:
            raise InputError(f"account {key} is there twice; a node refuses such a transaction")
        seen.add(key)
