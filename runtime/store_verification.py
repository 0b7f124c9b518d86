"""Verifies a store, on several processes where it has very many accounts to sum."""

from __future__ import annotations

import os
from functools import partial

from .block.limits import Limits
from .engine.block_executor import BlockExecutor
from .engine.route_policy import policy_of
from .process.interrupts import held_signals
from .store import Store
from .store.checking import StoreCheck


def verify_store(store: Store, workers: int | None = None) -> StoreCheck:
    """Verify a store; raises as `Store.verify` does.

    `workers`: the most processes that sum lattice hashes; None: one for each core.
    """
    most = (os.cpu_count() or 1) if workers is None else workers
    executor = BlockExecutor(most, Limits(), policy_of(None, most))
    try:
        return store.verify(partial(executor.sum_accounts, whole=len(store)))
    finally:
        with held_signals():
            executor.close()
