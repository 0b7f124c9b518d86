"""Files of runs: written by `--save`, read by `--compare`.

Guarantees: an invalid file and a path that cannot be written are both detected before anything is
measured, which takes minutes.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

import orjson

from ..primitives import InputError
from .measure.outcome import FORMAT_VERSION, BenchRun, Figure

_FILE_LEN_MAX: Final = 64 << 20

# For one scenario: by side and divisor; None for the side's own figure.
Figures = dict[tuple[str, str | None], Figure]


@dataclass(frozen=True, slots=True)
class EarlierRun:
    """An earlier run: `figures` by scenario, measured on the processor `cpu`."""

    path: str
    quick: bool
    cpu: str
    figures: dict[str, Figures]

    def require_sizes(self, *, quick: bool) -> None:
        """Raise InputError if the run used other sizes."""
        if self.quick == quick:
            return
        has, advice = ("has", "add it") if self.quick else ("has not", "leave it out")
        message = f"a run that {has} the sizes of --quick: {advice}, or name another run"
        raise InputError(message, path=self.path)


def read_run(path: str) -> EarlierRun:
    """Read an earlier run. Raises InputError for a damaged or different file."""
    document = _document(path)
    try:
        return EarlierRun(
            path,
            _flag(document["quick"]),
            str(document["machine"]["cpu"]),
            {str(each["name"]): _figures(each) for each in document["scenarios"]},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        what = f"damaged, by what is missing or odd in it: {error!r}; name another run"
        raise InputError(what, path=path) from error


def _document(path: str) -> dict[str, Any]:
    file = Path(path)
    try:
        if not file.is_file():
            what = "no file of this name; give what `sealane bench --json` wrote"
            raise InputError(what, path=path)
        if file.stat().st_size > _FILE_LEN_MAX:
            raise InputError("too large to be what `sealane bench --json` wrote", path=path)
        document: Any = orjson.loads(file.read_bytes())
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", path=path) from error
    except orjson.JSONDecodeError as error:
        raise InputError(f"not valid JSON: {error.msg}", path=path, line=error.lineno) from None
    if not isinstance(document, dict) or document.get("sealane_bench") != FORMAT_VERSION:  # pyright: ignore[reportUnknownMemberType] - a JSON document
        raise InputError(
            f"no run of version {FORMAT_VERSION}; give what `sealane bench --json` wrote",
            path=path,
        )
    return cast("dict[str, Any]", document)


def _figures(scenario: dict[str, Any]) -> Figures:
    sides = {(each["name"], None): _figure(each["figure"]) for each in scenario["sides"]}
    ratios = {
        (each["side"], each["against"]): _figure(each["figure"]) for each in scenario["ratios"]
    }
    return {**sides, **ratios}


def _figure(found: dict[str, Any]) -> Figure:
    return Figure(*(float(found[name]) for name in ("median", "min", "max")))


def _flag(found: object) -> bool:
    if not isinstance(found, bool):
        raise TypeError(f"'quick' is {found!r}")
    return found


def require_writable(path: str) -> None:
    """Raise InputError if `write_run` would certainly fail. Writes nothing."""
    folder = os.path.dirname(path) or os.curdir
    target = path if os.path.exists(path) else folder
    if os.path.isdir(path):
        why = "it is a folder; name a file"
    elif not os.path.isdir(folder):
        why = f"there is no folder {folder}"
    elif not os.access(target, os.W_OK):
        why = f"{target} is read-only for you"
    else:
        return
    raise InputError(f"cannot be written: {why}", path=path)


def write_run(path: str, run: BenchRun) -> None:
    """Write a run's document for `read_run`. Raises InputError."""
    try:
        Path(path).write_bytes(orjson.dumps(run.document(), option=orjson.OPT_APPEND_NEWLINE))
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", path=path) from error
