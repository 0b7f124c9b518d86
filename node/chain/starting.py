"""Begins a chain in an empty state: its accounts and its rules, put in place for the first block.

Guarantees: nothing is durable before the first block. Called again before it, the same call gives
the same answer, and another one is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from ...primitives import Account, Pubkey, UsageError
from ...runtime import Runtime
from ...runtime.commitments.history import hash_accounts
from ...runtime.state.placed_accounts import require_storable
from ...scheduler.packing import LIMITS_BY_SIMD
from .chain import CHAIN_KEY, Chain, require_same
from .genesis import require_free
from .limits import BLOCK_TIME_MS_MAX, CHAIN_ID_LEN_MAX, GENESIS_TIME_MS_MAX, HEIGHT_MAX

BLOCK_LIMITS: Final = "0306"  # what validators of mainnet-beta enforce
BLOCK_TIME_MS: Final = 1_000  # how far each block moves the clock, unless the chain says otherwise


class NodeRules(NamedTuple):
    """The rules that a node brings, beside those of its runtime. Raises UsageError by
    `require_sound`. `signatures`, `block_limits`: as of Chain."""

    signatures: bool = True
    block_limits: str = BLOCK_LIMITS

    def require_sound(self) -> None:
        if type(self.signatures) is not bool:
            raise UsageError(f"signatures={self.signatures!r}: say True or False")
        if self.block_limits not in LIMITS_BY_SIMD:
            known = ", ".join(LIMITS_BY_SIMD)
            raise UsageError(f"block_limits={self.block_limits!r}: choose one of {known}")


class Given(NamedTuple):
    """What a chain is told when it begins; the other rules are the node's. Raises UsageError by
    `require_sound`."""

    chain_id: str
    initial_height: int = 1
    genesis_time_ms: int = 0
    block_time_ms: int = BLOCK_TIME_MS

    def require_sound(self) -> None:
        _require_range("initial_height", self.initial_height, 1, HEIGHT_MAX)
        _require_range("genesis_time_ms", self.genesis_time_ms, 0, GENESIS_TIME_MS_MAX)
        _require_range("block_time_ms", self.block_time_ms, 0, BLOCK_TIME_MS_MAX)
        name = self.chain_id
        if not (0 < len(name) <= CHAIN_ID_LEN_MAX and name.isascii() and name.isprintable()):
            raise UsageError(
                f"chain_id={name!r}: give 1 to {CHAIN_ID_LEN_MAX} printable ASCII characters"
            )


def rules_of(runtime: Runtime, rules: NodeRules, given: Given, accounts: str) -> Chain:
    """The chain that this node begins when it is given this. `accounts`: their hash, hex."""
    return Chain(
        **given._asdict(),
        **rules._asdict(),
        lamports_per_signature=runtime.lamports_per_signature,
        rent=runtime.rent,
        root=runtime.root_kind,
        programs=tuple(runtime.programs.names()),
        accounts=accounts,
    )


def require_rules(stored: Chain, runtime: Runtime, rules: NodeRules) -> None:
    """Raise UsageError if this node has other rules than the chain in its state."""
    given = Given(
        stored.chain_id, stored.initial_height, stored.genesis_time_ms, stored.block_time_ms
    )
    require_same(stored, rules_of(runtime, rules, given, stored.accounts))


def require_no_blocks(runtime: Runtime) -> None:
    """Raise UsageError if a chain cannot begin any more."""
    if runtime.height:
        raise UsageError(
            f"the state has {runtime.height} blocks: its chain has begun; use an empty store for a "
            "new one"
        )


def require_genesis(begun: Chain | None, accounts: Mapping[Pubkey, Account]) -> None:
    """Raise UsageError if a chain has begun, and not with these accounts."""
    if begun is not None and hash_accounts(accounts).hex() != begun.accounts:
        raise UsageError(
            f"the chain {begun.chain_id!r} in the store began with other accounts than the genesis "
            "has; leave the genesis out, or use an empty store for a new chain"
        )


def put_in_place(
    runtime: Runtime,
    rules: NodeRules,
    begun: Chain | None,
    given: Given,
    accounts: Mapping[Pubkey, Account],
) -> Chain:
    """Put a chain and its accounts in place, unless it is already. `begun`: the state's chain,
    which must have no blocks; see `require_no_blocks`.

    Raises UsageError, InputError.
    """
    given.require_sound()
    require_storable(accounts)
    require_free(accounts)
    accounts_hash = hash_accounts(accounts).hex()
    chain = rules_of(runtime, rules, given, accounts_hash)
    if begun is not None:
        require_same(begun, chain)
        return begun
    if len(runtime.state):
        raise UsageError("the state has accounts already; give them to start_chain instead")
    runtime.place_accounts({**accounts, CHAIN_KEY: chain.account()})
    return chain


def _require_range(name: str, value: object, low: int, high: int) -> None:
    if type(value) is not int or not low <= value <= high:
        raise UsageError(f"{name}={value!r}: give an integer from {low:,} to {high:,}")
