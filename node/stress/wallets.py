"""The accounts that load is paid from: keys from a seed, and the genesis that funds them.

Not secret: anybody who knows the seed has the keys, so never use them on a chain that matters.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Final

from ...primitives import UsageError
from ...signatures.keypair import Keypair
from ...signatures.schemes import Scheme

CHAIN_ID: Final = "sealane-stress"
WALLETS_MAX: Final = 100_000
WALLETS_MIN: Final = 2  # one pays the other
FUNDS: Final = 10**15  # lamports: a million transfers of the largest amount
_DOMAIN: Final = b"sealane stress wallet\n"


def make_wallets(count: int, seed: int) -> list[Keypair]:
    """Ed25519 keys, the same for the same seed. Raises UsageError for too few or too many."""
    if not WALLETS_MIN <= count <= WALLETS_MAX:
        raise UsageError(f"{count:,} wallets: choose {WALLETS_MIN} to {WALLETS_MAX:,}")
    return [
        Keypair(Scheme.ED25519, hashlib.sha256(_DOMAIN + b"%d %d" % (seed, number)).digest())
        for number in range(count)
    ]


def genesis_of(wallets: Sequence[Keypair]) -> bytes:
    """A fixture that funds them, by their public keys only, for InitChain's app_state_bytes."""
    accounts = {str(wallet.address): {"lamports": FUNDS} for wallet in wallets}
    why = "the wallets that sealane stress pays from"
    return json.dumps({"sealane": 1, "why": why, "accounts": accounts}).encode() + b"\n"
