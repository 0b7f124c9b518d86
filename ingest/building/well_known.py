"""What people call the keys that turn up in nearly every Solana block.

Sources: the reserved keys of Agave (see primitives/reserved_keys.py); solana-sdk-ids for SPL; the
issuers' and the programs' own documentation for the others (Circle, Tether, Metaplex, Jupiter,
Orca, Raydium, Meteora, Pump, Pyth, Phoenix, OpenBook, Drift, MarginFi).
"""

from __future__ import annotations

from typing import Final

COMPUTE_BUDGET: Final = "ComputeBudget111111111111111111111111111111"
SYSTEM: Final = "11111111111111111111111111111111"

_BUILT_IN: Final = {
    SYSTEM: "System program",
    COMPUTE_BUDGET: "Compute Budget program",
    "AddressLookupTab1e1111111111111111111111111": "Address Lookup Table program",
    "BPFLoader1111111111111111111111111111111111": "BPF loader v1",
    "BPFLoader2111111111111111111111111111111111": "BPF loader v2",
    "BPFLoaderUpgradeab1e11111111111111111111111": "upgradeable BPF loader",
    "Config1111111111111111111111111111111111111": "Config program",
    "Ed25519SigVerify111111111111111111111111111": "Ed25519 precompile",
    "Feature111111111111111111111111111111111111": "Feature Gate program",
    "KeccakSecp256k11111111111111111111111111111": "Secp256k1 precompile",
    "LoaderV411111111111111111111111111111111111": "loader v4",
    "NativeLoader1111111111111111111111111111111": "native loader",
    "Secp256r1SigVerify1111111111111111111111111": "Secp256r1 precompile",
    "Stake11111111111111111111111111111111111111": "Stake program",
    "StakeConfig11111111111111111111111111111111": "stake config",
    "Vote111111111111111111111111111111111111111": "Vote program",
    "ZkE1Gama1Proof11111111111111111111111111111": "ZK ElGamal Proof program",
    "ZkTokenProof1111111111111111111111111111111": "ZK Token Proof program",
    "1nc1nerator11111111111111111111111111111111": "incinerator",
}
_SYSVARS: Final = {
    "Sysvar1111111111111111111111111111111111111": "sysvar owner",
    "Sysvar1nstructions1111111111111111111111111": "Instructions sysvar",
    "SysvarC1ock11111111111111111111111111111111": "Clock sysvar",
    "SysvarEpochRewards1111111111111111111111111": "EpochRewards sysvar",
    "SysvarEpochSchedu1e111111111111111111111111": "EpochSchedule sysvar",
    "SysvarFees111111111111111111111111111111111": "Fees sysvar",
    "SysvarLastRestartS1ot1111111111111111111111": "LastRestartSlot sysvar",
    "SysvarRecentB1ockHashes11111111111111111111": "RecentBlockhashes sysvar",
    "SysvarRent111111111111111111111111111111111": "Rent sysvar",
    "SysvarRewards111111111111111111111111111111": "Rewards sysvar",
    "SysvarS1otHashes111111111111111111111111111": "SlotHashes sysvar",
    "SysvarS1otHistory11111111111111111111111111": "SlotHistory sysvar",
    "SysvarStakeHistory1111111111111111111111111": "StakeHistory sysvar",
}
_TOKENS: Final = {
    "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA": "Token program",
    "TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb": "Token-2022 program",
    "ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL": "Associated Token program",
    "MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr": "Memo program",
    "Memo1UhkJRfHyvLMcVucJwxXeuD728EqVDDwQDxFMNo": "Memo program v1",
    "metaqbxxUerdq28cj1RbAWkYQm3ybzjb6a8bt518x1s": "Token Metadata program",
    "BGUMAp9Gq7iTEuizy4pqaxsTyUCBK68MDfK752saRPUY": "Bubblegum",
    "So11111111111111111111111111111111111111112": "wrapped SOL",
    "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v": "USDC",
    "Es9vMFrzaCERmJfrF4H2FYD4KCoNkY11McCe8BenwNYB": "USDT",
}
_PROGRAMS: Final = {
    "JUP4Fb2cqiRUcaTHdrPC8h2gNsA2ETXiPDD33WcGuJB": "Jupiter v4",
    "JUP6LkbZbjS1jKKwapdHNy74zcZ3tLUZoi5QNyVTaV4": "Jupiter v6",
    "PERPHjGBqRHArX4DySjwM6UJHiR3sWAatqfdBS2qQJu": "Jupiter Perpetuals",
    "whirLbMiicVdio4qvUfM5KAg6Ct8VwpYzGff3uctyCc": "Whirlpool",
    "675kPX9MHTjS2zt1qfr1NYHuzeLXfQM9H24wFSUt1Mp8": "Raydium AMM v4",
    "CAMMCzo5YL8w4VFF8KVHrK22GGUsp5VTaW7grrKgrWqK": "Raydium CLMM",
    "CPMMoo8L3F4NbTegBCKVNunggL7H1ZpdTHKxQB5qKP1C": "Raydium CPMM",
    "LBUZKhRxPF3XUpBCjp4YzTKgLccjZhTSDM9YuVaPwxo": "Meteora DLMM",
    "6EF8rrecthR5Dkzon8Nwu78hRvfCKubJ14M5uBEwF6P": "Pump.fun",
    "pAMMBay6oceH9fJKBRHGP5D4bD4sWpmSwMn52FMfXEA": "PumpSwap",
    "PhoeNiXZ8ByJGLkxNfZRnkUfjvmuYqLR89jjFHGqdXY": "Phoenix",
    "srmqPvymJeFKQ4zGQed1GFppgkRHL9kaELCbyksJtPX": "OpenBook v1",
    "opnb2LAfJYbRMAHHvqjCwQxanZn7ReEHp1k81EohpZb": "OpenBook v2",
    "FsJ3A3u2vn5cTVofAjvy6y5kwABJAqYWpe4975bi2epH": "Pyth oracle",
    "rec5EKMGg6MxZYaMdyBfgwp4d5rB9T1VQH5pJv5LtFJ": "Pyth receiver",
    "dRiftyHA39MWEi3m9aunc5MzRF1JYuBsbn6VPcn33UH": "Drift v2",
    "MFv2hWf31Z9kbCa1snEPYctwafyhdvnV7FZnsebVacA": "MarginFi v2",
}

# By base58, as blocks show keys.
WELL_KNOWN: Final = _BUILT_IN | _SYSVARS | _TOKENS | _PROGRAMS
# Called beside what a transaction is about, so they tell little of what an account is for: the
# higher the number, the less. The short names are what fixtures call them.
INCIDENTAL: Final = {
    "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA": 1,
    "TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb": 1,
    "token": 1,
    "ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL": 2,
    "associated_token": 2,
    SYSTEM: 3,
    "system": 3,
    "MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr": 4,
    "memo": 4,
    COMPUTE_BUDGET: 5,
    "compute_budget": 5,
}
