"""Transaction objects read into flat columns, a stretch of the list at a time.

A stretch is short enough for what it refers to to stay in the processor's cache: reading a field
of many objects costs little but for fetching them. Guarantees: every mention of an account, as it
stands. Does not: check anything, or know one account from another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Sized
from itertools import chain
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..primitives import AccountMeta, Instruction, Pubkey, Transaction
from ..primitives.pubkey import PUBKEY_LEN
from .account_columns import take_keys
from .block import SIGNER, WRITABLE

_STRETCH_LEN: Final = 1024
AS_PAYER: Final = 0
IN_CALL: Final = 1
_BESIDE: Final = 2  # in `writes` or `reads`


class Mentions(NamedTuple):
    """k mentions of accounts, transaction after transaction: first the payer, then the accounts of
    instructions, then `writes`, then `reads`.

    `keys` uint8[k, 32]. `transactions` int64[k]: whose mention it is. `places` uint8[k]:
    AS_PAYER, IN_CALL or another. `rights` uint8[k]: the SIGNER and WRITABLE bits declared here.
    """

    keys: NDArray[np.uint8]
    transactions: NDArray[np.int64]
    places: NDArray[np.uint8]
    rights: NDArray[np.uint8]


class Calls(NamedTuple):
    """m instructions of n transactions.

    `counts` int64[n]: instructions of each transaction. `program_ids` uint8[m, 32].
    `account_counts` and `data_lens` int64[m]. `data` uint8[·]: of one after the other.
    """

    counts: NDArray[np.int64]
    program_ids: NDArray[np.uint8]
    account_counts: NDArray[np.int64]
    data_lens: NDArray[np.int64]
    data: NDArray[np.uint8]


class Listing(NamedTuple):
    """What transactions say, but for ids, fees and costs. `programs`: the Python programs that
    built instructions, in the order of the first."""

    mentions: Mentions
    calls: Calls
    programs: tuple[object, ...]


def read_transactions(transactions: Sequence[Transaction]) -> Listing:
    """The columns of these transactions."""
    mentions: list[Mentions] = []
    calls: list[Calls] = []
    programs: dict[int, object] = {}
    for start in range(0, max(len(transactions), 1), _STRETCH_LEN):
        stretch = transactions[start : start + _STRETCH_LEN]
        rows = [transaction.instructions for transaction in stretch]
        instructions = list(chain.from_iterable(rows))
        calls.append(_calls(_lens(rows), instructions))
        mentions.append(_mentions(start, stretch, calls[-1], instructions))
        built = [each.program for each in instructions if each.program is not None]
        programs.update(zip(map(id, built), built, strict=True))
    return Listing(
        Mentions(*map(np.concatenate, zip(*mentions, strict=True))),
        Calls(*map(np.concatenate, zip(*calls, strict=True))),
        tuple(programs.values()),
    )


def _calls(counts: NDArray[np.int64], instructions: Sequence[Instruction]) -> Calls:
    data = [instruction.data for instruction in instructions]
    return Calls(
        counts=counts,
        program_ids=_keys([instruction.program_id for instruction in instructions]),
        account_counts=_lens([instruction.accounts for instruction in instructions]),
        data_lens=_lens(data),
        data=np.frombuffer(b"".join(data), dtype=np.uint8),
    )


def _mentions(
    start: int, stretch: Sequence[Transaction], calls: Calls, instructions: Sequence[Instruction]
) -> Mentions:
    metas = list(chain.from_iterable([instruction.accounts for instruction in instructions]))
    called, declared = _declared(metas)
    paying = [transaction.payer for transaction in stretch if transaction.payer is not None]
    writes = [transaction.writes for transaction in stretch]
    reads = [transaction.reads for transaction in stretch]
    every = np.arange(start, start + len(stretch), dtype=np.int64)
    kinds = (
        every[[transaction.payer is not None for transaction in stretch]],
        np.repeat(np.repeat(every, calls.counts), calls.account_counts),
        np.repeat(every, _lens(writes)),
        np.repeat(every, _lens(reads)),
    )
    transactions = np.concatenate(kinds)
    lens = _lens(kinds)
    # Kind after kind up to here. A stable order leaves the kinds of one transaction as they are.
    naming = np.argsort(transactions, kind="stable")
    keys = _keys([*paying, *called, *chain.from_iterable(writes), *chain.from_iterable(reads)])
    rights = np.repeat(np.array([SIGNER | WRITABLE, 0, WRITABLE, 0], dtype=np.uint8), lens)
    places = np.repeat(np.array([AS_PAYER, IN_CALL, _BESIDE, _BESIDE], dtype=np.uint8), lens)
    rights[places == IN_CALL] = declared
    return Mentions(take_keys(keys, naming), transactions[naming], places[naming], rights[naming])


def _declared(metas: Sequence[AccountMeta]) -> tuple[Iterable[Pubkey], NDArray[np.uint8]]:
    """The keys, and uint8[m]: what is declared of each."""
    keys, signs, writes = zip(*metas, strict=True) if metas else ((), (), ())
    signed = np.fromiter(signs, np.bool_, len(metas))
    written = np.fromiter(writes, np.bool_, len(metas))
    return keys, signed * np.uint8(SIGNER) | written * np.uint8(WRITABLE)


def _keys(keys: Sequence[Pubkey]) -> NDArray[np.uint8]:
    return np.frombuffer(b"".join(keys), dtype=np.uint8).reshape(len(keys), PUBKEY_LEN)


def _lens(rows: Sequence[Sized]) -> NDArray[np.int64]:
    return np.array(list(map(len, rows)), dtype=np.int64)
