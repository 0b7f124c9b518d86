"""Files that the caller of `sealane.load` has opened, read as bytes whatever their mode.

Guarantees: text becomes UTF-8; whatever else is wrong with the file is an InputError or UsageError.
Does not: close the file.
"""

from __future__ import annotations

import io
from typing import IO

from ...primitives import InputError, UsageError


class GivenFile:
    """An object with `read(size)`, over one whose `read` returns bytes or text."""

    def __init__(self, file: IO[bytes] | IO[str], path: str) -> None:
        self._file = file
        self._path = path
        self._left = b""  # text takes more bytes than characters

    def read(self, size: int, /) -> bytes:
        raw = self._left or self._raw(size)
        self._left = raw[size:]
        return raw[:size]

    def _raw(self, size: int) -> bytes:
        chunk = self._chunk(size)
        if isinstance(chunk, str):
            # Invalid Unicode is refused later, when the text is checked.
            return chunk.encode("utf-8", "surrogatepass")
        if isinstance(chunk, bytes | bytearray):
            return bytes(chunk)
        kind = "nothing to read now" if chunk is None else "neither bytes nor text"
        raise self._refusal(f"gives {kind}")

    def _chunk(self, size: int) -> object:
        try:
            return self._file.read(size)
        except UnicodeDecodeError as error:
            raise InputError(
                f"the file is not text in the encoding it was opened with ({error}); open it in "
                "binary mode, and save it as UTF-8",
                path=self._path,
            ) from error
        except io.UnsupportedOperation as error:
            raise self._refusal("is not open for reading") from error
        except ValueError as error:  # closed or detached
            raise self._refusal(f"cannot be read ({error})") from error
        except (TypeError, AttributeError) as error:
            raise self._refusal(f"has no read(size) of a file ({error})") from error

    def _refusal(self, what: str) -> UsageError:
        return UsageError(
            f"{self._path}: this {type(self._file).__name__} {what}; give a file that is open for "
            "reading, or its path"
        )
