"""A block of Ethereum as far as it is known: who reads, writes and adds to which keys.

Every reader of this folder gives an EthereumBlock, and everything after it (columns, replay,
checks) asks only that. What a source does not say is None, and never a default.
Guarantees: keys are in the order in which the source has them; nothing changes once it is built.
Does not: read files, or decide what waits for what.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from .keys import StateKey, StateValue
from .signed import Signed


class BlockSource(Enum):
    """What kind of document a block was read from; the value is what people call it."""

    ACCESS_LIST = "block access list"
    SPEC_TEST = "execution-spec test"
    TRACE = "per-transaction trace"
    RPC_BLOCK = "eth_getBlockByNumber"
    PRESTATE = "prestateTracer"


@dataclass(frozen=True, slots=True)
class TransactionFacts:
    """What is known of one transaction beside its accesses; None for what is not.

    `hash`, `sender`, `to`: hex text in lower case. `to` is None for a contract's creation, too;
    `creates` tells them apart. `selector`: the first four bytes of the data, `0x` and 8 digits;
    None where there are fewer. `nonce`: the sender's, before. `authorizes`: whether it carries
    authorizations (EIP-7702), which raise nonces of accounts, its sender's maybe. `signed`: what
    its sender signed.
    """

    hash: str | None = None
    sender: str | None = None
    to: str | None = None
    creates: bool | None = None
    selector: str | None = None
    gas_used: int | None = None
    gas_limit: int | None = None
    nonce: int | None = None
    authorizes: bool | None = None
    signed: Signed | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What one transaction does to the state, or the system before or after all of them.

    `reads`: each key with the value found there. `writes`: each key with its value afterwards. A
    key that is read and written may be in both; it counts as written. `adds`: keys that the step
    only adds to, with their values afterwards; these are in no other mapping.
    A value is None where only the access is known.
    """

    reads: Mapping[StateKey, StateValue | None] = field(default_factory=dict[StateKey, None])
    writes: Mapping[StateKey, StateValue | None] = field(default_factory=dict[StateKey, None])
    adds: Mapping[StateKey, StateValue | None] = field(default_factory=dict[StateKey, None])


class KnownState(NamedTuple):
    """Values by key. `is_whole`: a key that is missing is absent from the state, so zero;
    otherwise nothing is known about it."""

    values: Mapping[StateKey, StateValue]
    is_whole: bool

    def get(self, key: StateKey) -> StateValue | None:
        """The value of a key; None if unknown."""
        found = self.values.get(key)
        return key.absent if found is None and self.is_whole else found


class Withdrawal(NamedTuple):
    """What the system pays an address after the last transaction, in wei."""

    address: str
    wei: int


class ListHash(NamedTuple):
    """keccak(rlp(list)): as the block's header has it (None if unknown), and as computed."""

    header: str | None
    computed: str


@dataclass(frozen=True, slots=True)
class EthereumBlock:
    """n transactions: `facts[i]` and `steps[i]` are of transaction i.

    `before` and `after`: what the system does before the first and after the last transaction.
    `number`, `hash`, `coinbase`, `gas_limit`: None if unknown; `coinbase_is_inferred` if no header
    says it. `reads_known`: whether the steps hold all reads. If not, `unindexed_reads` are what the
    block as a whole reads, no one knows in which transaction, and `touched` the addresses of which
    not even the keys are known. `writes_known` likewise: whether the steps hold all writes.
    `hints`: by transaction, keys that it may read or write (EIP-2930), or empty.
    `pre`: the state before the block, `post` what is expected after it; None if unknown.
    `withdrawals`: None if unknown. `case`: the name of the test that the block is from, and its
    number there where there are more.
    `refusal`: why the test expects the block to be refused; None for a block to be accepted.
    """

    source: BlockSource
    facts: Sequence[TransactionFacts]
    steps: Sequence[Step]
    before: Step = field(default_factory=Step)
    after: Step = field(default_factory=Step)
    number: int | None = None
    hash: str | None = None
    coinbase: str | None = None
    coinbase_is_inferred: bool = False
    gas_limit: int | None = None
    reads_known: bool = False
    writes_known: bool = True
    unindexed_reads: Sequence[StateKey] = ()
    touched: Sequence[str] = ()
    hints: Sequence[Sequence[StateKey]] = ()
    pre: KnownState | None = None
    post: KnownState | None = None
    withdrawals: Sequence[Withdrawal] | None = None
    list_hash: ListHash | None = None
    case: str | None = None
    refusal: str | None = None
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        """The number of transactions."""
        return len(self.steps)
