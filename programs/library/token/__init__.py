"""The token program: all of SPL Token, and the instructions added by p-token.

Layouts, instruction encoding, error names, codes and order of checks are those of p-token
(SIMD-0266), the program at TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA. Like p-token, it does not
log instruction names.

    >>> from sealane.programs.library.token import token
    >>> call = token.transfer(source="a_usdc", destination="b_usdc", authority="alice", amount=4)
    >>> call.data.hex(), [meta.signer for meta in call.accounts]
    ('030400000000000000', [False, False, True])
"""

from __future__ import annotations

# Importing these modules adds their instructions to the program.
from . import amounts as amounts
from . import batch_handlers as batch_handlers
from . import closing as closing
from . import delegation as delegation
from . import freezing as freezing
from . import initialization as initialization
from . import lamports as lamports
from . import multisig as multisig
from . import supply as supply
from . import transfer as transfer
from .batch import batch_of
from .errors import TokenError
from .program import token
from .set_authority import AuthorityType
from .state import NATIVE_MINT_ID, TOKEN_ID, AccountState, Mint, Multisig, TokenAccount

__all__ = [
    "NATIVE_MINT_ID",
    "TOKEN_ID",
    "AccountState",
    "AuthorityType",
    "Mint",
    "Multisig",
    "TokenAccount",
    "TokenError",
    "batch_of",
    "token",
]
