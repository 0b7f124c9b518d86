"""Reads Transaction objects into flat columns, one chunk at a time.

A chunk is short enough that its objects stay in the processor's cache: fetching them is what makes
reading their fields slow. And objects from a generator are freed before the garbage collector
scans them repeatedly. Guarantees: includes every mention of an account, unchanged. Does not: check
anything, or compare accounts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Sized
from itertools import chain, islice
from typing import Final, NamedTuple, Protocol, cast, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from ...primitives import AccountMeta, Instruction, Pubkey, Transaction, UsageError
from ...primitives.pubkey import PUBKEY_LEN
from ..columns.ragged import take_keys
from .block import ADDS, SIGNER, WRITABLE, Block

_CHUNK_LEN: Final = 256
AS_PAYER: Final = 0
IN_CALL: Final = 1
_BESIDE: Final = 2  # in `writes`, `reads` or `adds`
# Of payers, accounts of instructions, `writes`, `reads` and `adds`.
_KIND_PLACES: Final = np.array([AS_PAYER, IN_CALL, _BESIDE, _BESIDE, _BESIDE], dtype=np.uint8)
_KIND_RIGHTS: Final = np.array([SIGNER | WRITABLE, 0, WRITABLE, 0, WRITABLE | ADDS], dtype=np.uint8)


class Mentions(NamedTuple):
    """k mentions of accounts, in block order. Within a transaction: first the payer, then the
    accounts of instructions, then `writes`, then `reads`, then `adds`.

    `keys` uint8[k, 32]. `transactions` int64[k]: the position of the transaction. `places`
    uint8[k]: AS_PAYER, IN_CALL or another. `rights` uint8[k]: its SIGNER, WRITABLE, ADDS bits.
    """

    keys: NDArray[np.uint8]
    transactions: NDArray[np.int64]
    places: NDArray[np.uint8]
    rights: NDArray[np.uint8]


class Calls(NamedTuple):
    """m instructions of n transactions.

    `counts` int64[n]: instructions of each transaction. `programs` uint32[m]: indexes into
    `TransactionColumns.program_ids`. `account_counts` and `data_lens` int64[m]. `data` uint8[·]:
    the data of all instructions, stored contiguously.
    """

    counts: NDArray[np.int64]
    programs: NDArray[np.uint32]
    account_counts: NDArray[np.int64]
    data_lens: NDArray[np.int64]
    data: NDArray[np.uint8]


class TransactionColumns(NamedTuple):
    """The fields of n transactions.

    `ids`, `fees`, `costs`: as given, None included. `program_ids`: the programs that are called.
    `programs`: the Python programs that built instructions. Both in order of first occurrence.
    """

    ids: list[str | None]
    fees: list[int | None]
    costs: list[int | None]
    mentions: Mentions
    calls: Calls
    program_ids: tuple[Pubkey, ...]
    programs: tuple[object, ...]


def read_transactions(transactions: Iterable[Transaction]) -> TransactionColumns:
    """Read transactions into columns. Raises UsageError for an item that is no Transaction."""
    ids: list[str | None] = []
    fees: list[int | None] = []
    costs: list[int | None] = []
    mentions: list[Mentions] = []
    calls: list[Calls] = []
    program_ids: dict[Pubkey, int] = {}
    programs: dict[int, object] = {}
    rest = _each(transactions)
    chunk = list(islice(rest, _CHUNK_LEN))
    while chunk or not calls:
        _require_transactions(chunk, len(ids))
        rows = [transaction.instructions for transaction in chunk]
        instructions = list(chain.from_iterable(rows))
        calls.append(_calls(_lens(rows), instructions, program_ids))
        mentions.append(_mentions(len(ids), chunk, calls[-1], instructions))
        built = [each.program for each in instructions if each.program is not None]
        programs.update(zip(map(id, built), built, strict=True))
        ids += [transaction.id for transaction in chunk]
        fees += [transaction.fee for transaction in chunk]
        costs += [transaction.cost for transaction in chunk]
        chunk = list(islice(rest, _CHUNK_LEN))
    return TransactionColumns(
        ids,
        fees,
        costs,
        Mentions(*map(np.concatenate, zip(*mentions, strict=True))),
        Calls(*map(np.concatenate, zip(*calls, strict=True))),
        tuple(program_ids),
        tuple(programs.values()),
    )


@runtime_checkable
class _Loaded(Protocol):
    """A block loaded from a file, `sealane.LoadedBlock`, which this layer does not know."""

    block: Block
    accounts: object

    def schedule(self) -> object: ...


def _each(transactions: object) -> Iterator[Transaction]:
    if isinstance(transactions, _Loaded):
        transactions.block.require_runnable()
        raise UsageError(
            f"a {type(transactions).__name__} holds accounts to place and a block to run: "
            "runtime.place_accounts(x.accounts), then runtime.execute(x.block)"
        )
    single = isinstance(transactions, (Transaction, Instruction, str, bytes))
    if single or not isinstance(transactions, Iterable):
        raise UsageError(
            "a block is a list of transactions, like [Transaction([…])], not "
            f"{type(transactions).__name__}"
        )
    return iter(cast(Iterable[Transaction], transactions))


def _require_transactions(chunk: Sequence[object], start: int) -> None:
    for place, given in enumerate(chunk, start):
        if not isinstance(given, Transaction):
            hint = "; write Transaction([…])" if isinstance(given, Instruction) else ""
            raise UsageError(
                f"a block is a list of transactions; number {place} is {type(given).__name__}{hint}"
            )


def _calls(
    counts: NDArray[np.int64],
    instructions: Sequence[Instruction],
    program_ids: dict[Pubkey, int],
) -> Calls:
    """The instructions of a chunk. Appends new programs to `program_ids`."""
    programs = [program_ids.setdefault(each.program_id, len(program_ids)) for each in instructions]
    data = [instruction.data for instruction in instructions]
    return Calls(
        counts=counts,
        programs=np.array(programs, dtype=np.uint32),
        account_counts=_lens([instruction.accounts for instruction in instructions]),
        data_lens=_lens(data),
        data=np.frombuffer(b"".join(data), dtype=np.uint8),
    )


def _mentions(
    start: int, chunk: Sequence[Transaction], calls: Calls, instructions: Sequence[Instruction]
) -> Mentions:
    metas = list(chain.from_iterable([instruction.accounts for instruction in instructions]))
    called, declared = _declared(metas)
    paying = [transaction.payer for transaction in chunk if transaction.payer is not None]
    writes = [transaction.writes for transaction in chunk]
    reads = [transaction.reads for transaction in chunk]
    adds = [transaction.adds for transaction in chunk]
    every = np.arange(start, start + len(chunk), dtype=np.int64)
    kinds = (
        every[[transaction.payer is not None for transaction in chunk]],
        every.repeat(calls.counts).repeat(calls.account_counts),
        every.repeat(_lens(writes)),
        every.repeat(_lens(reads)),
        every.repeat(_lens(adds)),
    )
    transactions = np.concatenate(kinds)
    lens = _lens(kinds)
    # Sorted by kind up to here. A stable sort keeps the order of kinds within a transaction.
    naming = transactions.argsort(kind="stable")
    keys = _keys([*paying, *called, *chain.from_iterable([*writes, *reads, *adds])])
    rights = _KIND_RIGHTS.repeat(lens)
    places = _KIND_PLACES.repeat(lens)
    rights[places == IN_CALL] = declared
    return Mentions(take_keys(keys, naming), transactions[naming], places[naming], rights[naming])


def _declared(metas: Sequence[AccountMeta]) -> tuple[Iterable[Pubkey], NDArray[np.uint8]]:
    """The keys, and uint8[m]: the rights declared for each."""
    keys, signs, writes, adds = zip(*metas, strict=True) if metas else ((), (), (), ())
    signed = np.fromiter(signs, np.bool_, len(metas))
    written = np.fromiter(writes, np.bool_, len(metas))
    rights = signed * np.uint8(SIGNER) | written * np.uint8(WRITABLE)
    if True in adds:  # hardly ever
        rights |= np.fromiter(adds, np.bool_, len(metas)) * np.uint8(ADDS)
    return keys, rights


def _keys(keys: Sequence[Pubkey]) -> NDArray[np.uint8]:
    return np.frombuffer(b"".join(keys), dtype=np.uint8).reshape(len(keys), PUBKEY_LEN)


def _lens(rows: Sequence[Sized]) -> NDArray[np.int64]:
    return np.array(list(map(len, rows)), dtype=np.int64)
