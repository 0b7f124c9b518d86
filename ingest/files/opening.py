"""Opens an input for reading: a regular file, `-` for standard input, bytes, or an open file. gzip
is unpacked.

Guarantees: only regular files are opened, and never blocking (a FIFO or `/dev/zero` is refused);
the size limit applies before anything is read and also to unpacked data, which stops zip bombs.
Every failure is an InputError with the path. Does not: interpret the contents, except for gzip's
magic bytes.
"""

from __future__ import annotations

import io
import os
import stat
import sys
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Final, Protocol, TypeAlias

from ...primitives import InputError, UsageError
from .given_file import GivenFile

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

STDIN: Final = "-"  # by convention; a file of that name is ./-
Source: TypeAlias = "str | os.PathLike[str] | bytes | bytearray | memoryview | IO[bytes] | IO[str]"
_GZIP: Final = b"\x1f\x8b"
_CHUNK_LEN: Final = 1 << 18

_KINDS: Final = (
    (stat.S_ISDIR, "a folder; name a file in it"),
    (stat.S_ISFIFO, "a FIFO, not a regular file; pipe it in and name -"),
    (stat.S_ISCHR, "a device, not a regular file; save what it gives to a file first"),
    (stat.S_ISBLK, "a device, not a regular file; save what it gives to a file first"),
    (stat.S_ISSOCK, "a socket, not a regular file; save what it gives to a file first"),
)


def source_name(source: Source) -> str:
    """The name of a source in messages: its path, the name of an open file, or `<bytes>`.

    Raises UsageError for a value of any other type.
    """
    if isinstance(source, (bytes, bytearray, memoryview)):
        return "<bytes>"
    try:
        if isinstance(source, (str, os.PathLike)):
            return os.fsdecode(source)
        name: object = getattr(source, "name", None)
    except TypeError as error:
        raise UsageError(f"this {type(source).__name__} is no path ({error}); give text") from error
    except ValueError:  # a detached file
        name = None
    if not hasattr(source, "read"):
        kind = type(source).__name__
        raise UsageError(f"a path, bytes or an open file can be read, not {kind}")
    return os.fsdecode(name) if isinstance(name, str | bytes) else "<file>"


@contextmanager
def open_input(source: Source, *, len_max: int) -> Generator[io.BufferedReader]:
    """Open a source of at most `len_max` bytes after unpacking. A file given open stays open.

    A str is a path; content is passed as bytes, or as a file open in binary or text mode.
    """
    path = source_name(source)
    try:
        with _opened(source, path, len_max) as stream:
            unpacked = _Unpacked(stream, path) if _is_packed(stream) else stream
            yield io.BufferedReader(_Capped(unpacked, path, len_max), _CHUNK_LEN)
    except OSError as error:
        raise _unopenable(path, error) from error


def put_back(head: bytes, stream: _Source) -> io.BufferedReader:
    """A stream of `head` followed by the rest of `stream`."""
    return io.BufferedReader(_Chained(head, stream), _CHUNK_LEN)


def _is_packed(stream: io.BufferedReader) -> bool:
    return stream.peek(len(_GZIP))[: len(_GZIP)] == _GZIP


@contextmanager
def _opened(source: Source, path: str, len_max: int) -> Generator[io.BufferedReader]:
    if isinstance(source, (bytes, bytearray, memoryview)):
        yield io.BufferedReader(io.BytesIO(_contiguous(source)))
        return
    if not isinstance(source, (str, os.PathLike)):
        yield put_back(b"", GivenFile(source, path))
        return
    if path == STDIN:
        if sys.stdin is None:  # pyright: ignore[reportUnnecessaryComparison] - closed by the shell
            raise InputError("standard input is closed; name a file", path=path)
        yield put_back(b"", sys.stdin.buffer)
        return
    _check_kind(_status(path), path, len_max)
    with open(path, "rb", opener=_open_at_once) as stream:
        _check_kind(os.fstat(stream.fileno()), path, len_max)
        yield stream


def _contiguous(content: bytes | bytearray | memoryview) -> bytes | bytearray | memoryview:
    """The content in one piece. Raises UsageError for a memoryview that was released."""
    try:
        if isinstance(content, memoryview) and not content.c_contiguous:
            return content.tobytes()
    except ValueError as error:
        raise UsageError(f"this memoryview cannot be read ({error}); give the bytes") from error
    return content


class _Source(Protocol):
    """An object with `read(size)`: at most `size` bytes, empty at the end."""

    def read(self, size: int, /) -> bytes: ...


class _Raw(io.RawIOBase):
    """A raw stream over an object with `read`."""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        room = memoryview(buffer)
        chunk = self._next(len(room))
        room[: len(chunk)] = chunk
        return len(chunk)

    def _next(self, size: int) -> bytes:
        raise NotImplementedError


class _Capped(_Raw):
    """Refuses to return more than a given number of bytes.

    Needed because files under /proc report size 0, and packed ones not their unpacked size.
    """

    def __init__(self, source: _Source, path: str, len_max: int) -> None:
        self._source = source
        self._path = path
        self._len_max = len_max
        self._len = 0

    def _next(self, size: int) -> bytes:
        chunk = self._source.read(min(size, self._len_max + 1 - self._len))
        self._len += len(chunk)
        check_len(self._len, self._path, self._len_max)
        return chunk


class _Unpacked:
    """Unpacks gzip; corrupt data raises InputError."""

    def __init__(self, stream: io.BufferedReader, path: str) -> None:
        from gzip import (
            GzipFile,
        )  # imported here: few files are packed, and it would slow down every command's start

        self._stream = GzipFile(fileobj=stream)
        self._path = path

    def read(self, size: int, /) -> bytes:
        try:
            return self._stream.read(size)
        except (EOFError, zlib.error, OSError) as error:
            raise InputError(
                "the gzip data is damaged or cut short; copy the file again", path=self._path
            ) from error


class _Chained(_Raw):
    """Some bytes, followed by a stream."""

    def __init__(self, head: bytes, stream: _Source) -> None:
        self._head = memoryview(head)
        self._stream = stream

    def _next(self, size: int) -> bytes:
        if not self._head:
            return self._stream.read(size)
        chunk, self._head = self._head[:size], self._head[size:]
        return bytes(chunk)


def _status(path: str) -> os.stat_result:
    try:
        return os.stat(path)
    except ValueError as error:  # a NUL byte in the path
        raise _unopenable(path, error) from error


def _open_at_once(path: str, flags: int) -> int:
    # If the path has become a FIFO since the check, opening must not wait for a writer.
    return os.open(path, flags | os.O_NONBLOCK)


def check_len(length: int, path: str, len_max: int) -> None:
    """Raise InputError for a file that is too large for its format."""
    if length > len_max:
        raise InputError(
            f"the file has {length:,} bytes, and {len_max:,} at most are read in this format; "
            "split it, or write it as JSONL, one transaction a line",
            path=path,
        )


def _check_kind(status: os.stat_result, path: str, len_max: int) -> None:
    if not stat.S_ISREG(status.st_mode):
        kind = next(
            (text for is_kind, text in _KINDS if is_kind(status.st_mode)), "no regular file"
        )
        raise InputError(f"this is {kind}", path=path)
    check_len(status.st_size, path, len_max)


def _unopenable(path: str, error: OSError | ValueError) -> InputError:
    if isinstance(error, FileNotFoundError):
        return InputError("no such file; check the path", path=path)
    if isinstance(error, PermissionError):
        return InputError("the file may not be read; check its permissions", path=path)
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return InputError(f"the file cannot be read ({reason}); check the path", path=path)
