"""Rent charged to a transaction, in blocks from when accounts paid it (until 2025).

The node charged it while loading or creating accounts and recorded it in the transaction's
`meta.rewards`, so the balances of such a transaction lose more than its fee.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..files.json_values import as_integer, as_list_or_none, as_object

# The name in JSON-RPC, and the number in protobuf.
_RENT: Final = ("Rent", "rent", 2)
_I64_MIN: Final = -(2**63)


def rent_charged(
    meta: dict[str, object], fee: int, balances: tuple[list[int], list[int]] | None
) -> int:
    """The lamports that balances lost beyond the fee, if recorded charges explain them.

    A failed transaction was rolled back with its rent, except for what its payer was charged.
    """
    charges = list(_charges(meta))
    if not charges or balances is None:
        return 0
    pre, post = balances
    lost = sum(pre) - sum(post) - fee
    return lost if lost > 0 and lost in (sum(charges), *charges) else 0


def _charges(meta: dict[str, object]) -> Iterator[int]:
    place = "meta.rewards"
    for entry in as_list_or_none(meta.get("rewards"), place):
        reward = as_object(entry, place)
        if reward.get("rewardType") in _RENT:
            yield -as_integer(reward.get("lamports"), f"{place}: lamports", low=_I64_MIN)
