"""RLP, Ethereum's encoding of nested lists of byte strings, read within bounds.

The library decodes; it is asked for one item at a time, since given a whole list it copies the rest
of it for each item, and calls itself for each level. Guarantees: time and memory in proportion to
the bytes given; a fault is an InputError with its offset. Does not: know what the items mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias, Union

from ...primitives import InputError

RLP_DEPTH_MAX: Final = 16  # of nested lists; a block access list has 5, a transaction 4
RLP_ITEMS_MAX: Final = 1_000_000  # a list for 300 million gas may need as many; 5 s to read

RlpItem: TypeAlias = Union[bytes, "Sequence[RlpItem]"]

_HEADER_LEN_MAX: Final = 9
_LIST_FROM: Final = 0xC0
_LONG_LIST_FROM: Final = 0xF8


def decode_rlp(raw: bytes, place: str) -> RlpItem:
    """The only item in `raw`. Raises InputError if it is malformed, or more follows."""
    return _Decoder(raw, place).read()


def decode_rlp_list(raw: bytes, place: str) -> Sequence[RlpItem]:
    """The list in `raw`. Raises InputError for anything else."""
    return as_rlp_list(decode_rlp(raw, place), place)


def encode_rlp(item: RlpItem) -> bytes:
    """The one encoding of an item."""
    from ethereum_rlp.rlp import encode

    return bytes(encode(item))


def as_rlp_list(item: RlpItem, place: str) -> Sequence[RlpItem]:
    if isinstance(item, bytes):
        raise InputError(f"{place}: expected a list, found {len(item):,} bytes")
    return item


def as_rlp_bytes(item: RlpItem, place: str, lens: Sequence[int] | None = None) -> bytes:
    """A string of bytes, of one of the lengths `lens`."""
    if not isinstance(item, bytes):
        raise InputError(f"{place}: expected bytes, found a list")
    if lens is not None and len(item) not in lens:
        wanted = " or ".join(map(str, lens))
        raise InputError(f"{place}: expected {wanted} bytes, found {len(item):,}")
    return item


def as_rlp_integer(item: RlpItem, place: str, *, bits: int = 256) -> int:
    """An unsigned integer of at most so many bits, without leading zeros."""
    digits = as_rlp_bytes(item, place)
    if len(digits) > bits // 8:
        raise InputError(f"{place}: expected at most {bits // 8} bytes, found {len(digits):,}")
    if digits.startswith(b"\0"):
        raise InputError(f"{place}: a number with leading zeros; RLP has it without")
    return int.from_bytes(digits, "big")


class _Decoder:
    """Reads items of `raw`, one after another, and counts them."""

    def __init__(self, raw: bytes, place: str) -> None:
        from ethereum_rlp import rlp
        from ethereum_rlp.exceptions import RLPException

        self._raw = raw
        self._place = place
        self._library = rlp
        self._error = RLPException
        self._items = 0

    def read(self) -> RlpItem:
        if not self._raw:
            raise self._fault(0, "no bytes")
        end = self._end(0, len(self._raw))
        if end < len(self._raw):
            raise self._fault(end, f"{len(self._raw) - end:,} bytes follow the item")
        return self._item(0, end, 0)

    def _item(self, start: int, end: int, depth: int) -> RlpItem:
        self._items += 1
        if self._items > RLP_ITEMS_MAX:
            raise self._fault(start, f"more than {RLP_ITEMS_MAX:,} items")
        if self._raw[start] >= _LIST_FROM:
            return self._list(start, end, depth + 1)
        try:
            return bytes(self._library.decode_to_bytes(self._raw[start:end]))
        except self._error as error:
            raise self._fault(start, _reason(error)) from error

    def _list(self, start: int, end: int, depth: int) -> list[RlpItem]:
        if depth > RLP_DEPTH_MAX:
            raise self._fault(start, f"lists more than {RLP_DEPTH_MAX} deep")
        place = self._content(start, end)
        items: list[RlpItem] = []
        while place < end:
            following = self._end(place, end)
            items.append(self._item(place, following, depth))
            place = following
        return items

    def _content(self, start: int, end: int) -> int:
        """Where the items of the list at `start` begin."""
        first = self._raw[start]
        if first < _LONG_LIST_FROM:
            return start + 1
        content = start + 1 + first - (_LONG_LIST_FROM - 1)
        if end - content < _LONG_LIST_FROM - _LIST_FROM:
            raise self._fault(start, "a short list with a long length")
        return content

    def _end(self, start: int, limit: int) -> int:
        """Where the item at `start` ends, at most at `limit`."""
        head = self._raw[start : min(start + _HEADER_LEN_MAX, limit)]
        try:
            end = start + int(self._library.decode_item_length(head))
        except self._error as error:
            raise self._fault(start, _reason(error)) from error
        if end > limit:
            raise self._fault(start, f"cut short: {end - start:,} bytes, {limit - start:,} there")
        return end

    def _fault(self, offset: int, what: str) -> InputError:
        return InputError(f"{self._place}: not RLP: {what} (byte {offset:,})")


def _reason(error: Exception) -> str:
    return str(error) or "a length or byte that is not in its one spelling"
