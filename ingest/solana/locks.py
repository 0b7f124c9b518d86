"""Which accounts a Solana transaction locks for writing: what it declares, less what is demoted.

Guarantees: the node's own rule. A key declared writable is locked read-only all the same when it
is reserved (a sysvar or a built-in program), or when the transaction invokes it as a program and
the upgradeable loader is not among its accounts.
Does not: know when a cluster activated the newer reserved keys. They count as reserved in every
block, as they do in the node's own `jsonParsed` output.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from ...primitives import Pubkey
from .wire import MessageHeader

UPGRADEABLE_LOADER: Final = Pubkey.from_base58("BPFLoaderUpgradeab1e11111111111111111111111")
VOTE_PROGRAM: Final = Pubkey.from_base58("Vote111111111111111111111111111111111111111")

# Source: RESERVED_ACCOUNTS of Agave's reserved-account-keys, all features activated.
BUILTIN_PROGRAMS: Final = frozenset(
    map(
        Pubkey.from_base58,
        (
            "11111111111111111111111111111111",
            "AddressLookupTab1e1111111111111111111111111",
            "BPFLoader1111111111111111111111111111111111",
            "BPFLoader2111111111111111111111111111111111",
            "BPFLoaderUpgradeab1e11111111111111111111111",
            "ComputeBudget111111111111111111111111111111",
            "Config1111111111111111111111111111111111111",
            "Ed25519SigVerify111111111111111111111111111",
            "Feature111111111111111111111111111111111111",
            "KeccakSecp256k11111111111111111111111111111",
            "LoaderV411111111111111111111111111111111111",
            "NativeLoader1111111111111111111111111111111",
            "Secp256r1SigVerify1111111111111111111111111",
            "Stake11111111111111111111111111111111111111",
            "StakeConfig11111111111111111111111111111111",
            "Vote111111111111111111111111111111111111111",
            "ZkE1Gama1Proof11111111111111111111111111111",
            "ZkTokenProof1111111111111111111111111111111",
        ),
    )
)
SYSVARS: Final = frozenset(
    map(
        Pubkey.from_base58,
        (
            "Sysvar1111111111111111111111111111111111111",
            "Sysvar1nstructions1111111111111111111111111",
            "SysvarC1ock11111111111111111111111111111111",
            "SysvarEpochRewards1111111111111111111111111",
            "SysvarEpochSchedu1e111111111111111111111111",
            "SysvarFees111111111111111111111111111111111",
            "SysvarLastRestartS1ot1111111111111111111111",
            "SysvarRecentB1ockHashes11111111111111111111",
            "SysvarRent111111111111111111111111111111111",
            "SysvarRewards111111111111111111111111111111",
            "SysvarS1otHashes111111111111111111111111111",
            "SysvarS1otHistory11111111111111111111111111",
            "SysvarStakeHistory1111111111111111111111111",
        ),
    )
)
RESERVED_KEYS: Final = BUILTIN_PROGRAMS | SYSVARS


def declared_writable(
    header: MessageHeader, static_count: int, loaded_writable: int, loaded_readonly: int
) -> list[bool]:
    """What a message declares, one flag an account: static keys, then the loaded ones."""
    required, readonly_signed, readonly_unsigned = header
    writable_signed = required - readonly_signed
    writable_unsigned = static_count - required - readonly_unsigned
    return (
        [True] * writable_signed
        + [False] * readonly_signed
        + [True] * writable_unsigned
        + [False] * readonly_unsigned
        + [True] * loaded_writable
        + [False] * loaded_readonly
    )


def demote_writes(
    keys: Sequence[Pubkey], declared: Sequence[bool], invoked: Iterable[int]
) -> list[bool]:
    """The flags that the node locks with. `invoked`: positions in `keys` called as programs.

    Idempotent, so flags that were demoted before they were recorded do no harm.
    """
    writable = [flag and key not in RESERVED_KEYS for key, flag in zip(keys, declared, strict=True)]
    if UPGRADEABLE_LOADER not in keys:
        for position in invoked:
            writable[position] = False
    return writable
