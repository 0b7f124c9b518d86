"""Compute units of each instruction.

As listed for p-token in SIMD-0266. It has none for the conversions, the lamport instructions and
batch: those are estimates, based on listed instructions that do similar work.
"""

from __future__ import annotations

from typing import Final

INITIALIZE_MINT: Final = 105
INITIALIZE_ACCOUNT: Final = 154
INITIALIZE_MULTISIG: Final = 193
TRANSFER: Final = 76
APPROVE: Final = 124
REVOKE: Final = 97
SET_AUTHORITY: Final = 123
MINT_TO: Final = 119
BURN: Final = 126
CLOSE_ACCOUNT: Final = 120
FREEZE_ACCOUNT: Final = 146
THAW_ACCOUNT: Final = 142
TRANSFER_CHECKED: Final = 105
APPROVE_CHECKED: Final = 164
MINT_TO_CHECKED: Final = 169
BURN_CHECKED: Final = 129
INITIALIZE_ACCOUNT2: Final = 171
SYNC_NATIVE: Final = 61
INITIALIZE_ACCOUNT3: Final = 248
INITIALIZE_MULTISIG2: Final = 318
INITIALIZE_MINT2: Final = 228
INITIALIZE_IMMUTABLE_OWNER: Final = 38

# Estimates.
GET_ACCOUNT_DATA_SIZE: Final = 100
AMOUNT_TO_UI_AMOUNT: Final = 500
UI_AMOUNT_TO_AMOUNT: Final = 800
WITHDRAW_EXCESS_LAMPORTS: Final = 250
UNWRAP_LAMPORTS: Final = 130
BATCH: Final = 50  # in addition to its parts
