"""The account data that transactions declare to allocate, and the limit on it for a block.

As in Agave's cost model (MAX_BLOCK_ACCOUNTS_DATA_SIZE_DELTA), the space that the system program's
top-level instructions request counts, whether they succeed or not. It is read from the block before
anything runs, so which transactions exceed the limit depends only on the block and its order, not
on how it is executed. As in Agave, data that programs add in nested calls or by resizing does not
count here; it is bounded for each transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ...primitives import SYSTEM_PROGRAM_ID, Failure, Pubkey, TransactionErrors
from ...programs.kit import ACCOUNT_DATA_LEN_MAX
from .limits import ACCOUNT_DATA_GROWTH_MAX, BLOCK_DATA_GROWTH_MAX

_TAG_LEN: Final = 4
_SEED_AT: Final = _TAG_LEN + 32  # after the base key; 8 bytes of length, then the seed
# The offset of the space, by tag: create_account, allocate; and its distance from the seed's end:
# create_account_with_seed, allocate_with_seed.
_SPACE_AT: Final = {0: 12, 8: 4}
_SPACE_BEHIND_SEED: Final = {3: 8, 9: 0}
_TAGS: Final = (*_SPACE_AT, *_SPACE_BEHIND_SEED)


def find_allocations(
    offsets: NDArray[np.int64],
    programs: NDArray[np.uint32],
    data_offsets: NDArray[np.int64],
    data: NDArray[np.uint8],
    program_ids: Sequence[Pubkey],
) -> dict[int, int]:
    """Bytes that transactions declare to allocate, by position, for those that declare any."""
    ids = list(program_ids)
    if SYSTEM_PROGRAM_ID not in ids:
        return {}
    calls = np.flatnonzero(programs == ids.index(SYSTEM_PROGRAM_ID))
    starts = data_offsets[calls]
    long_enough = data_offsets[calls + 1] - starts >= _TAG_LEN
    calls, starts = calls[long_enough], starts[long_enough]
    # Most calls are transfers, which one byte rules out.
    calls = calls[np.isin(data[starts], np.array(_TAGS, dtype=np.uint8))]
    positions = np.searchsorted(offsets, calls, side="right") - 1
    asked: dict[int, int | None] = {}
    for position, call in zip(positions.tolist(), calls.tolist(), strict=True):
        raw = data[data_offsets[call] : data_offsets[call + 1]].tobytes()
        if int.from_bytes(raw[:_TAG_LEN], "little") not in _TAGS:
            continue
        space = _space(raw)
        before = asked.get(position, 0)
        # An instruction that must fail makes its whole transaction fail.
        asked[position] = None if space is None or before is None else before + space
    return {
        position: min(total, ACCOUNT_DATA_GROWTH_MAX) for position, total in asked.items() if total
    }


def _space(raw: bytes) -> int | None:
    """The space that an instruction requests, in bytes; None for one that must fail."""
    tag = raw[0]
    at = _SPACE_AT.get(tag)
    if at is None:
        seed_len = int.from_bytes(raw[_SEED_AT : _SEED_AT + 8], "little")
        at = _SEED_AT + 8 + seed_len + _SPACE_BEHIND_SEED[tag]
    if len(raw) < at + 8:
        return None
    space = int.from_bytes(raw[at : at + 8], "little")
    return space if space <= ACCOUNT_DATA_LEN_MAX else None


def find_too_many(allocations: dict[int, int]) -> frozenset[int]:
    """The positions of transactions that no longer fit the block, in its order.

    Smaller ones after them may still fit: a leader, too, would leave only those that do not fit for
    another block.
    """
    total, refused = 0, list[int]()
    for position in sorted(allocations):
        if total + allocations[position] > BLOCK_DATA_GROWTH_MAX:
            refused.append(position)
        else:
            total += allocations[position]
    return frozenset(refused)


def data_failure(asked: int) -> Failure:
    """The failure of a transaction that no longer fits the block."""
    return Failure.of_rule(
        TransactionErrors.WouldExceedAccountDataBlockLimit,
        f"it allocates {asked:,} bytes, and the block may allocate {BLOCK_DATA_GROWTH_MAX:,}; "
        "send it in another block",
    )
