"""Whose the token accounts of a transaction are: what its recorded token balances say.

Does not: read amounts, or refuse an entry that it cannot read: names only help people to read a
block, and nothing is computed from them.
"""

from __future__ import annotations

from typing import Final, NamedTuple, cast

_BALANCES: Final = ("postTokenBalances", "preTokenBalances")
_KEY_TEXT_LEN_MAX: Final = 44  # the most base58 digits that 32 bytes need


class TokenAccount(NamedTuple):
    """A token account: its place among the transaction's accounts, and keys in base58.

    `owner` and `program` are None in answers from before nodes recorded them.
    """

    position: int
    mint: str
    owner: str | None
    program: str | None


def read_token_accounts(meta: dict[str, object]) -> list[TokenAccount]:
    """Those with a balance after the transaction, then those with one before it."""
    found: list[TokenAccount] = []
    for name in _BALANCES:
        balances = meta.get(name)
        if isinstance(balances, list):
            found += map(_read, cast("list[object]", balances))
    return [each for each in found if each.position >= 0]


def _read(entry: object) -> TokenAccount:
    """The entry; with a negative index if it is not as nodes write it."""
    fields = cast("dict[str, object]", entry) if isinstance(entry, dict) else {}
    # Encoders that omit zeros omit the index of the first account.
    index, mint = fields.get("accountIndex", 0), _key(fields.get("mint"))
    if type(index) is not int or mint is None:
        return TokenAccount(-1, "", None, None)
    return TokenAccount(index, mint, _key(fields.get("owner")), _key(fields.get("programId")))


def _key(value: object) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= _KEY_TEXT_LEN_MAX else None
