r"""The journal of a survey: the rows of each file that is done, so that a survey can go on.

One JSON value a line: what the file is, then entries. An entry counts for a file that has the same
absolute path, size and time of change, surveyed in the same way by the same version of sealane; a
file is not read to know that.
Guarantees: an entry is in the file when `add` returns, whatever happens to the process; a last line
that was cut short is dropped; two surveys never write to one journal. Does not: sync to the disk.
Files with an error are not written, since trying again may help.
"""

from __future__ import annotations

import fcntl
import json
import os
import stat
from collections.abc import Sequence
from types import TracebackType
from typing import Any, BinaryIO, Final, NamedTuple, Self

from ...primitives import InputError
from ...primitives.version import find_version
from .row import Figures, Row

FORMAT: Final = 2
_HEAD: Final = "sealane_survey"
_HEAD_LINE: Final = json.dumps({_HEAD: FORMAT}).encode() + b"\n"
_LEN_MAX: Final = 1 << 30  # some 500,000 rows


_Known = list[tuple[str | None, Figures]]  # by case


class FileIdentity(NamedTuple):
    """What tells whether a file is still the one that was read. `path` is absolute."""

    path: str
    size: int
    changed_ns: int

    @classmethod
    def of(cls, file: str) -> FileIdentity | None:
        """As the file is now; None for what is no regular file, or not there."""
        try:
            found = os.stat(file)
        except (OSError, ValueError):
            return None
        if not stat.S_ISREG(found.st_mode):
            return None
        return cls(os.path.abspath(file), found.st_size, found.st_mtime_ns)


class Journal:
    """Open for one survey, with these options; a context manager.

    `options` is what makes rows differ, in words. Raises InputError for a file that cannot be
    written, that is no journal or one of another version, and that another survey has open.
    """

    def __init__(self, path: str, options: Sequence[str] = ()) -> None:
        self._path = path
        self._surveyed = [find_version(), *options]
        self._rows: dict[FileIdentity, _Known] = {}
        self._file = _opened(path)
        try:
            self._lock()
            self._read()
        except BaseException:
            self._file.close()
            raise

    def rows(self, file: str, identity: FileIdentity | None) -> list[Row] | None:
        """The rows of a file that was done before, if it has not changed since."""
        known = None if identity is None else self._rows.get(identity)
        return None if known is None else [Row(file, figures, case=case) for case, figures in known]

    def add(self, file: FileIdentity | None, rows: Sequence[Row]) -> None:
        """Write the figures of a file's rows down. `file` is what it was before it was read."""
        known = [(row.case, row.figures) for row in rows if row.figures is not None]
        if file is None or len(known) < len(rows):
            return
        entry = {
            "file": list(file),
            "surveyed": self._surveyed,
            "blocks": [{"case": case, "figures": each.to_dict()} for case, each in known],
        }
        line = json.dumps(entry, separators=(",", ":")).encode() + b"\n"
        try:
            self._file.write(line)  # unbuffered: at once, and in one piece
        except OSError as error:
            raise self._refusal(f"cannot be written: {error.strerror}") from error
        self._rows[file] = known

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _lock(self) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise self._refusal(
                "another survey is writing to this journal; wait for it, or name another"
            ) from error

    def _read(self) -> None:
        if os.fstat(self._file.fileno()).st_size > _LEN_MAX:
            raise self._refusal(f"a journal has {_LEN_MAX:,} bytes at most; name a new one")
        head, *lines = self._file.read().split(b"\n")
        self._check_head(head, complete=bool(lines))
        if not lines:
            self._cut(0)
            self._file.write(_HEAD_LINE)
            return
        torn = lines.pop()  # empty if the last line is whole
        if torn:
            self._cut(len(head) + 1 + sum(len(line) + 1 for line in lines))
        for number, line in enumerate(lines, 2):
            self._take(line, number)

    def _check_head(self, head: bytes, *, complete: bool) -> None:
        if not complete:
            if not _HEAD_LINE.startswith(head):
                raise self._refusal("no journal of a survey; name another file", line=1)
            return
        try:
            found: Any = json.loads(head)
            version: Any = found[_HEAD]
        except (ValueError, TypeError, KeyError, RecursionError):
            raise self._refusal("no journal of a survey; name another file", line=1) from None
        if version != FORMAT:
            raise self._refusal(
                f"a journal of format {version!r}, and this sealane writes format {FORMAT}; name "
                "another file, or go on with the sealane that wrote it",
                line=1,
            )

    def _take(self, line: bytes, number: int) -> None:
        try:
            entry: Any = json.loads(line)
            path, size, changed_ns = entry["file"]
            if entry["surveyed"] == self._surveyed:
                self._rows[FileIdentity(path, size, changed_ns)] = [
                    (block["case"], Figures.from_dict(block["figures"]))
                    for block in entry["blocks"]
                ]
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise self._refusal(
                "no row of a survey; remove this damaged line, or name another file",
                line=number,
            ) from None

    def _cut(self, length: int) -> None:
        """Drop everything from `length` on: it was cut short when the last survey was killed."""
        os.ftruncate(self._file.fileno(), length)
        self._file.seek(length)

    def _refusal(self, message: str, line: int | None = None) -> InputError:
        return InputError(message, path=self._path, line=line)


def _opened(path: str) -> BinaryIO:
    """The file, for reading and appending; made if it is not there."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NONBLOCK | os.O_CLOEXEC, 0o666)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(f"cannot be opened: {reason}; name another journal", path=path) from error
    file = open(descriptor, "r+b", buffering=0)  # noqa: SIM115 - the journal's, until it is closed
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        file.close()
        raise InputError("no regular file; name one, or a new one", path=path)
    return file
