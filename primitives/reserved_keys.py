"""The keys that no transaction locks for writing, whatever it declares.

Guarantees: the validator's own rule. A key declared writable is locked read-only anyway
if it is reserved (a sysvar or a built-in program), or when the transaction invokes it as a
program and the upgradeable loader is not among its accounts. Does not: know when a cluster
activated the newer reserved keys; they always count as reserved.
"""

from __future__ import annotations

from typing import Final

from .pubkey import Pubkey

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
