"""Writes the package's log to stderr, one record a line: as escaped text, or as a JSON object.

info: runtime: block 12 committed: 200 transactions, 3 failed; …
{"time": "2026-03-01T12:00:00.000Z", "level": "info", "logger": "runtime", "message": "block 12 …",
 "height": 12, "transactions": 200, "failed": 3, "seconds": 0.012}

Guarantees: as JSON, all that a command says on stderr is, its last error too, and pure ASCII. Does
not: log accounts' contents, keys or transactions; no record has them.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Final

from .stderr import say, write_as

_ROOT: Final = logging.getLogger(__name__.partition(".")[0])
_COMMAND: Final = "cli"
# What every record has; what else one has are fields, passed as `extra`.
_USUAL: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class _Lines(logging.Handler):
    """`info: runtime.workers: worker 1 started, process 4121`."""

    def emit(self, record: logging.LogRecord) -> None:
        room = record.name.partition(".")[2]
        say(f"{record.levelname.lower()}: {room}: {record.getMessage()}")


class _Objects(logging.Handler):
    """Each record as a JSON object, with its fields."""

    def emit(self, record: logging.LogRecord) -> None:
        fields = {name: value for name, value in vars(record).items() if name not in _USUAL}
        if record.exc_info:
            fields["exception"] = logging.Formatter().formatException(record.exc_info)
        room = record.name.partition(".")[2]
        line = _object(record.created, record.levelname.lower(), room, record.getMessage(), fields)
        print(line, file=sys.stderr, flush=True)


def begin(*, everything: bool, as_json: bool = False) -> None:
    """Start showing log records, from INFO on, or with `everything` from DEBUG on."""
    _ROOT.setLevel(logging.DEBUG if everything else logging.INFO)
    _ROOT.addHandler(_OBJECTS if as_json else _LINES)
    write_as(_of_command if as_json else None)


def end() -> None:
    """Stop showing log records."""
    _ROOT.removeHandler(_LINES)
    _ROOT.removeHandler(_OBJECTS)
    _ROOT.setLevel(logging.NOTSET)
    write_as(None)


def _of_command(level: str, message: str) -> str:
    """A line that the command itself says."""
    return _object(datetime.now(UTC).timestamp(), level, _COMMAND, message, {})


def _object(time_s: float, level: str, logger: str, message: str, fields: dict[str, object]) -> str:
    time = datetime.fromtimestamp(time_s, UTC).isoformat(timespec="milliseconds")
    always = {
        "time": time.removesuffix("+00:00") + "Z",
        "level": level,
        "logger": logger,
        "message": message,
    }
    return json.dumps(always | {k: v for k, v in fields.items() if k not in always}, default=str)


_LINES: Final = _Lines()
_OBJECTS: Final = _Objects()
