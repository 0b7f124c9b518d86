"""Entries for a mempool, with short names."""

from __future__ import annotations

from sealane.node.mempool import Admitted, Entry, Mempool, Refusal
from sealane.primitives import Pubkey

RICH = 10**9


def entry(
    name: str,
    priority: int = 1,
    *,
    payer: str = "",
    calls: str = "",
    fee: int = 1,
    last_height: int = 150,
    size: int = 1,
) -> Entry:
    """By default its payer and calls are its own."""
    return Entry(
        name.encode(),
        Pubkey.of(f"payer {payer or name}"),
        (calls or name).encode(),
        priority,
        fee,
        last_height,
        bytes(size),
    )


def filled(mempool: Mempool, *entries: Entry) -> Mempool:
    for each in entries:
        assert isinstance(mempool.admit(each, balance=RICH), Admitted)
    return mempool


def refused(mempool: Mempool, newcomer: Entry, *, balance: int = RICH) -> Refusal:
    """Its refusal, which must have changed nothing."""
    before = mempool.highest_first()
    answer = mempool.admit(newcomer, balance=balance)
    assert isinstance(answer, Refusal)
    assert mempool.highest_first() == before
    return answer


def names(mempool: Mempool) -> list[str]:
    """Those that wait, the highest first."""
    return [each.message_hash.decode() for each in mempool.highest_first()]
