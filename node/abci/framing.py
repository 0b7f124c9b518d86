"""How messages follow each other on a socket: each after its length, an unsigned varint.

Guarantees: a length above the bound is refused before a byte of its message is kept. A length has
one spelling, its shortest, as every protobuf library writes it; others are refused. Does not: know
what a message says.
"""

from __future__ import annotations

from typing import Final

from ..limits import BLOCK_LEN_MAX
from .errors import ProtocolError

# Beside a block, its request has what validators voted: some 200 bytes for each of them.
MESSAGE_LEN_MAX: Final = BLOCK_LEN_MAX + 4 * 1024 * 1024
_CONTINUES: Final = 0x80


def framed(message: bytes) -> bytes:
    """The message, after its length.

    >>> framed(b"x" * 200)[:2].hex()
    'c801'
    """
    length = len(message)
    prefix = bytearray()
    while length >= _CONTINUES:
        prefix.append(length & 0x7F | _CONTINUES)
        length >>= 7
    prefix.append(length)
    return bytes(prefix) + message


class FrameBuffer:
    """Bytes as they come in, out of which whole messages are taken.

    Holds one unfinished message at most, beside what came with its last chunk.
    """

    def __init__(self, message_len_max: int = MESSAGE_LEN_MAX) -> None:
        self._len_max = message_len_max
        self._prefix_len_max = (message_len_max.bit_length() + 6) // 7
        self._bytes = bytearray()

    def feed(self, chunk: bytes) -> None:
        self._bytes += chunk

    @property
    def empty(self) -> bool:
        return not self._bytes

    def take(self, count: int) -> list[bytes]:
        """Up to `count` whole messages. Raises ProtocolError if what comes next cannot be one;
        messages before it are given first."""
        taken: list[bytes] = []
        start = 0
        try:
            while len(taken) < count and (found := self._next(start)) is not None:
                begin, start = found
                taken.append(bytes(self._bytes[begin:start]))
        except ProtocolError:
            if not taken:
                raise
        del self._bytes[:start]
        return taken

    def _next(self, start: int) -> tuple[int, int] | None:
        """Where the message begins and ends whose length is at `start`, if it is there whole."""
        length = 0
        for index, byte in enumerate(self._bytes[start : start + self._prefix_len_max]):
            length |= (byte & 0x7F) << 7 * index
            if byte < _CONTINUES:
                if byte == 0 and index:
                    raise ProtocolError("length", "a length is not in its shortest form")
                if length > self._len_max:
                    raise self._too_long(f"{length:,}")
                begin = start + index + 1
                return (begin, begin + length) if begin + length <= len(self._bytes) else None
        if len(self._bytes) - start >= self._prefix_len_max:
            raise self._too_long(f"2^{7 * self._prefix_len_max} and more")
        return None

    def _too_long(self, length: str) -> ProtocolError:
        return ProtocolError(
            "too long", f"a message of {length} bytes; {self._len_max:,} are accepted"
        )
