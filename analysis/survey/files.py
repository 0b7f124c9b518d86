"""The files of a survey: a folder stands for the files in it that may hold blocks."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Final

# Elsewhere the content of a file says what it is; but a folder also has files that nobody named.
ENDINGS: Final = (".json", ".jsonl", ".ndjson", ".yaml", ".yml", ".rlp", ".hex", ".gz")


def files_to_survey(given: Iterable[str]) -> Iterator[str]:
    """The files in the order given; those of a folder by name, not those of folders in it.

    A folder that has none stands for itself, so that it gets a row which says so.
    """
    for path in given:
        yield from _in_folder(path) if os.path.isdir(path) else [path]


def _in_folder(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            names = sorted(entry.name for entry in entries if _may_be_block(entry))
    except OSError:
        names = []  # to read it will say why
    return [os.path.join(folder, name) for name in names] or [folder]


def _may_be_block(entry: os.DirEntry[str]) -> bool:
    return not entry.name.startswith(".") and entry.name.endswith(ENDINGS) and entry.is_file()
