"""Accounts and transactions of workloads, as documents of a fixture.

Names of accounts begin with the program's, as in `amm_user3`, so that workloads can be mixed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ...primitives import Pubkey
from .market import AccountDocument, TransactionDocument

USER: Final[AccountDocument] = {"lamports": 1_000_000_000}
_LAMPORTS: Final = 10_000_000  # more than rent asks for an account of a kilobyte
_MINT_LAMPORTS: Final = 1_461_600
_TOKEN_LAMPORTS: Final = 2_039_280


def mint(supply: int, *, authority: str | None = None, decimals: int = 6) -> AccountDocument:
    """A mint; `authority`: who may mint, nobody by default."""
    data: dict[str, Any] = {"layout": "token.Mint", "supply": supply, "decimals": decimals}
    data |= {"is_initialized": True}
    if authority is not None:
        data["mint_authority"] = authority
    return {"lamports": _MINT_LAMPORTS, "owner": "token", "data": data}


def tokens(of: str, owner: str, amount: int) -> AccountDocument:
    """A token account of a mint, by the names of both."""
    fields = {"mint": of, "owner": owner, "amount": amount, "state": "initialized"}
    data = {"layout": "token.Account", **fields}
    return {"lamports": _TOKEN_LAMPORTS, "owner": "token", "data": data}


def held_by(program: str, layout: str, **fields: object) -> AccountDocument:
    """An account of a program with one of its layouts."""
    data = {"layout": f"{program}.{layout}", **fields}
    return {"lamports": _LAMPORTS, "owner": program, "data": data}


def derived(program: str, *seeds: object) -> AccountDocument:
    """An address that a program derives: text, or `{"key": NAME}`."""
    return {"address": {"program": program, "seeds": list(seeds)}}


def bump_of(program: str, *seeds: bytes) -> int:
    """The bump of such an address, which programs keep in their accounts."""
    return Pubkey.find_program_address(list(seeds), Pubkey.of(program))[1]


def calling(
    position: int, payer: str, instruction: str, arguments: Mapping[str, object]
) -> TransactionDocument:
    """The transaction at a position of the block: one call of `PROGRAM.INSTRUCTION`."""
    call = {instruction: arguments}
    return {"id": f"t{position}", "payer": payer, "instructions": [call]}
