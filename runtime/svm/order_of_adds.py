"""Trying adds in any order first, and in file order if an overflow on the way may matter."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TypeVar

from ...primitives import Pubkey
from ...programs.kit.accounts.added_record import AddsDoubtful
from .tries import Tries, TryReason

_log = logging.getLogger(__package__)
_T = TypeVar("_T")


def in_any_order(
    execute: Callable[[bool], _T], keys: Sequence[Pubkey], tries: Tries, *, ordered: bool
) -> _T:
    """Execute a block by `execute(ordered)`; again with its adds in file order if need be.

    `keys`: those of the block's accounts. `ordered`: in file order from the start.
    """
    if not ordered:
        try:
            return execute(False)
        except AddsDoubtful as doubtful:
            detail = f"what is added to {keys[doubtful.account]} may overflow"
            tries.give_up(TryReason.ADDS_ORDERED, detail)
            _log.warning("%s: the block is begun again, with adds in file order", detail)
    return execute(True)
