"""Transfers as a plain Python loop over a dict of balances: the minimum in Python."""

from __future__ import annotations

from ...primitives import Pubkey

Transfers = list[tuple[Pubkey, Pubkey, int]]


def run_transfers(balances: dict[Pubkey, int], transfers: Transfers, fee: int) -> int:
    """Apply each (source, destination, lamports) in order; returns how many failed."""
    failed = 0
    for source, destination, lamports in transfers:
        balance = balances[source] - fee
        if balance < lamports:
            balances[source] = balance
            failed += 1
            continue
        balances[source] = balance - lamports
        balances[destination] += lamports
    return failed
