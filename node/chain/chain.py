"""What makes a chain this chain: its name and its rules, kept in an account of the state.

Guarantees: the account is part of the state, and so durable with the first block; a node whose
runtime has other rules refuses to go on. No transaction may name the account. Does not: change once
a chain has begun.

Blockhash: sha256("sealane blockhash 1\\n" ‖ chain id ‖ 0 ‖ height as 8 bytes ‖ state root). Before
the first block it is of the height before it, and of the hash of the genesis in place of a root.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from ...primitives import SYSTEM_PROGRAM_ID, Account, Pubkey, UsageError
from ...programs.kit import Clock
from ...programs.kit.accounts.sysvars import SLOTS_PER_EPOCH
from ...runtime.state.state import State

PROTOCOL: Final = 1  # changes with everything that makes two nodes disagree about a block
NODE_ID: Final = Pubkey(hashlib.sha256(b"sealane node program\n").digest())
CHAIN_KEY: Final = Pubkey(hashlib.sha256(b"sealane node chain\n").digest())
_BLOCKHASH_DOMAIN: Final = b"sealane blockhash 1\n"
_GENESIS_DOMAIN: Final = b"sealane genesis 1\n"


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain's rules. Times are in milliseconds; `accounts`: a hash of the genesis accounts, hex.

    `block_limits`: the name of those that every proposal keeps, of LIMITS_BY_SIMD in
    scheduler/packing. `programs`: the names of all programs that transactions may call.
    `signatures`: whether they are verified; `root`: the kind of state root.
    """

    chain_id: str
    initial_height: int
    genesis_time_ms: int
    block_time_ms: int
    lamports_per_signature: int
    rent: bool
    signatures: bool
    root: str
    block_limits: str
    programs: tuple[str, ...]
    accounts: str
    protocol: int = PROTOCOL

    @property
    def genesis_hash(self) -> bytes:
        """32 bytes, over all of the above."""
        return hashlib.sha256(_GENESIS_DOMAIN + self.encode()).digest()

    @property
    def genesis_blockhash(self) -> bytes:
        """What the transactions of the first block name."""
        return self.blockhash(self.initial_height - 1, self.genesis_hash)

    def height_of(self, blocks: int) -> int:
        """The height of the last of so many blocks; the one before the first, if there is none."""
        return self.initial_height - 1 + blocks

    def blockhash(self, height: int, root: bytes) -> bytes:
        name = self.chain_id.encode() + b"\0"
        preimage = _BLOCKHASH_DOMAIN + name + height.to_bytes(8, "little") + root
        return hashlib.sha256(preimage).digest()

    def clock(self, height: int) -> Clock:
        """The clock of the block at a height: a function of these rules alone.

        Its slot is the height; its time is that of the genesis and `block_time_ms` for each height.
        """
        epoch = height // SLOTS_PER_EPOCH
        return Clock(height, epoch, self._time_s(height), self._time_s(epoch * SLOTS_PER_EPOCH))

    def _time_s(self, height: int) -> int:
        return (self.genesis_time_ms + height * self.block_time_ms) // 1_000

    def encode(self) -> bytes:
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":")).encode()

    def account(self) -> Account:
        """The account that holds the chain, under CHAIN_KEY."""
        return Account(1, NODE_ID, self.encode())


def chain_of(account: Account | None) -> Chain | None:
    """The chain in this account; None if there is none yet. Raises UsageError."""
    if account is None or account == Account(0, SYSTEM_PROGRAM_ID):
        return None
    try:
        values: dict[str, Any] = json.loads(account.data)
        values["programs"] = tuple(values["programs"])
        found = Chain(**values)
    except (ValueError, TypeError, KeyError) as error:
        raise UsageError(
            "the state has a chain that this sealane cannot read; use the one that began it"
        ) from error
    if found.protocol != PROTOCOL:
        raise UsageError(
            f"the state's chain has protocol {found.protocol}, this sealane has {PROTOCOL}; use "
            "the sealane that began it"
        )
    return found


def require_no_chain(state: State, folder: str) -> None:
    """Raise UsageError for the store of a node: what others commit there would end its chain."""
    account = state.get(CHAIN_KEY)
    if account is not None and account.owner == NODE_ID:
        raise UsageError(
            f"{folder} is the store of a node, which could not go on after changes by others; take "
            f"its accounts from there: sealane state {folder} --export FILE"
        )


def require_same(stored: Chain, given: Chain) -> None:
    """Raise UsageError, with the first difference, if a node would go on by other rules."""
    _require_programs(stored.programs, given.programs)
    there, here = asdict(stored), asdict(given)
    for name, value in there.items():
        if here[name] != value:
            raise UsageError(
                f"the state belongs to a chain with {name} {value!r}, and this node has "
                f"{here[name]!r}; run it with the same rules, or use another store"
            )


def _require_programs(there: Sequence[str], here: Sequence[str]) -> None:
    missing = [name for name in there if name not in here]
    too_many = [name for name in here if name not in there]
    said = [
        f"{what} {', '.join(names)}"
        for what, names in (("lacks", missing), ("has besides", too_many))
        if names
    ]
    if said:
        raise UsageError(
            f"the chain's programs are others: this node {' and '.join(said)}; give it the same "
            "programs (--program), or use another store"
        )
