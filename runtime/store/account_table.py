"""Account tables: the encoding of accounts in the log and in runs, sorted by key.

A table has n headers of 81 bytes each (key, owner, lamports, executable, data length; packed,
little-endian), then the data of all n accounts, stored contiguously.
Guarantees: keys ascend strictly. Does not: add checksums; log and runs do, over whole tables.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from ...primitives import Account, Pubkey
from ...primitives.pubkey import PUBKEY_LEN
from ..columns.account_columns import AccountColumns
from ..columns.data_heap import padded_lens, starts_of
from ..columns.shared_columns import scalar_view
from ..commitments.keyed_states import KeyedStates
from ..state.block_changes import in_key_order

_HEADER: Final = struct.Struct("<32s32sQ?Q")
# The header as a numpy record.
HEADER: Final = np.dtype(
    [("key", "S32"), ("owner", "S32"), ("lamports", "<u8"), ("executable", "u1"), ("len", "<u8")]
)
HEADER_LEN: Final = HEADER.itemsize
Keys = NDArray[np.bytes_]


class MalformedTable(ValueError):
    """Bytes that are no valid table: too short, or of another length than the headers say."""


@dataclass(frozen=True, slots=True)
class AccountTable:
    """A table of n accounts. `headers` HEADER[n]; `data`: that of all accounts, contiguous."""

    headers: NDArray[Any]
    data: bytes

    def __len__(self) -> int:
        return len(self.headers)

    @property
    def keys(self) -> Keys:
        """S32[n]. numpy strips trailing zero bytes of an S32 item, but compares all 32."""
        return np.ascontiguousarray(self.headers["key"])

    @property
    def data_ends(self) -> NDArray[np.int64]:
        """int64[n]: where each account's data ends in `data`."""
        return np.cumsum(self.headers["len"], dtype=np.int64)

    @classmethod
    def of(cls, accounts: Mapping[Pubkey, Account]) -> AccountTable:
        """The table of these accounts."""
        keys, columns = in_key_order(accounts)
        headers = np.zeros(len(keys), dtype=HEADER)
        raw = headers.view(np.uint8).reshape(len(keys), HEADER_LEN)
        raw[:, :PUBKEY_LEN] = keys
        raw[:, PUBKEY_LEN : 2 * PUBKEY_LEN] = columns.owners
        headers["lamports"] = columns.lamports
        headers["executable"] = columns.executable
        headers["len"] = columns.data_lens
        return cls(headers, columns.joined_data())

    @classmethod
    def decode(cls, raw: bytes | memoryview, count: int) -> tuple[AccountTable, int]:
        """Decode the table of `count` accounts at the start of `raw`. Returns it and its length.

        Raises MalformedTable.
        """
        start = count * HEADER_LEN
        if start > len(raw):
            raise MalformedTable(f"{len(raw):,} bytes for the headers of {count:,} accounts")
        headers = np.frombuffer(raw[:start], HEADER)
        # Python's sum, as invalid lengths must not wrap around.
        end = start + sum(headers["len"].tolist())
        if end > len(raw):
            raise MalformedTable(f"{len(raw):,} bytes where the headers say {end:,}")
        if (headers["executable"] > 1).any():
            raise MalformedTable("accounts that are neither executable nor not")
        return cls(headers, bytes(raw[start:end])), end

    def require_order(self) -> None:
        """Raise MalformedTable unless the keys ascend strictly."""
        keys = self.keys
        if not (keys[1:] > keys[:-1]).all():
            raise MalformedTable("accounts that are out of order")

    def encode(self) -> bytes:
        return b"".join(self.parts())

    def parts(self) -> tuple[memoryview, bytes]:
        """The two parts of the encoding: headers, data."""
        return scalar_view(np.ascontiguousarray(self.headers).view(np.uint8)), self.data

    def part(self, start: int, end: int) -> AccountTable:
        """A table of the rows `start` to `end`."""
        ends = self.data_ends
        first = int(ends[start - 1]) if start else 0
        last = int(ends[end - 1]) if end else 0
        return AccountTable(self.headers[start:end], self.data[first:last])

    def pubkeys(self) -> list[Pubkey]:
        """The keys as objects, in order."""
        raw = self.headers.tobytes()
        return [Pubkey(raw[at : at + PUBKEY_LEN]) for at in range(0, len(raw), HEADER_LEN)]

    def key_column(self) -> NDArray[np.uint8]:
        """uint8[n, 32]: the keys, in order."""
        return self._raw_headers()[:, :PUBKEY_LEN].copy()

    def columns(self) -> AccountColumns:
        """The states, in key order."""
        headers, raw = self.headers, self._raw_headers()
        lens = headers["len"].astype(np.int64)
        return AccountColumns(
            lamports=headers["lamports"].copy(),
            owners=raw[:, PUBKEY_LEN : 2 * PUBKEY_LEN].copy(),
            executable=headers["executable"].copy(),
            data_starts=starts_of(lens),
            data_lens=lens,
            heap=np.frombuffer(self._padded_data(lens), np.uint8),
        )

    def keyed_states(self) -> KeyedStates:
        return KeyedStates(self.key_column(), self.columns())

    def _raw_headers(self) -> NDArray[np.uint8]:
        return np.frombuffer(self.headers.tobytes(), np.uint8).reshape(len(self), HEADER_LEN)

    def _padded_data(self, lens: NDArray[np.int64]) -> bytes:
        data = self.data
        if not data:
            return b""
        ends = np.cumsum(lens)
        padding = (padded_lens(lens) - lens).tolist()
        parts = zip((ends - lens).tolist(), ends.tolist(), padding, strict=True)
        return b"".join([data[a:b] + bytes(pad) for a, b, pad in parts if a != b])

    def accounts(self) -> Iterator[tuple[Pubkey, Account]]:
        """Keys and states, in key order."""
        owners: dict[bytes, Pubkey] = {}
        end = 0
        for key, owner, lamports, executable, size in _HEADER.iter_unpack(self.headers.tobytes()):
            start, end = end, end + size
            known = owners.get(owner) or owners.setdefault(owner, Pubkey(owner))
            yield Pubkey(key), Account(lamports, known, self.data[start:end], executable)


def join_tables(tables: Sequence[AccountTable]) -> AccountTable:
    """Concatenate tables whose keys follow each other in order."""
    headers = [np.zeros(0, HEADER), *(table.headers for table in tables)]
    return AccountTable(np.concatenate(headers), b"".join([table.data for table in tables]))


def merge_tables(tables: Sequence[AccountTable]) -> AccountTable:
    """Merge tables. If several have the same key, the state in the last of them is kept."""
    joined = join_tables(tables)
    headers = joined.headers
    keys = np.ascontiguousarray(headers["key"])
    # A stable sort keeps equal keys in the order of the tables. Fast, as each table is sorted.
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    newest = np.ones(len(order), dtype=np.bool_)
    newest[:-1] = ordered[1:] != ordered[:-1]
    kept = order[newest]
    chosen = headers[kept]
    return AccountTable(chosen, _gathered(joined, kept))


def _gathered(table: AccountTable, rows: NDArray[np.int64]) -> bytes:
    """The data of these rows, in this order."""
    data = table.data
    if not data:
        return b""
    ends = table.data_ends[rows]
    starts = ends - table.headers["len"][rows].astype(np.int64)
    return b"".join(
        [data[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True) if a != b]
    )


def find_account(chunk: bytes, count: int, key: bytes) -> Account | None:
    """Find one account in an encoded table, without decoding the others."""
    end = count * HEADER_LEN
    at = chunk.find(key, 0, end)
    while at >= 0 and at % HEADER_LEN:  # the same bytes, but within other fields
        at = chunk.find(key, at + 1, end)
    if at < 0:
        return None
    _, owner, lamports, executable, size = _HEADER.unpack_from(chunk, at)
    if not size:
        return Account(lamports, Pubkey(owner), b"", executable)
    lens = cast("list[int]", np.frombuffer(chunk[:at], HEADER)["len"].tolist())
    start = end + sum(lens)
    if start + size > len(chunk):
        raise MalformedTable(f"{len(chunk):,} bytes where the headers say {start + size:,}")
    return Account(lamports, Pubkey(owner), chunk[start : start + size], executable)
